"""A stated order of growth, and times that were measured."""

import math

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.growth import at_size, slope
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

CARD, TIMES = "MODEL_CARD.md", "times"
SIZES = (10_000, 20_000, 40_000, 80_000, 160_000)
LATER = 1_600_000
TRUE = {Difficulty.EASY: 2.0, Difficulty.MIDDLE: 1.75, Difficulty.HARD: 1.5}
"""The exponent of the planted times; what is claimed has a slope of about 1.1 over these sizes."""
WRONG = "The times grow faster than the card claims"
SOUND = "The times grow as the card claims, up to noise"
LESS = "The times grow more slowly than the card claims"
UNKNOWN = "Five sizes can't tell"
ASK = "At which sizes was it measured, and at which will it run?"
FIRST = {
    ASK: 1.0,
    "Which sort does the library use?": 0.0,
    "Is the first time too small to trust?": 0.0,
    "Who derived the claim?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("claim-against-the-slope", seed, difficulty)
    told = story(rng)
    n = np.array(SIZES, dtype=float)
    unit = rng.uniform(0.5, 1.5)
    claimed = n * np.log(n) / (n[0] * math.log(n[0]))
    work = (n / n[0]) ** TRUE[difficulty] if planted else claimed
    seconds = np.round(unit * work * rng.uniform(0.97, 1.03, len(n)), 2)
    memory = np.round(60 + 90 * n / n[-1] * rng.uniform(0.98, 1.02, len(n)))
    steep, expected = slope(SIZES, seconds.tolist()), slope(SIZES, claimed.tolist())
    later = at_size(SIZES, seconds.tolist(), LATER)
    by_claim = float(seconds[-1]) * LATER * math.log(LATER) / (n[-1] * math.log(n[-1]))
    evidence = (
        f"The slope of log seconds on log rows is {steep:.2f}; n log n has {expected:.2f} over these sizes. {LATER:,} "
        f"rows take some {later:,.0f} s by the slope, {by_claim:,.0f} s by the claim."
    )
    return drill(
        f"The card of {told.company}'s {told.model} states how the time of training grows. These are its own "
        f"times, on one core. Next year there will be {LATER:,} rows.",
        (
            Lines(
                name=CARD,
                text="## Complexity\n\nTraining takes O(n log n) time and O(n) memory in the rows n.",
                language="md",
            ),
            Rows(
                name=TIMES,
                columns=("rows", "seconds", "MB"),
                rows=tuple(
                    (size, float(time), int(more)) for size, time, more in zip(SIZES, seconds, memory, strict=True)
                ),
            ),
        ),
        (
            number(
                "slope", "What is the slope of log seconds on log rows?", 30, "slope", steep, evidence, absolute=0.06
            ),
            number(
                "claimed",
                "Which slope has n log n between the smallest and the largest of these sizes?",
                15,
                "slope",
                expected,
                "log(n log n ratio) / log(n ratio), a little above 1.",
                absolute=0.03,
            ),
            number(
                "later",
                f"How long do {LATER:,} rows take by the measured slope, from the largest size?",
                20,
                "seconds",
                later,
                evidence,
                relative=0.2,
            ),
            verdict(
                rng,
                "What do you say of the claim?",
                25,
                WRONG if planted else SOUND,
                (WRONG, SOUND, LESS, UNKNOWN),
                evidence,
            ),
            choice(
                rng,
                "first",
                "What would you ask first of a stated order?",
                10,
                FIRST,
                "It holds where it was measured.",
            ),
        ),
        (
            point(
                rng,
                f"The measured slope is {steep:.2f}.",
                (("slope", "grow*", "exponent", "power"),),
                "What is the measured slope?",
                f"{steep:.2f}",
                (f"{steep + 0.6:.2f}", f"{steep / 2:.2f}"),
                number=(steep, 0.1),
            ),
            point(
                rng,
                f"The growth of the times is {'' if planted else 'not '}faster than the card claims.",
                (
                    ("claim*", "n log n", "card", "stated"),
                    ("faster", "steeper", "more than", "above", "exceed*", "wrong"),
                ),
                "Against n log n the times grow ...",
                "faster" if planted else "alike",
                ("alike" if planted else "faster", "more slowly"),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"The machine planned for {by_claim / 60:,.0f} minutes is busy for {later / 60:,.0f}: the model "
                f"is late, and {told.harm}."
            )
            if planted
            else f"{later / 60:,.0f} minutes at {LATER:,} rows can be planned with.",
            page="",
        ),
    )


def _times(shown: Shown) -> tuple[list[float], list[float]]:
    return numbers(table(shown, TIMES), "rows"), numbers(table(shown, TIMES), "seconds")


def _solve(shown: Shown) -> Answers:
    sizes, seconds = _times(shown)
    steep = slope(sizes, seconds)
    claimed = slope(sizes, [n * math.log(n) for n in sizes])
    says = WRONG if steep > claimed + 0.2 else LESS if steep < claimed - 0.2 else SOUND
    return {
        "slope": steep,
        "claimed": claimed,
        "later": at_size(sizes, seconds, LATER),
        "verdict": option(shown, "verdict", says),
        "first": option(shown, "first", ASK),
    }


def _by_claim(shown: Shown) -> float:
    sizes, seconds = _times(shown)
    return seconds[-1] * LATER * math.log(LATER) / (sizes[-1] * math.log(sizes[-1]))


def _ratio(shown: Shown) -> float:
    """Return how often the time grew per tenfold size, as if that were the slope."""
    sizes, seconds = _times(shown)
    return seconds[-1] / seconds[0] / (sizes[-1] / sizes[0]) + 1


KIND = Kind(
    family=Family.COMPLEXITY,
    name="claim-against-the-slope",
    title="O(n log n)?",
    fault="The card claims an order of growth that its own times contradict.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="what the card says holds",
            answers=believing(
                _solve, SOUND, slope=lambda shown: _solve(shown)["claimed"], later=_by_claim, claimed=lambda _: 1.0
            ),
            loses=("slope", "later", "verdict", "claimed"),
            on_clean=("claimed",),
        ),
        Mutant(
            mistake="a time that more than doubles where the size doubles is quadratic",
            answers=believing(_solve, WRONG, slope=_ratio),
            loses=("slope",),
            on_clean=("slope", "verdict"),
        ),
    ),
)
