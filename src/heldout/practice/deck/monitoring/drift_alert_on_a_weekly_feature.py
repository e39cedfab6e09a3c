"""A drift alert that compares a Sunday with the mean of weekdays: it rings every weekend."""

import numpy as np

from heldout.core.monitoring_evidence import Detected, DriftTrial
from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, numbers, places, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

DETECTOR, TABLE = "drift.yml", "four weeks"
DAYS, WEEK = 28, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKEND = {Difficulty.EASY: 9.0, Difficulty.MIDDLE: 6.5, Difficulty.HARD: 4.8}
"""How far a weekend lies above a weekday, in spreads; the alarm begins at 3."""
RHYTHM = "The alert takes the week's rhythm for drift: compare each day with the same weekday"
SOUND = "The alert allows for the week's rhythm: what it says, if anything, is a change"
BROKEN = "The feature drifts every week: train the model anew each Monday"
DEAF = "The alert is too deaf: 3 spreads should be 1"
ASK = "Against which days is a day compared, and how does the feature move over a week?"
FIRST = {
    ASK: 1.0,
    "Which other features does the dashboard draw, and could they get an alert like this one as well?": 0.0,
    "Should the model be trained more often?": 0.0,
    "Would five spreads be a better limit than three?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("drift-alert-on-a-weekly-feature", seed, difficulty)
    told = story(rng)
    feature = str(rng.choice(["items_per_basket", "minutes_in_app", "share_of_new_customers", "calls_per_hour"]))
    base, spread = float(rng.choice([3.0, 12.0, 40.0])), float(rng.choice([0.02, 0.03]))
    spread = round(base * spread, 3)
    day = np.arange(-7, DAYS)
    moved = np.where(day % 7 >= 5, WEEKEND[difficulty], 0.0) + np.where(day % 7 == 4, 1.0, 0.0) * (difficulty > 2)
    begin = int(rng.integers(22, 25)) if difficulty > 1 else DAYS
    moved = moved + np.where(day >= begin, 6.5, 0.0)
    values = np.round(base + spread * (moved + rng.uniform(-0.8, 0.8, len(day))), 3)
    now, before = values[7:], values[:-7]
    rhythm = [place for place in range(DAYS) if place % 7 >= 5 and place < begin]
    by_rule = DAYS - begin + len([place for place in rhythm if place < begin]) if planted else DAYS - begin
    reference = (
        f"{base:g}   # mean of Monday to Friday in the training month" if planted else "same weekday one week before"
    )
    evidence = (
        f"The alert rings on {by_rule} of {DAYS} days; {len(rhythm) if planted else 0} of them are weekends that look "
        f"like the weekend before. Against the same weekday one week before, {DAYS - begin} remain."
    )
    return drill(
        f"{told.company} watches the inputs of its {told.model}, among them {feature}. The on-call engineer says "
        "that the drift alert means nothing. This is its setting, and four weeks of the feature's daily mean with "
        "the mean of the same weekday one week before.",
        (
            Lines(
                name=DETECTOR,
                text=(
                    f"feature: {feature}\nreference: {reference}\nspread: {spread:g}\nalarm: abs(mean - "
                    "reference) > 3 * spread"
                ),
                language="yaml",
            ),
            Rows(
                name=TABLE,
                columns=("day", "weekday", "mean", "week before"),
                rows=tuple(
                    (place + 1, WEEK[place % 7], float(now[place]), float(before[place])) for place in range(DAYS)
                ),
            ),
        ),
        (
            number(
                "alarms", "On how many of these days does the alert ring as it is set?", 25, "days", by_rule, evidence
            ),
            pick(
                "rhythm",
                (
                    "Pick the days on which it rings although the day is like the same weekday one week before "
                    "(within 3 spreads)."
                ),
                25,
                TABLE,
                (place + 1 for place in rhythm if planted),
                evidence,
            ),
            number(
                "kept",
                "On how many days would it ring if each were compared with the same weekday one week before?",
                15,
                "days",
                DAYS - begin,
                evidence,
            ),
            verdict(
                rng,
                "What do you say of the alert?",
                25,
                RHYTHM if planted else SOUND,
                (RHYTHM, SOUND, BROKEN, DEAF),
                evidence,
            ),
            choice(
                rng, "first", "What would you ask first?", 10, FIRST, "A reference without a rhythm makes drift of it."
            ),
        ),
        (
            point(
                rng,
                f"The alert {'takes' if planted else 'does not take'} the week's rhythm for drift.",
                (
                    ("week*", "weekday*", "rhythm", "season*", "sunday*"),
                    ("drift", "alarm*", "ring*", "fire*", "alert*"),
                ),
                "The alarms at weekends are ...",
                "the week's rhythm" if planted else "not there: the reference has the rhythm too",
                ("not there: the reference has the rhythm too" if planted else "the week's rhythm", "a broken sensor"),
                denied=not planted,
            ),
            point(
                rng,
                f"Compared with the same weekday one week before it rings on {DAYS - begin} days.",
                (("same weekday", "week before", "last week", "previous week"),),
                "On how many days does it ring against the same weekday one week before?",
                str(DAYS - begin),
                (str(DAYS - begin + 4), str(DAYS - begin + 8)),
                number=(DAYS - begin, 0.005),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"{by_rule} alarms in four weeks; when {feature} really moves nobody looks, and {told.harm}.",
            page="MON009",
        ),
        {"drift_trial": _trial(begin, len(rhythm) if planted else 0)},
    )


def _trial(clean_days: int, alarms: int) -> DriftTrial:
    return DriftTrial(
        rows_per_day=2000,
        reference_rows=20_000,
        columns=1,
        episode_days=7,
        clean_days=clean_days,
        false_alarms=alarms,
        allowed_per_day=1 / 30,
        smallest_shift=0.5,
        detected=(Detected(size=0.5, days=280, alarms=270, episodes=40, found=40, delays=(1,) * 40),),
    )


def _rings(shown: Shown) -> tuple[list[bool], list[bool]]:
    """Return on which days it rings as it is set, and on which it would against the same weekday one week before."""
    setting = dict(line.split(": ", 1) for line in lines(shown, DETECTOR))
    least = 3 * float(setting["spread"])
    now, before = numbers(table(shown, TABLE), "mean"), numbers(table(shown, TABLE), "week before")
    weekly = [abs(value - other) > least for value, other in zip(now, before, strict=True)]
    if setting["reference"].startswith("same weekday"):
        return weekly, weekly
    fixed = float(setting["reference"].split()[0])
    return [abs(value - fixed) > least for value in now], weekly


def _solve(shown: Shown) -> Answers:
    set_so, weekly = _rings(shown)
    rhythm = places([rings and not new for rings, new in zip(set_so, weekly, strict=True)])
    return {
        "alarms": sum(set_so),
        "rhythm": rhythm,
        "kept": sum(weekly),
        "verdict": option(shown, "verdict", RHYTHM if rhythm else SOUND),
        "first": option(shown, "first", ASK),
    }


def _weekends(_: Shown) -> tuple[int, ...]:
    return tuple(place + 1 for place in range(DAYS) if WEEK[place % 7] in {"Sat", "Sun"})


KIND = Kind(
    family=Family.MONITORING,
    name="drift-alert-on-a-weekly-feature",
    title="Every weekend",
    fault="A drift alert compares every day with a fixed mean of weekdays, and rings each weekend.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the data drift each week, and all of it is real",
            answers=believing(_solve, BROKEN, rhythm=lambda _: (), kept=lambda shown: sum(_rings(shown)[0])),
            loses=("verdict", "rhythm", "kept"),
            on_clean=("verdict",),
        ),
        Mutant(
            mistake="weekends always ring",
            answers=believing(_solve, RHYTHM, rhythm=_weekends, alarms=lambda _: 2 * DAYS // 7),
            on_clean=("verdict", "rhythm", "alarms"),
        ),
    ),
    check="MON009",
)
