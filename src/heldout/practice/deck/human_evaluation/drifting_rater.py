"""A rater who grows stricter over the weeks, and a product that seems to get worse."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import assistant_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import panel, places, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Curves, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "drifting-rater"
RATERS = {Difficulty.EASY: 3, Difficulty.MIDDLE: 5, Difficulty.HARD: 7}
DRIFT = {Difficulty.EASY: 1.6, Difficulty.MIDDLE: 1.2, Difficulty.HARD: 0.9}
"""By how many points the drifting rater moves over the weeks."""
NOISE, WEEKS = 0.1, 10
LIMIT = 0.5
PANEL, PEOPLE = "mean rating of the same reference items", "raters"
VERDICTS = Verdicts(
    fault="A rater grew stricter on items that never change: the product's fall is one of the scale",
    clean="No rater moved on items that never change; one is stricter throughout, which explains no fall",
    others=(
        "The raters differ in their level, and this alone explains why the product's mean rating has fallen",
        "The reference items themselves became worse from week to week, just as the product's items did",
    ),
)
STEPS = (
    "Hold back the trend that was to be reported, and say why",
    "Set the raters' reference items side by side, to see who moved and by how much",
    "Go through the guideline and these items with the rater who moved",
    "Have a sample of the rater's later items rated again by others",
    "Put hidden reference items into every week from now on",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Mean rating of the reference items, (raters, weeks), and the product's mean in the first and the last week."""

    means: NDArray[np.float64]
    first: float
    last: float

    @property
    def moved(self) -> NDArray[np.float64]:
        """Return by how much each rater moved along a straight line, first week to last."""
        return _moved(self.means)


def _moved(means: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.polyfit(np.arange(means.shape[1]), means.T, 1)[0] * (means.shape[1] - 1))


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    raters, week = RATERS[difficulty], np.arange(WEEKS) / (WEEKS - 1)
    level = rng.uniform(3.7, 4.1) + rng.normal(0, 0.12, raters)
    odd, other = rng.permutation(raters)[:2]
    level[other if planted else odd] -= rng.uniform(0.7, 1.1)  # strict throughout, which is no drift
    drift = np.zeros(raters)
    drift[odd] = -DRIFT[difficulty] * rng.uniform(0.9, 1.1) if planted else 0.0
    means = level[:, None] + drift[:, None] * week + rng.normal(0, NOISE, (raters, WEEKS))
    first = float(rng.uniform(3.6, 3.9))
    fall = DRIFT[difficulty] / raters if planted else rng.uniform(0.2, 0.4)
    return _World(
        means=np.asarray(np.round(np.clip(means, 1, 5), 2), dtype=np.float64),
        first=round(first, 2),
        last=round(first - fall, 2),
    )


def _decides(world: _World, planted: bool) -> bool:
    moved = np.abs(world.moved)
    largest, second = np.sort(moved)[::-1][:2]
    if largest - second < 0.02 or np.any((moved > 0.35) & (moved < 0.65)):
        return False
    return int((moved > LIMIT).sum()) == planted


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, raters = assistant_team(rng), sorted(names(rng, RATERS[difficulty], "people"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    moved, level = world.moved, world.means.mean(axis=1)
    most = int(np.argmax(np.abs(moved)))
    said = (
        f"On the same reference items {raters[most]} moved by {moved[most]:+.2f} points over {WEEKS} weeks, more than "
        f"anybody else. {raters[int(np.argmin(level))]} has the lowest mean over all weeks, {level.min():.2f}."
    )
    return drill(
        situation=(
            f"{team.company} has {len(raters)} raters judge the {team.items} of its {team.product} from 1 to 5, and "
            f"each week every rater gets the same hidden reference items. The product's mean rating fell from "
            f"{world.first:.2f} to {world.last:.2f}; the report says that the product got worse."
        ),
        exhibits=(
            Curves(
                name=PANEL,
                x=tuple(float(week) for week in range(1, WEEKS + 1)),
                x_label="week",
                y_label="mean rating, 1 to 5",
                series={name: tuple(float(one) for one in row) for name, row in zip(raters, world.means, strict=True)},
            ),
            Rows(name=PEOPLE, columns=("rater",), rows=tuple((name,) for name in raters)),
        ),
        asked=(
            VERDICTS.asked(rng, "What do the reference items say of the fall?", 30, planted, said),
            pick(
                "moved",
                f"Pick the raters who moved by more than {LIMIT} points, first week to last, on a straight line.",
                25,
                PEOPLE,
                places=places(np.abs(moved) > LIMIT),
                because=f"The largest move is {moved[most]:+.2f}, by {raters[most]}.",
            ),
            number(
                "most",
                "By how much did the rater move who moved most (straight line, last week minus first)?",
                25,
                "points, with sign",
                value=float(moved[most]),
                absolute=0.06,
                because=f"{raters[most]}: {moved[most]:+.2f} points.",
            ),
            order(
                rng,
                "steps",
                "Suppose a rater moved. Put the recovery in order.",
                20,
                STEPS,
                "The reported trend is stopped first; who moved is known before anybody is spoken to; then the past is "
                "mended, then the future watched.",
            ),
        ),
        points=_points(rng, planted, float(moved[most])),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A team looks for a fault in the {team.product} that one rater's scale put there."
                if planted
                else f"The fall of {world.first - world.last:.2f} points is not the raters': it has to be looked for."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, most: float) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "a rater moved",
            "On items that never change, a rater ...",
            *("moved", "did not move", "was missing"),
            holds=planted,
            says=("A rater moved over the weeks.", "No rater moved over the weeks."),
            anchors=(
                ("rater*", "scale", "nobody", "somebody"),
                ("drift*", "moved", "stricter", "harsher", "shift*", "changed"),
            ),
        ),
        number_point(
            rng,
            "size of the largest move",
            "How large is the largest move of a rater?",
            *(f"{most:+.2f} points", f"{-most:+.2f} points", f"{3 * most:+.2f} points"),
            says=f"The largest move is {most:+.2f} points.",
            anchors=(("move*", "drift*", "stricter", "shift*", "change*", "fell", "points"),),
            said=Said(value=most, tolerance=0.1),
        ),
    )


def _read(shown: Shown) -> NDArray[np.float64]:
    series = panel(shown, PANEL).series
    return np.array([series[str(name)] for name in table(shown, PEOPLE).column("rater")])


def _solve(shown: Shown) -> Answers:
    means = _read(shown)
    week = np.arange(means.shape[1]) - (means.shape[1] - 1) / 2
    moved = means @ week / (week @ week) * (means.shape[1] - 1)
    most = float(moved[np.argmax(np.abs(moved))])
    picked = places(np.abs(moved) > LIMIT)
    return answered(shown, VERDICTS.right(bool(picked)), steps=STEPS, moved=picked, most=most)


def _by_level(shown: Shown) -> Answers:
    means = _read(shown)
    level = means.mean(axis=1) - means.mean()
    strict = next(int(place) for place in np.argsort(level) if abs(_moved(means)[place]) <= LIMIT)
    return answered(shown, VERDICTS.others[0], moved=(strict + 1,), most=float(level.min()))


KIND = Kind(
    family=Family.HUMAN,
    name=NAME,
    title="The ratings fall",
    fault="A rater grew stricter, and the fall is laid to the product.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the strictest rater is the one who moved",
            answers=_by_level,
            loses=("verdict", "moved"),
            on_clean=("verdict", "moved"),
        ),
        seen_everywhere("a falling mean is always the raters'", _solve, VERDICTS),
        hurried("the reference items got worse", VERDICTS.others[1], steps=STEPS),
    ),
)
