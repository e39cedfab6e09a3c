"""A canary, its interval, and the hour that it has to be compared with."""

import math

from heldout.practice.deck.asked import choice, drill, number, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE = "answers"
CANARY, SAME_HOUR, ALL_DAY = "canary, 13 to 14 h", "stable, 13 to 14 h", "stable, yesterday, all day"
ABOVE = {Difficulty.EASY: 6.0, Difficulty.MIDDLE: 4.0, Difficulty.HARD: 2.9}
"""How many standard errors the planted canary lies above the stable version in the same hour."""
Z = 1.959964
BACK = "Roll back: the canary fails more often than the stable version in the same hour"
ON = "Go on: the canary fails at most as much more often as is allowed"
WAIT = "Wait: the interval leaves both open"
ASK = "Is the canary compared with the same hour and the same traffic?"
FIRST = {
    ASK: 1.0,
    "Does the canary answer faster than the stable version, at least in the median?": 0.0,
    "How often did earlier canaries go on?": 0.0,
    "Is the canary's share of the traffic a round number?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("canary-against-the-same-hour", seed, difficulty)
    told = story(rng)
    canary, stable = int(rng.integers(180, 260)) * 100, int(rng.integers(1800, 2400)) * 100
    day = stable * 20
    base = float(rng.uniform(0.008, 0.012))
    failed = round(stable * base)
    error = math.sqrt(base * (1 - base) * (1 / canary + 1 / stable))
    up = ABOVE[difficulty] if planted else rng.uniform(0.2, 0.6)
    rate = failed / stable
    hits = round(canary * (rate + up * error))
    whole_day = (hits / canary + (1.5 if planted else -2.5) * error) * rng.uniform(0.99, 1.01)
    allowed = 100 * round((up + 3.4) * error, 4) if not planted else 100 * round(4.0 * error, 4)
    difference, low, high = _interval(hits, canary, failed, stable)
    back = low > 0
    evidence = (
        f"The canary fails on {hits / canary:.2%}, the stable version in the same hour on {rate:.2%}: "
        f"{difference:+.3f} percentage points, 95 % interval {low:+.3f} to {high:+.3f}; {allowed:.2f} are allowed."
    )
    return drill(
        f"{told.company} sends a tenth of the requests to a canary of its {told.model} for one hour. The rule was "
        "written down before: roll back if the 95 % interval of the difference in the share of failed answers "
        f"lies above 0; go on if it lies below +{allowed:.2f} percentage points and reaches 0; else wait for more "
        "requests.",
        (
            Rows(
                name=TABLE,
                columns=("version", "answers", "failed"),
                rows=((CANARY, canary, hits), (SAME_HOUR, stable, failed), (ALL_DAY, day, round(day * whole_day))),
            ),
        ),
        (
            number(
                "difference",
                "By how many percentage points does the canary fail more often than what it has to be compared with?",
                25,
                "percentage points",
                difference,
                evidence,
                absolute=0.004,
            ),
            number(
                "low",
                "What is the lower end of the 95 % interval of this difference?",
                25,
                "percentage points",
                low,
                "The difference less 1.96 √(p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂).",
                absolute=0.012,
            ),
            verdict(rng, "What does the rule say?", 40, BACK if back else ON, (BACK, ON, WAIT), evidence),
            choice(rng, "first", "What would you ask first?", 10, FIRST, "Hours differ more than versions do."),
        ),
        (
            point(
                rng,
                f"Against the same hour the difference is {difference:.2f}.",
                (("same hour", "13 to 14", "same time", "simultaneous*", "concurrent*"),),
                "What is the canary compared with?",
                "the stable version in the same hour",
                ("the stable version of the day before", "the canary an hour before"),
                number=(abs(difference), 0.01),
            ),
            point(
                rng,
                f"The interval {'lies' if back else 'does not lie'} above 0.",
                (
                    ("interval", "lower end", "lower bound"),
                    ("above 0", "above zero", "excludes 0", "excludes zero", "beyond zero"),
                ),
                "The interval of the difference ...",
                "lies above 0" if back else "reaches 0",
                ("reaches 0" if back else "lies above 0", "lies below 0"),
                denied=not back,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"At {10 * canary:,} requests an hour some {10 * canary * difference / 100:,.0f} more answers fail "
                f"each hour; for each, {told.harm}."
                if back
                else f"A rollback for nothing costs a release, for {10 * canary * high / 100:,.0f} answers an hour."
            ),
        ),
    )


def _interval(hits: float, n: float, failed: float, m: float) -> tuple[float, float, float]:
    """Return the difference of two shares in percentage points with its 95 % Wald interval."""
    one, other = hits / n, failed / m
    width = Z * math.sqrt(one * (1 - one) / n + other * (1 - other) / m)
    return 100 * (one - other), 100 * (one - other - width), 100 * (one - other + width)


def _against(shown: Shown, row: int) -> tuple[float, float, float]:
    answers, failed = numbers(table(shown, TABLE), "answers"), numbers(table(shown, TABLE), "failed")
    return _interval(failed[0], answers[0], failed[row], answers[row])


def _said(shown: Shown, row: int) -> str:
    allowed = float(shown.situation.partition("lies below +")[2].split()[0])
    _, low, high = _against(shown, row)
    return BACK if low > 0 else ON if high < allowed else WAIT


def _solve(shown: Shown) -> Answers:
    difference, low, _ = _against(shown, 1)
    return {
        "difference": difference,
        "low": low,
        "verdict": option(shown, "verdict", _said(shown, 1)),
        "first": option(shown, "first", ASK),
    }


KIND = Kind(
    family=Family.SERVING,
    name="canary-against-the-same-hour",
    title="Roll back?",
    fault="A canary fails more often than the stable version in the same hour, which the day's mean hides.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the more answers the better: compare with all of yesterday",
            answers=believing(
                _solve,
                verdict=lambda shown: option(shown, "verdict", _said(shown, 2)),
                difference=lambda shown: _against(shown, 2)[0],
                low=lambda shown: _against(shown, 2)[1],
            ),
            loses=("difference", "low", "verdict"),
            on_clean=("difference", "low"),
        ),
        Mutant(
            mistake="a canary that fails more often goes back, whatever the interval",
            answers=believing(_solve, BACK, low=lambda shown: _against(shown, 1)[0]),
            loses=("low",),
            on_clean=("verdict", "low"),
        ),
        Mutant(
            mistake="one hour is never enough",
            answers=believing(_solve, WAIT),
            loses=("verdict",),
            on_clean=("verdict",),
        ),
    ),
)
