"""Fields that are filled when a case ends: being filled, or empty, is the answer."""

from dataclasses import dataclass
from typing import Any

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

TABLE = "filled and empty"
COLUMNS = ("filled", "cases among filled", "empty", "cases among empty")
ROWS = 3000
FIELDS = {Difficulty.EASY: 4, Difficulty.MIDDLE: 6, Difficulty.HARD: 9}
HONEST = {Difficulty.EASY: 0.3, Difficulty.MIDDLE: 0.5, Difficulty.HARD: 0.65}
"""Share of the cases that the most telling honest field is filled for."""
PURE = 0.95
GIVES = "A field is filled, or left empty, by how the case ended: drop it, with what is computed from it"
LEANS = "Fields are filled more often for one class, but no filling gives a class away: they may stay"
OTHERS = (
    "Fields with many empty rows must be dropped",
    "Empty rows have to be filled with the median first",
)
WHEN = "When is the field filled, and by whom?"
IDLE = ("How many rows are empty in all?", "Which library fills the gaps best here?")
PRODUCTS = (
    (
        "which claims are fraud",
        "claims",
        ("recovery_ref", "garage", "witness", "photo", "broker", "note", "email", "plate", "phone"),
    ),
    (
        "which guests stay away",
        "bookings",
        ("fee_invoice", "company", "agent", "coupon", "flight", "child", "email", "pet", "phone"),
    ),
    (
        "which patients come back",
        "stays",
        ("ward_2", "referral", "allergy", "implant", "diet", "carer", "email", "trial", "phone"),
    ),
)

