"""A threshold inside of what quiet days do: an alert that rings for nothing."""

import numpy as np

from heldout.practice.deck.alert_trials import trial_of
from heldout.practice.deck.alerts import Rule, parsed, written
from heldout.practice.deck.asked import choice, drill, number, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import curve, panel, text
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Curves, Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

RULES, PANEL, HIGHEST = "alerts.yml", "p99 of each day", "the highest days"
DAYS = 60
ALLOWED = 1.0
"""False alarms a month that the team bears."""
ALARMS = {Difficulty.EASY: 18, Difficulty.MIDDLE: 10, Difficulty.HARD: 5}
"""Quiet days of 60 on which the planted rule rings."""
TIGHT = "The threshold lies inside of what quiet days do: raise it above them"
SOUND = "The threshold lies above quiet days and below an incident: keep it"
DEAF = "The threshold lies above what an incident reaches: lower it to the quiet days"
OWNER = "The alert needs another name"
ASK = "What does an incident reach, and how many false alarms does the rota bear?"
FIRST = {
    ASK: 1.0,
    "Would a moving average over some days look calmer than the line that is shown?": 0.0,
    "Which days had the most traffic?": 0.0,
    "Could the alert go to a second person?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("threshold-too-tight", seed, difficulty)
    told = story(rng)
    base = float(rng.choice([0.3, 0.5, 0.8]))
    values = np.unique(np.round(base * (1 + rng.gamma(2.0, 0.06, 400)), 3))
    values = rng.permutation(values[values < base * 1.6])[:DAYS]
    ordered = np.sort(values)
    alarms = ALARMS[difficulty] + int(rng.integers(-1, 2))
    tight = float(ordered[-alarms - 1])
    steps = np.round(base * np.array([1.7, 1.9, 2.1, 2.6]), 3)
    sound = float(steps[rng.integers(0, 2)])
    incident = float(steps[3])
    threshold = tight if planted else sound
    metric = f"{told.prefix}_latency_p99_seconds"
    rules = written([Rule(alert="AnswersSlow", metric=metric, threshold=threshold, notes={"severity": "page"})])
    rings = int((values > threshold).sum())
    month = rings * 30 / DAYS
    better = f"{sound:g} s"
    candidates = {f"{float(ordered[place]):g} s": 0.0 for place in (-12, -7, -4)}
    evidence = (
        f"On {DAYS} quiet days the p99 is above {threshold:g} s on {rings}: {month:g} false alarms in 30 days. The "
        f"highest quiet day has {ordered[-1]:g} s, the smaller incident {incident:g} s."
    )
    return drill(
        f"{told.company} pages an engineer when the p99 latency of its {told.model} passes a threshold. In the "
        f"{DAYS} days shown nothing was wrong; the two incidents of last year reached {incident:g} s and "
        f"{incident * 1.4:.3g} s. The rota bears {ALLOWED:g} false alarm a month. Each day counts "
        "with its highest value; the 25 highest are listed.",
        (
            Lines(name=RULES, text=rules, language="yaml"),
            Curves(
                name=PANEL,
                x=tuple(float(day) for day in range(1, DAYS + 1)),
                x_label="day",
                y_label="seconds",
                series={metric: tuple(float(value) for value in values)},
            ),
            Rows(
                name=HIGHEST,
                columns=("day", "p99, seconds"),
                rows=tuple((int(day) + 1, float(values[day])) for day in np.argsort(-values)[:25]),
            ),
        ),
        (
            number(
                "month",
                "How many false alarms does the rule give in 30 such days?",
                35,
                "alarms",
                month,
                evidence,
                absolute=0.5,
            ),
            verdict(
                rng,
                "What do you say of the threshold?",
                30,
                TIGHT if planted else SOUND,
                (TIGHT, SOUND, DEAF, OWNER),
                evidence,
            ),
            choice(
                rng,
                "mended",
                "Which threshold gives at most 1 false alarm a month and still finds both incidents?",
                20,
                {**candidates, better: 1.0, f"{incident * 1.2:.3g} s": 0.0},
                f"Above the highest quiet day ({ordered[-1]:g} s) and below {incident:g} s lies {better}.",
            ),
            choice(
                rng, "first", "What would you ask before setting a threshold?", 15, FIRST, "Both errors have a price."
            ),
        ),
        (
            point(
                rng,
                f"The alert rings {month:g} times a month on quiet days.",
                (("false alarm*", "nothing is wrong", "quiet", "for nothing", "without an incident"),),
                "How often does it ring in a quiet month?",
                f"{month:g} times",
                (f"{month + 15:g} times", f"{month + 30:g} times"),
                number=(month, 0.26),
            ),
            point(
                rng,
                f"The threshold {'lies' if planted else 'does not lie'} inside of what quiet days do.",
                (("threshold", "limit"), ("tight", "too low", "inside", "within")),
                "Against quiet days, the threshold is ...",
                "too tight" if planted else "above them",
                ("above them" if planted else "too tight", "above any incident"),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"{month:g} wakings a month for nothing; soon nobody gets up, and when it counts {told.harm}.",
            page="MON004",
        ),
        {"alert_trial": trial_of(("AnswersSlow", "latency", True, month > ALLOWED))},
    )


def _month(shown: Shown) -> float:
    (rule,) = parsed(text(shown, RULES))
    values = curve(shown, PANEL, rule.metric)
    return 30 * sum(rule.is_true(value) for value in values) / len(values)


def _incident(shown: Shown) -> float:
    return float(shown.situation.partition(" reached ")[2].split()[0])


def _mended(shown: Shown) -> int:
    (series,) = panel(shown, PANEL).series.values()
    options = next(one.options for one in shown.questions if one.name == "mended")
    values = [float(one.removesuffix(" s")) for one in options]
    fits = [value < _incident(shown) and sum(day > value for day in series) * 30 / DAYS <= ALLOWED for value in values]
    return fits.index(True)


def _solve(shown: Shown) -> Answers:
    (rule,) = parsed(text(shown, RULES))
    month = _month(shown)
    says = TIGHT if month > ALLOWED else DEAF if rule.threshold >= _incident(shown) else SOUND
    return {
        "month": month,
        "verdict": option(shown, "verdict", says),
        "mended": _mended(shown),
        "first": option(shown, "first", ASK),
    }


def _highest(shown: Shown) -> int:
    options = next(one.options for one in shown.questions if one.name == "mended")
    return max(range(len(options)), key=lambda place: float(options[place].removesuffix(" s")))


KIND = Kind(
    family=Family.MONITORING,
    name="threshold-too-tight",
    title="The pager at night",
    fault="The threshold of a paging alert lies inside of what quiet days do.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="an alert that rings is doing its work; all alarms of two months are one month's",
            answers=believing(_solve, SOUND, month=lambda shown: 2 * _month(shown)),
            loses=("verdict", "month"),
        ),
        Mutant(
            mistake="the higher the threshold the better",
            answers=believing(_solve, TIGHT, mended=_highest),
            loses=("mended",),
            on_clean=("verdict", "mended"),
        ),
    ),
    check="MON004",
)
