"""A `for` that outlasts the promise: the alert fires, but late."""

import numpy as np

from heldout.practice.deck.alerts import Rule, parsed, starts, written
from heldout.practice.deck.asked import choice, drill, number, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import curve, text
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Curves, Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

RULES, PANEL, CLOSE = "alerts.yml", "two hours", "around its beginning"
MINUTES = tuple(float(minute) for minute in range(121))
LATE = {Difficulty.EASY: 30, Difficulty.MIDDLE: 15, Difficulty.HARD: 6}
"""By how many minutes the `for` of the planted rule outlasts the promise."""
SLOW = "It fires, but after the promise: the wait is too long"
SOUND = "It fires within the promise, and the blips don't wake anybody"
NEVER = "It never fires"
JUMPY = "It fires for the short blips too: the wait is too short"
ASK = "How soon does somebody have to know, and how long do harmless blips last?"
FIRST = {
    ASK: 1.0,
    "Which change caused the incident?": 0.0,
    "Would a higher threshold give fewer pages?": 0.0,
    "Could the rule be evaluated twice a minute?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("waits-too-long", seed, difficulty)
    told = story(rng)
    begin, blip = int(rng.integers(40, 56)), int(rng.integers(3, 6))
    promise = int(rng.choice([12, 15, 20]))
    threshold = float(rng.choice([0.02, 0.03, 0.05]))
    rate = int(rng.integers(20, 90)) * 10
    values = threshold * rng.uniform(0.1, 0.7, 121)
    for start in (int(rng.integers(4, 10)), int(rng.integers(20, 28))):
        values[start : start + blip + 1] = threshold * rng.uniform(1.2, 1.8, blip + 1)
    values[begin:] = threshold * rng.uniform(3.7, 4.3, 121 - begin)
    hold = promise + LATE[difficulty] if planted else int(rng.integers(blip + 2, promise - 1))
    fitting = (blip + promise + 1) // 2
    metric = f"{told.prefix}_error_ratio"
    rule = Rule(alert="ErrorsHigh", metric=metric, threshold=threshold, hold=hold, notes={"severity": "page"})
    series = tuple(round(float(value), 4) for value in values)
    fired = begin + hold
    lost = round(rate * sum(series[begin:fired]))
    evidence = (
        f"The errors pass {threshold:g} for good at minute {begin}, and the alert fires at minute {fired}, {hold} "
        f"minutes later; {promise} are promised. The longest blip lasts {blip} minutes."
    )
    return drill(
        f"{told.company} promises that an engineer knows within {promise} minutes when the {told.model} breaks. It "
        f"answers {rate} requests a minute. The rule is evaluated once a minute; the panel shows an incident, and "
        "two blips before it that went away by themselves.",
        (
            Lines(name=RULES, text=written([rule]), language="yaml"),
            Curves(name=PANEL, x=MINUTES, x_label="minute", y_label="share of requests", series={metric: series}),
            Rows(
                name=CLOSE,
                columns=("minute", "error ratio"),
                rows=tuple((minute, series[minute]) for minute in range(begin // 10 * 10 - 5, begin // 10 * 10 + 15)),
            ),
        ),
        (
            number("fires", "At which minute does the alert fire?", 25, "minute", fired, evidence, absolute=1),
            number(
                "lost",
                "How many requests failed from the incident's first minute until then (rate × ratio, summed)?",
                25,
                "requests",
                lost,
                f"{rate} a minute times the error ratios of minutes {begin} to {fired - 1}: {lost:,}.",
                relative=0.12,
            ),
            verdict(
                rng,
                "What do you say of the rule?",
                30,
                SLOW if planted else SOUND,
                (SLOW, SOUND, NEVER, JUMPY),
                evidence,
            ),
            choice(
                rng,
                "wait",
                "Which `for` keeps the promise and sleeps through the blips?",
                10,
                {"0m": 0.0, f"{blip - 1}m": 0.0, f"{fitting}m": 1.0, f"{promise + 5}m": 0.0, "60m": 0.0},
                f"Longer than {blip} minutes and shorter than {promise}: {fitting}m.",
            ),
            choice(rng, "first", "What would you ask first?", 10, FIRST, "A wait lies between these two times."),
        ),
        (
            point(
                rng,
                f"The alert fires {hold} minutes after the incident began.",
                (("fire*", "page*", "ring*", "alert*"), ("after", "later", "late", "delay*", "minutes")),
                "How long after its beginning does the alert fire?",
                f"{hold} minutes",
                (f"{hold + 25} minutes", "at once"),
                number=(hold, 1.5),
            ),
            point(
                rng,
                (
                    f"The page {'comes' if planted else 'does not come'} later than the {promise} minutes that are "
                    "promised."
                ),
                (("later than", "too late", "too long", "breaks the promise", "misses the promise", "late"),),
                "The promise is ...",
                "broken" if planted else "kept",
                ("kept" if planted else "broken", "not told by these data"),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence, price=f"{lost:,} failed {told.answers} before anybody knew; for each, {told.harm}."
        ),
    )


def _begin(shown: Shown) -> tuple[Rule, list[float], int, int]:
    """Return the rule, the series, the minute at which it is true for good, and the longest true stretch before."""
    (rule,) = parsed(text(shown, RULES))
    values = curve(shown, PANEL, rule.metric)
    begin = max(minute for minute, value in enumerate(values) if not rule.is_true(value)) + 1
    longest = run = 0
    for value in values[:begin]:
        run = run + 1 if rule.is_true(value) else 0
        longest = max(longest, run)
    return rule, values, begin, longest


def _rate(shown: Shown) -> float:
    return float(shown.situation.partition("answers ")[2].split()[0])


def _solve(shown: Shown) -> Answers:
    rule, values, begin, longest = _begin(shown)
    promise = float(shown.situation.partition(" within ")[2].split()[0])
    fired = int(starts(rule, MINUTES, values)[-1])
    is_jumpy, is_late = rule.hold < longest, fired - begin > promise
    options = next(one.options for one in shown.questions if one.name == "wait")
    waits = [float(one.removesuffix("m")) for one in options]
    return {
        "fires": fired,
        "lost": _rate(shown) * sum(values[begin:fired]),
        "verdict": option(shown, "verdict", JUMPY if is_jumpy else SLOW if is_late else SOUND),
        "wait": [longest <= wait < promise for wait in waits].index(True),
        "first": option(shown, "first", ASK),
    }


def _crossed(shown: Shown) -> int:
    rule, values, *_ = _begin(shown)
    return int(np.flatnonzero([rule.is_true(value) for value in values])[0])


KIND = Kind(
    family=Family.MONITORING,
    name="waits-too-long",
    title="When did you know?",
    fault="The `for` of an alert is longer than the time within which somebody has to know.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the alert fires at its first crossing",
            answers=believing(_solve, SOUND, fires=_crossed, wait=lambda shown: option(shown, "wait", "0m")),
            loses=("fires", "verdict", "wait"),
            on_clean=("fires", "wait"),
        ),
        Mutant(
            mistake="any wait is too long; requests fail at the full rate",
            answers=believing(_solve, SLOW, lost=lambda shown: _rate(shown) * _begin(shown)[0].hold),
            loses=("lost",),
            on_clean=("verdict", "lost"),
        ),
    ),
)
