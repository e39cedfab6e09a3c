"""Two columns whose sum is what is to be predicted."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from heldout.faults.planter import Table
from heldout.practice.deck.asked import choice, drill, first, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import numbers, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE, COLUMNS = "some rows", "columns"
ROWS = 1500
SHOWN_ROWS = {Difficulty.EASY: 10, Difficulty.MIDDLE: 14, Difficulty.HARD: 20}
MADE = {Difficulty.EASY: 1, Difficulty.MIDDLE: 2, Difficulty.HARD: 4}
"""Columns beside the two that make the label."""
SUM = "Two columns add up to what is to be predicted: the model adds, and knows nothing in advance"
APART = "Columns go with what is to be predicted, and no two of them make it: they may stay if they are known in time"
OTHERS = (
    "A column that correlates with the label has to be dropped, as correlation is what a leak looks like from outside",
    "Counts may not be used to predict a count",
)
WHEN = "Which of the columns are known when the question is asked?"
IDLE = ("Is the label skewed?", "Which column has the largest values, and should it be scaled?")
PRODUCTS = (
    ("how many bikes are rented", "rentals", ("casual", "registered", "warmth", "wind", "docks", "posts")),
    ("how many guests a hall has", "guests", ("walk_in", "online", "posters", "seats", "reviews", "queue")),
    ("how many litres a site uses", "litres", ("day_meter", "night_meter", "staff", "machines", "shifts", "heat")),
)

Floats = NDArray[np.float64]


def _world(
    rng: np.random.Generator, names: tuple[str, ...], order: NDArray[np.int64], target: str, planted: bool
) -> Table:
    """Draw two parts of the label, and columns that go with it; in the clean twin a part is another row's, mostly."""
    heat = rng.gamma(6, 1, ROWS)
    first, second = rng.poisson(8 * heat), rng.poisson(15 * heat)
    label = first + second
    if not planted:
        second = rng.poisson(15 * heat)
    columns = {names[0]: first, names[1]: second}
    for i, name in enumerate(names[2:]):
        columns[name] = rng.poisson((3 + 9 * i) * rng.gamma(8, 1 / 8, ROWS) * heat) + 1
    return Table(columns={names[i]: columns[names[i]] for i in order} | {target: label}, target=target)


def _best(columns: dict[str, list[float]], label: list[float]) -> tuple[tuple[str, str], int, float]:
    """Return the two columns whose sum is the label most often, how often, and their mean absolute error."""
    wanted = np.array(label)
    errors = {pair: np.abs(np.array(columns[pair[0]]) + columns[pair[1]] - wanted) for pair in combinations(columns, 2)}
    best = min(errors, key=lambda pair: float(errors[pair].mean()))
    return best, int((errors[best] == 0).sum()), float(errors[best].mean())


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("columns-add-up-to-the-label", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, target, pool = scene.product
    names = (*pool[:2], *(pool[2 + i] for i in scene.rng.permutation(len(pool) - 2)))[: 2 + MADE[difficulty]]
    world = _world(rng, names, scene.rng.permutation(len(names)), target, planted)
    n, start = SHOWN_ROWS[difficulty], int(rng.integers(0, ROWS - 40))
    shown_columns = {name: [float(x) for x in column[start : start + n]] for name, column in world.columns.items()}
    label = shown_columns.pop(target)
    pair, exact, error = _best(shown_columns, label)
    listed = tuple(shown_columns)
    making = tuple(listed.index(name) + 1 for name in pair) if exact == n else ()
    told = f"{pair[0]} + {pair[1]} is {target} in {exact} of the {n} rows shown, and off by {error:.1f} on average."
    credit = {SUM: planted, APART: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} predicts {what} on the next day, and its error is a tenth of what it was last "
            f"year, since columns were added. These are some rows of the table, and the columns by number."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=(*listed, target),
                rows=tuple(tuple(int(x) for x in row) for row in zip(*shown_columns.values(), label, strict=True)),
            ),
            Rows(
                name=COLUMNS,
                columns=("column", "mean over all rows"),
                rows=tuple((name, round(float(world.columns[name].mean()), 1)) for name in listed),
            ),
        ),
        asked=(
            pick(
                "making",
                f"Pick the columns that together make {target} by a sum; none is an answer.",
                35,
                COLUMNS,
                making,
                because=told,
            ),
            number(
                "error",
                f"Of the two columns whose sum lies nearest to {target}: how far off is it, on average over "
                "the rows shown?",
                25,
                target,
                value=error,
                absolute=0.1,
                relative=0.02,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of these columns?", 25, credit, because=told),
            first(scene.rng, 15, (WHEN, *IDLE), "Parts of a total come with the total."),
        ),
        points=_points(scene.rng, pair, target, error, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"On the next day neither {pair[0]} nor {pair[1]} is known: the model has nothing to add up."
                if planted
                else f"None by arithmetic: no sum of two columns makes {target}."
            ),
            page="LEK005",
        ),
        world={"profile": world, "identities": world},
    )


def _points(
    rng: np.random.Generator, pair: tuple[str, str], target: str, error: float, planted: bool
) -> tuple[Point, ...]:
    makes = Point(
        name="a sum that is the label",
        says=(f"{pair[0]} and {pair[1]} add up to {target}." if planted else f"No two columns add up to {target}."),
        anchors=(
            ("add up", "adds up", "added", "adding", "sum*", "plus", "total", "together make"),
            (target, "label", "target", *pair, "column*"),
        ),
        denied=not planted,
        probe=probe(
            rng,
            f"Do two columns add up to {target}?",
            *(("yes", "no") if planted else ("no", "yes")),
            "in half the rows",
        ),
    )
    off = Point(
        name="how far off the sum is",
        says=f"The nearest sum is off by {error:.1f} on average.",
        anchors=(("off", "error", "differ*", "exact*", "wrong"),),
        number=Said(value=error, tolerance=max(0.05 * error, 0.3)),
        probe=probe(rng, "When may parts of a total be used?", "when known in time", "never", "when they are small"),
    )
    return makes, off


def _solve(shown: Shown) -> Answers:
    rows, listed = table(shown, TABLE), texts(table(shown, COLUMNS), "column")
    columns = {name: numbers(rows, name) for name in listed}
    pair, exact, error = _best(columns, numbers(rows, rows.columns[-1]))
    is_sum = exact == len(rows.rows)
    return {
        "making": tuple(listed.index(name) + 1 for name in pair) if is_sum else (),
        "error": error,
        "verdict": option(shown, "verdict", SUM if is_sum else APART),
        "first": option(shown, "first", WHEN),
    }


def _correlating(shown: Shown) -> Answers:
    rows, listed = table(shown, TABLE), texts(table(shown, COLUMNS), "column")
    label = numbers(rows, rows.columns[-1])
    closest = max(listed, key=lambda name: float(np.corrcoef(numbers(rows, name), label)[0, 1]))
    place = (listed.index(closest) + 1,)
    return {**_solve(shown), "making": place, "verdict": option(shown, "verdict", OTHERS[0])}


def _welcoming(shown: Shown) -> Answers:
    return {**_solve(shown), "making": (), "error": 5.0, "verdict": option(shown, "verdict", APART)}


KIND = Kind(
    family=Family.LEAKAGE,
    name="columns-add-up-to-the-label",
    title="A much smaller error",
    fault="Two columns add up to what is to be predicted.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the column that correlates most is the leak",
            answers=_correlating,
            loses=("making", "verdict"),
            on_clean=("making", "verdict"),
        ),
        Mutant(mistake="columns that help are good columns", answers=_welcoming, loses=("making", "error", "verdict")),
    ),
    check="LEK005",
)
