"""Many slices tested, and the one with the smallest p-value told as a finding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from heldout.practice.deck.asked import Verdicts, drill, first, number, pick
from heldout.practice.deck.companies import model_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import holm

__all__ = ["KIND"]

NAME = "many-slices-tested"
SLICES = {Difficulty.EASY: 16, Difficulty.MIDDLE: 26, Difficulty.HARD: 38}
SMALLEST = {Difficulty.EASY: (0.02, 0.045), Difficulty.MIDDLE: (0.006, 0.015), Difficulty.HARD: (0.003, 0.006)}
"""The smallest p-value of the planted world: it shrinks as the slices grow in number."""
REAL = {Difficulty.EASY: (1e-5, 4e-4), Difficulty.MIDDLE: (1e-5, 4e-4), Difficulty.HARD: (1e-4, 8e-4)}
"""And that of the clean twin."""
TABLE = "lift by place"
LEVEL = 0.05
VERDICTS = Verdicts(
    fault="So many places were tested that a p-value like this comes by chance: it is a lead to be tested",
    clean="The p-value stays below 5 % when corrected for all the places tested: the lift there is supported",
    others=(
        "A p-value below 5 % is a finding, whatever else was looked at on the way to it",
        "No p-value of a slice may ever be read, only that of all rows taken together",
    ),
)
FIRST = (
    "Was this place named before the results were seen?",
    "By which further columns could the rows be sliced to find where else it is better?",
    "Is there a reason why people of this place should like the new version?",
    "How many rows would bring this place's p-value below 1 %?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Per slice: rows, lift in points, its standard error, its p-value, all as shown."""

    rows: NDArray[np.int64]
    lift: NDArray[np.float64]
    error: NDArray[np.float64]
    p: NDArray[np.float64]


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    count = SLICES[difficulty]
    rows = rng.integers(200, 900, count)
    error = np.round(30 / np.sqrt(rows), 2)
    p = rng.uniform(0.06 if count < 20 else 0.04, 1.0, count)
    p[int(rng.integers(count))] = np.exp(rng.uniform(*np.log((SMALLEST if planted else REAL)[difficulty])))
    lift = np.round(-special.ndtri(p / 2) * error * np.where(rng.random(count) < 0.4, -1, 1), 2)
    best = int(np.argmin(p))
    lift[best] = abs(lift[best])
    return _World(rows=rows, lift=lift, error=error, p=np.round(2 * special.ndtr(-np.abs(lift / error)), 5))


def _decides(world: _World, planted: bool) -> bool:
    smallest, second = np.sort(world.p)[:2]
    bound = smallest * len(world.p)
    if second < 1.5 * smallest or smallest <= 0 or abs(np.sort(world.p)[1] * (len(world.p) - 1) - LEVEL) < 0.01:
        return False
    return bool(smallest < 0.049 and bound > 0.09) if planted else bool(bound < 0.04)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, at = model_team(rng), sorted(names(rng, SLICES[difficulty], "places"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    count, best = len(at), int(np.argmin(world.p))
    bound = min(float(world.p[best]) * count, 1.0)
    by_chance = 1 - (1 - float(world.p[best])) ** count
    survives = holm(world.p) <= LEVEL
    said = (
        f"{at[best]} has p = {world.p[best]:.5f}; of {count} places without any lift the smallest p-value is at "
        f"most that in {by_chance:.2%} of analyses. Corrected for {count} places it is {bound:.3g}."
    )
    parts = zip(at, world.rows, world.lift, world.error, world.p, strict=True)
    return drill(
        situation=(
            f"{team.company} compares two versions of its {team.product}, by place. Over all rows the lift is not "
            f"told from 0. The report: in {at[best]} the new version is better, {world.lift[best]:+.2f} points "
            f"(p = {world.p[best]:.5f}), so it should be shipped there."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("place", team.items, "lift, points", "standard error", "p"),
                rows=tuple((one, int(n), float(lift), float(se), float(p)) for one, n, lift, se, p in parts),
            ),
        ),
        asked=(
            VERDICTS.asked(rng, f"Is the lift in {at[best]} supported?", 40, planted, said),
            number(
                "corrected",
                "The p-value of that place, corrected for all the places of the table (Bonferroni)?",
                25,
                "share, 0 to 1",
                value=bound,
                relative=0.05,
                because=f"{count} × {world.p[best]:.5f} = {bound:.3g}.",
            ),
            pick(
                "survivors",
                "Pick the places whose lift is told from 0 at 5 % after correction for all of them (Holm).",
                20,
                TABLE,
                places=places(survives),
                because=f"{int(survives.sum())} of {count} p-values stay at or below 5 %.",
            ),
            first(rng, 15, FIRST, "Only a place named before the results needs no correction."),
        ),
        points=_points(rng, planted, count),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A release for {at[best]} alone is built and kept up for a lift that chance brings as often."
                if planted
                else f"{at[best]} gains, and the claim survives the question how many were looked at."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, count: int) -> tuple[Point, ...]:
    many = ("correct*", "multipl*", "bonferroni", "holm", "many", f"{count} places", "looked at", "adjust*")
    return (
        verdict_point(
            rng,
            "supported after correction",
            "Corrected for all places, the p-value is ...",
            *("below 5 %", "above 5 %", "unchanged"),
            holds=not planted,
            says=("After correction the lift is supported.", "After correction the lift is not supported."),
            anchors=(many, ("support*", "significan*", "survives", "survive", "holds", "below 5")),
        ),
        number_point(
            rng,
            "number of tests",
            "How many p-values was this one the smallest of?",
            *(f"{count}", "1", "2"),
            says=f"{count} places were tested.",
            anchors=(("test*", "places", "slices", "looked at", "comparisons"),),
            said=Said(value=count, tolerance=0.5),
        ),
    )


def _solve(shown: Shown) -> Answers:
    p = values(table(shown, TABLE), "p")
    adjusted = holm(p)
    planted = bool(adjusted.min() > LEVEL)
    survivors = places(adjusted <= LEVEL)
    corrected = min(float(p.min()) * len(p), 1.0)
    return answered(shown, VERDICTS.right(planted), first=FIRST[0], corrected=corrected, survivors=survivors)


def _each_alone(shown: Shown) -> Answers:
    p = values(table(shown, TABLE), "p")
    own = float(p.min())
    return answered(shown, VERDICTS.others[0], first=FIRST[1], corrected=own, survivors=places(p <= LEVEL))


KIND = Kind(
    family=Family.COMPARISON,
    name=NAME,
    title="One place of many",
    fault="The smallest of many p-values is told as if it were the only one.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="each p-value is read on its own",
            answers=_each_alone,
            loses=("verdict", "corrected", "survivors", "first"),
            on_clean=("verdict", "corrected", "first"),
        ),
        seen_everywhere("a slice is never a finding once others were tested", _solve, VERDICTS),
        hurried("slices may not be read", VERDICTS.others[1], first=FIRST[2]),
    ),
)
