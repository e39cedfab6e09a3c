"""A column whose values are the label's classes under other names."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.faults.planter import Table
from heldout.practice.deck.asked import choice, drill, number, pick
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

TABLE = "values and classes"
ROWS = 3000
COLUMNS = {Difficulty.EASY: 3, Difficulty.MIDDLE: 5, Difficulty.HARD: 7}
VALUES = {Difficulty.EASY: 2, Difficulty.MIDDLE: 3, Difficulty.HARD: 5}
"""Values of the column that copies the label."""
HONEST = {Difficulty.EASY: 0.75, Difficulty.MIDDLE: 0.88, Difficulty.HARD: 0.94}
"""Share of rows that the strongest honest column tells."""
COPY = "A column is the label under other names: drop it, unless its value exists before the question"
STRONG = "No column is the label under another name: the strong one errs too, and may be a good feature"
OTHERS = (
    "The column with the telling name is the leak",
    "Columns with few values cannot be used by a model",
)
WHEN = "When is the column filled in, and from what?"
IDLE = ("How is the column encoded, and does its code matter?", "Is the class balanced?")
PRODUCTS = (
    (
        "which guests cancel",
        "bookings",
        "cancelled",
        ("final_state", "segment", "channel", "meal", "room_code", "agent", "lane"),
    ),
    ("which loans fail", "loans", "failed", ("end_status", "purpose", "branch", "grade", "desk", "route", "term")),
    ("which pupils leave", "pupils", "left", ("outcome_note", "form", "bus_line", "house", "club", "tutor", "wing")),
)

Column = NDArray[Any]


def _world(rng: np.random.Generator, names: tuple[str, ...], at: Difficulty, planted: bool) -> dict[str, Column]:
    """Draw a label and columns of a few values; in the planted world the second column copies the label."""
    label = (rng.random(ROWS) < rng.uniform(0.25, 0.45)).astype(np.int64)
    columns: dict[str, Column] = {}
    for i, name in enumerate(names):
        copies = planted and i == 1
        share = 1.0 if copies else HONEST[at] if i == 0 else rng.uniform(0.5, 0.7)
        says = np.where(rng.random(ROWS) < share, label, 1 - label)
        values = VALUES[at] if i == 1 else int(rng.integers(2, 5))
        positive = max(values // 2, 1)
        code = np.where(says == 1, rng.integers(0, positive, ROWS), positive + rng.integers(0, values - positive, ROWS))
        tags = np.array([f"{name[0]}{tag}" for tag in rng.permutation(90)[:values] + 10])
        columns[name] = tags[code]
    return columns | {"label": label}


def _counted(world: Table) -> tuple[tuple[str, str, int, int], ...]:
    """Return column, value, and rows of both classes, value by value."""
    label = world.columns["label"]
    found = []
    for name, column in world.columns.items():
        if name != world.target:
            for value in np.unique(column):
                cases = int(label[column == value].sum())
                found.append((name, str(value), int((column == value).sum()) - cases, cases))
    return tuple(found)


def _wrong(counts: tuple[tuple[str, str, int, int], ...]) -> Mapping[str, int]:
    """Return, by column, the rows on which the commoner class of their value is wrong."""
    wrong: dict[str, int] = {}
    for name, _, others, cases in counts:
        wrong[name] = wrong.get(name, 0) + min(others, cases)
    return wrong


def _telling(counts: tuple[tuple[str, str, int, int], ...]) -> tuple[int, ...]:
    """Return the rows of the table, from 1, of columns that are never wrong."""
    wrong = _wrong(counts)
    return tuple(i for i, (name, *_) in enumerate(counts, 1) if not wrong[name])


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("near-copy-of-the-label", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, rows, case, pool = scene.product
    others = [pool[i] for i in 1 + scene.rng.permutation(len(pool) - 1)]
    names = (pool[0], *others)[: COLUMNS[difficulty]]
    drawn, order = _world(rng, names, difficulty, planted), scene.rng.permutation(len(names))
    world = Table(columns={names[i]: drawn[names[i]] for i in order} | {"label": drawn["label"]}, target="label")
    counts = _counted(world)
    wrong = _wrong(counts)
    best = min(wrong, key=lambda name: wrong[name])
    told = f"By {best} alone {ROWS - wrong[best]:,} of {ROWS:,} rows are told, {wrong[best]} are wrong."
    credit = {COPY: planted, STRONG: not planted} | dict.fromkeys(OTHERS, False)
    firsts = {WHEN: 1.0} | dict.fromkeys(IDLE, 0.0)
    return drill(
        situation=(
            f"{scene.company} predicts {what}, and reports a score that is better than anybody expected. Some of "
            f"the model's columns have few values; these are the {ROWS:,} {rows} by value and class."
        ),
        exhibits=(Rows(name=TABLE, columns=("column", "value", f"not {case}", case), rows=counts),),
        asked=(
            pick(
                "copy",
                "Pick all values of columns that part the classes without a single error; none is an answer.",
                35,
                TABLE,
                _telling(counts),
                because=told,
            ),
            number(
                "wrong",
                "Of the strongest column alone: on how many rows is the commoner class of the row's value wrong?",
                25,
                "rows",
                value=wrong[best],
                absolute=0.5,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of the strongest column?", 30, credit, because=told),
            choice(
                scene.rng,
                "first",
                "What would you ask of it?",
                10,
                firsts,
                because="Its time tells a leak from a good column.",
            ),
        ),
        points=_points(scene.rng, best, wrong[best], planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"Without {best} the next column is wrong on {sorted(wrong.values())[1]:,} of {ROWS:,} {rows}: that is "
                f"what the model may know."
            ),
            page="LEK001",
        ),
        world={"profile": world},
    )


def _points(rng: np.random.Generator, best: str, wrong: int, planted: bool) -> tuple[Point, ...]:
    copy = Point(
        name="a copy of the label",
        says=f"{best} is {'' if planted else 'not '}a copy of the label.",
        anchors=((best.lower(), "column"), ("cop*", "the label", "same as", "renam*", "leak*", "determin*")),
        denied=not planted,
        probe=probe(
            rng,
            f"Is {best} the label under other names?",
            *(("yes", "no") if planted else ("no", "yes")),
            "on half the rows",
        ),
    )
    errors = Point(
        name="how often it is wrong",
        says=f"{best} alone is wrong on {wrong} rows.",
        anchors=(("wrong", "error*", "mistake*", "disagree*", "exception*"),),
        number=Said(value=float(wrong), tolerance=max(0.02 * wrong, 0.5)),
        probe=probe(rng, "What would clear a strong column?", "it is known in time", "it has few values", "its AUC"),
    )
    return copy, errors


def _read(shown: Shown) -> tuple[tuple[str, str, int, int], ...]:
    rows = table(shown, TABLE)
    names, values = texts(rows, "column"), texts(rows, "value")
    others, cases = ([int(n) for n in numbers(rows, name)] for name in rows.columns[2:])
    return tuple(zip(names, values, others, cases, strict=True))


def _solve(shown: Shown) -> Answers:
    counts = _read(shown)
    copy = _telling(counts)
    return {
        "copy": copy,
        "wrong": min(_wrong(counts).values()),
        "verdict": option(shown, "verdict", COPY if copy else STRONG),
        "first": option(shown, "first", WHEN),
    }


def _by_name(shown: Shown) -> Answers:
    counts = _read(shown)
    tempting = {product[-1][0] for product in PRODUCTS}
    named = tuple(i for i, (name, *_) in enumerate(counts, 1) if name in tempting)
    return {**_solve(shown), "copy": named, "verdict": option(shown, "verdict", OTHERS[0])}


def _delighted(shown: Shown) -> Answers:
    second = sorted(_wrong(_read(shown)).values())[1]
    return {**_solve(shown), "copy": (), "wrong": second, "verdict": option(shown, "verdict", STRONG)}


KIND = Kind(
    family=Family.LEAKAGE,
    name="near-copy-of-the-label",
    title="Values and classes",
    fault="A column is the label under other names.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the column with the telling name is the leak",
            answers=_by_name,
            loses=("copy", "verdict"),
            on_clean=("copy", "verdict"),
        ),
        Mutant(mistake="a strong column is a good column", answers=_delighted, loses=("copy", "wrong", "verdict")),
    ),
    check="LEK001",
)
