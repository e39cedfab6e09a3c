"""Two intervals that overlap, read as "no difference": the interval of the difference is what tells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, first, number, pick
from heldout.practice.deck.companies import model_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import ends, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import newcombe, wilson

__all__ = ["KIND"]

NAME = "overlapping-intervals-read-as-equal"
PLACES = {Difficulty.EASY: 4, Difficulty.MIDDLE: 8, Difficulty.HARD: 14}
DIFFERENT = {Difficulty.EASY: 1, Difficulty.MIDDLE: 2, Difficulty.HARD: 4}
"""Places of the planted world whose intervals overlap though the difference is told from 0."""
TABLE = "shares by place"
VERDICTS = Verdicts(
    fault="Overlap is no test: where it was read as no difference, the difference's interval leaves out 0",
    clean="Where the intervals overlap, the interval of the difference holds 0 too: nothing was missed",
    others=(
        "Two intervals that overlap show that the two versions are equally good in that place, not only alike",
        "Intervals of 95 % may not be compared at all, whether they overlap or not: only raw shares may be",
    ),
)
FIRST = (
    "Were the two versions tried on separate items, or on the same ones?",
    "Would the intervals of these places still overlap if they were drawn at 90 %?",
    "Which of the two versions has the wider interval, and in how many of the places?",
    "Do all places' intervals overlap by about as much?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Per place and version: items, and those that are right."""

    old_n: NDArray[np.int64]
    old: NDArray[np.int64]
    new_n: NDArray[np.int64]
    new: NDArray[np.int64]

    def z(self) -> NDArray[np.float64]:
        """Return each difference over its standard error."""
        a, b = self.old / self.old_n, self.new / self.new_n
        return np.asarray((b - a) / np.sqrt(a * (1 - a) / self.old_n + b * (1 - b) / self.new_n))


def _overlaps(old: int, old_n: int, new: int, new_n: int) -> bool:
    (low, high), (other_low, other_high) = ends(wilson(old, old_n)), ends(wilson(new, new_n))
    return low <= other_high and other_low <= high


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    count = PLACES[difficulty]
    old_n, new_n = rng.integers(500, 1200, count), rng.integers(500, 1200, count)
    share = rng.uniform(0.6, 0.8, count)
    z = rng.uniform(-1.2, 1.2, count)
    if planted:
        z[rng.permutation(count)[: DIFFERENT[difficulty]]] = rng.uniform(2.3, 2.55, DIFFERENT[difficulty])
    lift = z * np.sqrt(share * (1 - share) * (1 / old_n + 1 / new_n))
    old = np.round(old_n * (share - lift / 2)).astype(np.int64)
    return _World(old_n=old_n, old=old, new_n=new_n, new=np.round(new_n * (share + lift / 2)).astype(np.int64))


def _decides(world: _World, planted: bool) -> bool:
    z = np.abs(world.z())
    if bool(np.any(z > 2.2)) is not planted:
        return False
    cells = zip(world.old.tolist(), world.old_n.tolist(), world.new.tolist(), world.new_n.tolist(), strict=True)
    return not bool(np.any((z > 1.5) & (z < 2.2))) and all(_overlaps(*cell) for cell in cells)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, at = model_team(rng), sorted(names(rng, PLACES[difficulty], "places"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    told = np.abs(world.z()) > 1.96
    place = int(np.argmax(np.abs(world.z())))
    a, b = world.old[place] / world.old_n[place], world.new[place] / world.new_n[place]
    error = float(100 * np.sqrt(a * (1 - a) / world.old_n[place] + b * (1 - b) / world.new_n[place]))
    said = (
        f"In {at[place]} the difference is {100 * (b - a):+.2f} ± {1.96 * error:.2f} points. It is told from 0 in "
        f"{int(told.sum())} of {len(at)} places, in all of which the two intervals overlap."
    )
    return drill(
        situation=(
            f"{team.company} tried two versions of its {team.product}, on separate {team.items}, in {len(at)} "
            f"places. The report draws the two 95 % intervals of each place, sees that they overlap in every place, "
            f"{at[place]} included, and says that the versions do not differ anywhere."
        ),
        exhibits=(_table(world, at),),
        asked=(
            VERDICTS.asked(rng, "Does overlap carry the report's conclusion?", 35, planted, said),
            pick(
                "told",
                "Pick the places where the 95 % interval of the difference, new minus old, leaves out 0.",
                30,
                TABLE,
                places=places(told),
                because=f"|z| is above 1.96 in {int(told.sum())} places.",
            ),
            number(
                "error",
                f"Standard error of the difference in {at[place]}?",
                25,
                "percentage points",
                value=error,
                relative=0.03,
                because=f"Of independent shares the variances add: {error:.2f} points, less than the two errors' sum.",
            ),
            first(rng, 10, FIRST, "On the same items the difference would have to be paired, and would be narrower."),
        ),
        points=_points(rng, planted, error, at[place]),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A lift of {100 * (b - a):.1f} points in {at[place]} was read as nothing."
                if planted
                else "No lift was missed: the versions cannot be told apart in any place."
            ),
        ),
    )


