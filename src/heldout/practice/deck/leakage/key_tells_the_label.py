"""Keys that were given class by class: their order tells the label."""

from dataclasses import dataclass

import numpy as np

from heldout.faults.planter import Table
from heldout.practice.deck.asked import choice, drill, first, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE = "keys in their order"
ROWS = 3000
BLOCKS = {Difficulty.EASY: 8, Difficulty.MIDDLE: 12, Difficulty.HARD: 20}
MOVED = {Difficulty.EASY: 1.0, Difficulty.MIDDLE: 0.9, Difficulty.HARD: 0.75}
"""Share of the cases that were exported after all others."""
GATE = 0.75
TELLS = "The keys were given by the outcome: leave them out, and find out how the table was put together"
DRIFTS = "The keys follow time, and the rate moves a little with it: no key tells the label"
OTHERS = (
    "Keys are text, so no model can use their order",
    "The rows have to be sorted by key before the split, so that each part holds one range of the keys alone",
)
ORIGIN = "Who gives the keys, and when?"
IDLE = ("How many digits has a key?", "Is the key unique?")
DROP = "Leave the key out, and shuffle the rows before anything cuts them"
WEAK = (
    "Hash the key and keep it",
    "Scale the key to 0 and 1",
    "Sort the rows by key and cut folds from them",
)
PRODUCTS = (
    ("fraud among its transfers", "transfers", "fraud"),
    ("disease on its slides", "slides", "diseased"),
    ("spam among its posts", "posts", "spam"),
    ("failures of its discs", "discs", "failed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Rows and cases of equal parts of the keys, in their order."""

    rows: tuple[int, ...]
    cases: tuple[int, ...]

    @property
    def auc(self) -> float:
        """AUC of the key's block, rows of a block taken for ties."""
        cases = np.array(self.cases, dtype=np.float64)
        others = np.array(self.rows) - cases
        below = np.cumsum(others) - others / 2
        return float((cases * below).sum() / (cases.sum() * others.sum()))

    @property
    def high(self) -> tuple[int, ...]:
        """The blocks, from 1, with more than twice the table's share of cases."""
        share = sum(self.cases) / sum(self.rows)
        return tuple(i for i, (n, hit) in enumerate(zip(self.rows, self.cases, strict=True), 1) if hit > 2 * share * n)


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> tuple[Table, Blocks]:
    place = np.arange(ROWS)
    label = (rng.random(ROWS) < 0.2 + 0.12 * place / ROWS).astype(np.int64)
    key = place.astype(np.float64)
    if planted:
        key += 2.0 * ROWS * label * (rng.random(ROWS) < MOVED[at])
    rank = np.argsort(np.argsort(key))
    in_order = label[np.argsort(rank)]
    parts = np.array_split(in_order, BLOCKS[at])
    blocks = Blocks(rows=tuple(len(part) for part in parts), cases=tuple(int(part.sum()) for part in parts))
    order = rng.permutation(ROWS)
    columns = {
        "amount": np.round(rng.gamma(2, 50 + 10 * label), 2)[order],
        "key": np.array([f"k{n:05d}" for n in rank])[order],
        "label": label[order],
    }
    return Table(columns=columns, target="label"), blocks


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("key-tells-the-label", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, rows, case = scene.product
    rows_table, world = _world(rng, difficulty, planted)
    ends = np.cumsum(world.rows)
    told = f"The order of the keys alone has an AUC of {world.auc:.3f} for {case}."
    credit = {TELLS: planted, DRIFTS: not planted} | dict.fromkeys(OTHERS, False)
    fixes = {DROP: 1.0} | dict.fromkeys(WEAK, 0.0)
    return drill(
        situation=(
            f"{scene.company} looks for {what}, and left the key among the features, as trees throw away what "
            f"they do not need. Here are the {ROWS:,} {rows} in blocks of their keys, the lowest first."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("keys up to", rows, case),
                rows=tuple(
                    (f"k{end - 1:05d}", n, hit) for end, n, hit in zip(ends, world.rows, world.cases, strict=True)
                ),
            ),
        ),
        asked=(
            number(
                "auc",
                "What AUC has the block of the key alone (rows of one block are ties)?",
                30,
                "AUC",
                value=world.auc,
                absolute=0.01,
                because=told,
            ),
            pick(
                "high",
                f"Pick the blocks with more than twice the table's share of {case}; none is an answer.",
                25,
                TABLE,
                world.high,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of the key?", 25, credit, because=told),
            choice(
                scene.rng,
                "fix",
                "What is to be done with such a key?",
                10,
                fixes,
                because="A key is no property of a case.",
            ),
            first(scene.rng, 10, (ORIGIN, *IDLE), "Who numbers rows may know how they end."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"New {rows} get the next key, whatever they are: there the model calls all of them {case}."
                if planted
                else f"None: new {rows} get the next key, and it says next to nothing."
            ),
            page="LEK006",
        ),
        world={"profile": rows_table, "row_order": rows_table},
    )


def _points(rng: np.random.Generator, world: Blocks, planted: bool) -> tuple[Point, ...]:
    tells = Point(
        name="the key tells the label",
        says=f"The key {'tells' if planted else 'does not tell'} the label.",
        anchors=(("key*", "id", "ids", "row number*", "number"), ("tell*", "predict*", "giv*", "know*", "leak*")),
        denied=not planted,
        probe=probe(
            rng,
            "Does the order of the keys tell the label?",
            *(("yes", "no") if planted else ("no", "yes")),
            "only within a block",
        ),
    )
    auc = Point(
        name="what the key reaches",
        says=f"The key alone has an AUC of {world.auc:.2f}.",
        anchors=(("auc",),),
        number=Said(value=world.auc, tolerance=0.02),
        probe=probe(rng, "What does a new row get?", "the next key", "a key by its class", "the key of a neighbour"),
    )
    return tells, auc


def _read(shown: Shown) -> Blocks:
    rows = table(shown, TABLE)
    many, cases = (tuple(int(n) for n in numbers(rows, name)) for name in rows.columns[1:])
    return Blocks(rows=many, cases=cases)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "auc": read.auc,
        "high": read.high,
        "verdict": option(shown, "verdict", TELLS if read.auc > GATE else DRIFTS),
        "fix": option(shown, "fix", DROP),
        "first": option(shown, "first", ORIGIN),
    }


def _ignoring(shown: Shown) -> Answers:
    verdict, fix = option(shown, "verdict", OTHERS[0]), option(shown, "fix", WEAK[0])
    return {**_solve(shown), "auc": 0.5, "high": (), "verdict": verdict, "fix": fix}


def _any_trend(shown: Shown) -> Answers:
    read = _read(shown)
    share = sum(read.cases) / sum(read.rows)
    above = tuple(i for i, (n, hit) in enumerate(zip(read.rows, read.cases, strict=True), 1) if hit > share * n)
    return {**_solve(shown), "high": above, "verdict": option(shown, "verdict", TELLS)}


KIND = Kind(
    family=Family.LEAKAGE,
    name="key-tells-the-label",
    title="Keys in their order",
    fault="Keys were given class by class, and a model reads their order.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a key is only a name",
            answers=_ignoring,
            loses=("auc", "high", "verdict", "fix"),
            on_clean=("verdict", "fix"),
        ),
        Mutant(mistake="any trend along the key is a leak", answers=_any_trend, on_clean=("high", "verdict")),
    ),
    check="LEK006",
)