Counts = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Rows and cases where each field is filled and where it is empty."""

    counts: dict[str, Counts]

    @property
    def giving(self) -> tuple[int, ...]:
        """The fields, from 1, whose filled or empty rows are nearly all cases."""
        return tuple(i for i, counts in enumerate(self.counts.values(), 1) if max(_shares(counts)) >= PURE)

    @property
    def purest(self) -> str:
        """The field of which one side holds the largest share of cases."""
        return max(self.counts, key=lambda name: max(_shares(self.counts[name])))

    @property
    def purity(self) -> float:
        """That share, in percent."""
        return 100 * max(_shares(self.counts[self.purest]))

    @property
    def caught(self) -> float:
        """Percent of all cases on that side of the field."""
        filled, among, empty, rest = self.counts[self.purest]
        hits = among if among * empty >= rest * filled else rest
        return 100 * hits / (among + rest)


def _shares(counts: Counts) -> tuple[float, float]:
    filled, among, empty, rest = counts
    return among / filled, rest / empty


def _world(rng: np.random.Generator, names: tuple[str, ...], at: Difficulty, planted: bool) -> dict[str, NDArray[Any]]:
    """Draw fields; the first is filled by the outcome in the planted world (left empty by it, in every other one)."""
    label = (rng.random(ROWS) < rng.uniform(0.25, 0.4)).astype(np.int64)
    columns: dict[str, NDArray[Any]] = {}
    for i, name in enumerate(names):
        cases, others = rng.uniform(0.1, 0.3), rng.uniform(0.1, 0.3)
        if i == 1:
            cases, others = HONEST[at], HONEST[at] / 3
        if i == 0:
            cases, others = (0.995, 0.004) if planted else (0.4, 0.15)
        filled = rng.random(ROWS) < np.where(label == 1, cases, others)
        if i == 0 and at is not Difficulty.EASY and names[1] < names[2]:
            filled = ~filled
        values = np.array([f"{name[:2]}{k}" for k in rng.integers(100, 160, ROWS)], dtype=object)
        values[~filled] = None
        columns[name] = values
    return columns | {"label": label}


def _counted(world: Table) -> Fields:
    label, counts = world.columns["label"], {}
    for name, column in world.columns.items():
        if name != world.target:
            filled = np.array([value is not None for value in column])
            cases, most = int(label[filled].sum()), int(filled.sum())
            counts[name] = (most, cases, ROWS - most, int(label.sum()) - cases)
    return Fields(counts=counts)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("field-filled-by-the-outcome", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, rows, pool = scene.product
    names = tuple(pool[i] for i in scene.rng.permutation(len(pool))[: FIELDS[difficulty]])
    drawn, order = _world(rng, names, difficulty, planted), scene.rng.permutation(len(names))
    columns = Table(columns={names[i]: drawn[names[i]] for i in order} | {"label": drawn["label"]}, target="label")
    world = _counted(columns)
    told = (
        f"{world.purest} is the purest: one side of it holds {world.purity:.1f} % cases, and {world.caught:.1f} % of "
        f"all of them."
    )
    credit = {GIVES: planted, LEANS: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} predicts {what}. Its model reads a flag for each field: filled, or empty. These "
            f"are the {ROWS:,} {rows} by field."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("field", *COLUMNS),
                rows=tuple((name, *counts) for name, counts in world.counts.items()),
            ),
        ),
        asked=(
            pick(
                "giving",
                f"Pick the fields whose filled or whose empty rows are cases in {100 * PURE:.0f} % or more; "
                "none is an answer.",
                35,
                TABLE,
                world.giving,
                because=told,
            ),
            number(
                "purity",
                "What is the largest share of cases among the filled, or the empty, rows of any field?",
                15,
                "percent",
                value=world.purity,
                absolute=0.6,
                because=told,
            ),
            number(
                "caught",
                "What share of all cases lies there?",
                15,
                "percent",
                value=world.caught,
                absolute=0.6,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of these fields?", 25, credit, because=told),
            first(scene.rng, 10, (WHEN, *IDLE), "A field that is filled at the end betrays it."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"In use {world.purest} is the same for all open {rows}, and the model calls them alike."
                if planted
                else f"None: filled or empty, {world.purest} leaves the class open."
            ),
            page="LEK002",
        ),
        world={"profile": columns},
    )


def _points(rng: np.random.Generator, world: Fields, planted: bool) -> tuple[Point, ...]:
    gives = Point(
        name="filling gives the class",
        says=f"The filling of {world.purest} {'gives' if planted else 'does not give'} the class away.",
        anchors=(("fill*", "empty", "missing", "null*", "blank"), ("giv*", "tell*", "betray*", "outcome", "leak*")),
        denied=not planted,
        probe=probe(
            rng,
            "Does being filled or empty give a class away?",
            *(("yes", "no") if planted else ("no", "yes")),
            "only by the values",
        ),
    )
    purity = Point(
        name="the purest side",
        says=f"One side of {world.purest} holds {world.purity:.0f} % cases.",
        anchors=((world.purest.lower(), "filled", "empty", "field"),),
        number=Said(value=world.purity / 100, tolerance=0.012),
        probe=probe(rng, "What would clear such a field?", "it is filled before the question", "few empty rows"),
    )
    return gives, purity


def _read(shown: Shown) -> Fields:
    rows = table(shown, TABLE)
    a, b, c, d = ([int(n) for n in numbers(rows, name)] for name in COLUMNS)
    return Fields(counts=dict(zip(texts(rows, "field"), zip(a, b, c, d, strict=True), strict=True)))


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "giving": read.giving,
        "purity": read.purity,
        "caught": read.caught,
        "verdict": option(shown, "verdict", GIVES if read.giving else LEANS),
        "first": option(shown, "first", WHEN),
    }


def _emptiest(shown: Shown) -> Answers:
    counts = list(_read(shown).counts.values())
    empty = tuple(i for i, (filled, _, rest, _) in enumerate(counts, 1) if rest > filled)
    return {**_solve(shown), "giving": empty, "verdict": option(shown, "verdict", OTHERS[0])}


def _leaning(shown: Shown) -> Answers:
    read = _read(shown)
    place = tuple(read.counts).index(read.purest) + 1
    return {**_solve(shown), "giving": (place,), "verdict": option(shown, "verdict", GIVES)}


KIND = Kind(
    family=Family.LEAKAGE,
    name="field-filled-by-the-outcome",
    title="Filled and empty fields",
    fault="Whether a field is filled gives the outcome away.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="fields that are mostly empty are the trouble",
            answers=_emptiest,
            loses=("giving", "verdict"),
            on_clean=("giving", "verdict"),
        ),
        Mutant(mistake="a field that leans to a class is a leak", answers=_leaning, on_clean=("giving", "verdict")),
    ),
    check="LEK002",
)