def _table(world: _World, places: list[str]) -> Rows:
    rows = []
    for n, place in enumerate(places):
        sides = ((int(world.old[n]), int(world.old_n[n])), (int(world.new[n]), int(world.new_n[n])))
        cells: list[int | str] = []
        for right, items in sides:
            low, high = ends(wilson(right, items))
            cells += [items, right, f"[{100 * low:.1f}, {100 * high:.1f}]"]
        rows.append((place, *cells))
    columns = ("place", "old items", "old right", "old 95 %", "new items", "new right", "new 95 %")
    return Rows(name=TABLE, columns=columns, rows=tuple(rows))


def _points(rng: np.random.Generator, planted: bool, error: float, place: str) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "difference missed",
            "Of the differences of the places, told from 0 ...",
            *("is at least one", "is none", "are all"),
            holds=planted,
            says=("Somewhere the difference is told from 0.", "Nowhere is the difference told from 0."),
            anchors=(
                ("difference*", "lift"),
                ("told from 0", "leaves out 0", "significan*", "excludes 0", "excludes zero", "missed", "away from 0"),
            ),
        ),
        number_point(
            rng,
            "standard error of the difference",
            "What is the standard error of the difference there?",
            *(f"{error:.2f} points", f"{error * 1.45:.2f} points", f"{error / 1.6:.2f} points"),
            says=f"In {place} the standard error of the difference is {error:.2f} points.",
            anchors=(("standard error", "variance*", "root", "square*"),),
            said=Said(value=error, tolerance=0.04 * error + 0.01),
        ),
    )


def _sides(shown: Shown) -> tuple[list[tuple[int, int, int, int]], int]:
    """Return new right, new items, old right, old items of each place, and which place the question names."""
    seen = table(shown, TABLE)
    columns = [values(seen, name).astype(int) for name in ("new right", "new items", "old right", "old items")]
    asks = next(one.ask for one in shown.questions if one.name == "error")
    named = next(place for place, name in enumerate(seen.column("place")) if f"in {name}?" in asks)
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in zip(*columns, strict=True)], named


def _solve(shown: Shown) -> Answers:
    cells, named = _sides(shown)
    intervals = [newcombe(*cell) for cell in cells]
    told = places([(one.low or 0.0) * (one.high or 0.0) > 0 for one in intervals])
    new, new_n, old, old_n = cells[named]
    variance = new * (new_n - new) / new_n**3 + old * (old_n - old) / old_n**3
    verdict = VERDICTS.right(bool(told))
    return answered(shown, verdict, first=FIRST[0], told=told, error=100 * float(np.sqrt(variance)))


def _by_overlap(shown: Shown) -> Answers:
    cells, named = _sides(shown)
    new, new_n, old, old_n = cells[named]
    errors = np.sqrt([new * (new_n - new) / new_n**3, old * (old_n - old) / old_n**3])
    return answered(shown, VERDICTS.others[0], first=FIRST[1], told=(), error=100 * float(errors.sum()))


KIND = Kind(
    family=Family.COMPARISON,
    name=NAME,
    title="Intervals that overlap",
    fault="Two intervals overlap, and that is read as no difference.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="what overlaps does not differ",
            answers=_by_overlap,
            loses=("verdict", "told", "error", "first"),
            on_clean=("verdict", "error", "first"),
        ),
        seen_everywhere("overlap always hides a difference", _solve, VERDICTS),
        hurried("intervals may not be compared", VERDICTS.others[1], first=FIRST[2]),
    ),
)
