"""Rows were split, and not the customers they belong to."""

import re

import numpy as np

from heldout.core.evidence import EntityOverlap
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

TRAIN, TEST = "train", "test"
SIZES = {Difficulty.EASY: (12, 7), Difficulty.MIDDLE: (18, 10), Difficulty.HARD: (26, 13)}
SHARED = {Difficulty.EASY: 4, Difficulty.MIDDLE: 3, Difficulty.HARD: 2}
STRADDLES = "The same ones are on both sides: the model may know them again instead of the case"
PARTED = "Nobody is on both sides: the split holds for new ones"
OTHERS = (
    "There are too few of them in test to compute anything",
    "Those with many rows decide, so weigh them down",
)
BY_KEY = "Give each of them to one side before any row is drawn"
WEAK = (
    "Leave the key out of the features and keep the split as it is",
    "Draw the test rows again with another seed",
    "Stratify the split by the label",
)
NEW = "Will the model meet those it was trained on, or new ones?"
IDLE = ("How many features has the model?", "Can more rows be drawn into test?")
PRODUCTS = (
    ("patients", "PT", "scans"),
    ("machines", "MX", "readings"),
    ("customers", "CU", "invoices"),
    ("drivers", "DR", "trips"),
)
WAYS = ("{0}-{1:04d}", "{0}{1}", "{0}/{1:05d}")
"""How a key may be written; in the hard drill train and test write it otherwise."""


def _number(key: str) -> int:
    """Return the number of a key, however it is written."""
    return int(re.sub(r"\D", "", key))


def _shared(train: list[str], test: list[str]) -> tuple[int, ...]:
    """Return the rows of test, from 1, whose key is in train."""
    known = {_number(key) for key in train}
    return tuple(row for row, key in enumerate(test, 1) if _number(key) in known)


def _nearly(train: list[str], test: list[str]) -> tuple[int, ...]:
    """Return the rows of test, from 1, whose key is one of train with two digits swapped."""
    known = {_number(key) for key in train}
    return tuple(row for row, key in enumerate(test, 1) if _swapped(_number(key)) in known)


def _swapped(number: int) -> int:
    return number // 100 * 100 + number % 10 * 10 + number // 10 % 10


def _drawn(rng: np.random.Generator, at: Difficulty, planted: bool) -> tuple[list[int], list[int]]:
    """Draw numbers of train and test, of which one in test is nearly, and some are wholly, one of train."""
    n, m = SIZES[at]
    free = [i for i in range(1000, 10_000) if i // 10 % 10 != i % 10 and _swapped(i) > i]
    numbers_ = [int(i) for i in rng.choice(free, n + m, replace=False)]
    train, test = numbers_[:n], numbers_[n:]
    test[0] = _swapped(train[0])
    if planted:
        test[1 : 1 + SHARED[at]] = train[1 : 1 + SHARED[at]]
    return [train[i] for i in rng.permutation(n)], [test[i] for i in rng.permutation(m)]


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("customer-on-both-sides", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    who, prefix, rows = scene.product
    ways = [WAYS[i] for i in scene.rng.permutation(len(WAYS))]
    ways[1] = ways[1] if difficulty is Difficulty.HARD else ways[0]
    keys = _drawn(rng, difficulty, planted)
    train, test = ([way.format(prefix, i) for i in side] for way, side in zip(ways, keys, strict=False))
    counts = [[int(i) for i in rng.integers(4, 40, len(side))] for side in (train, test)]
    shared = _shared(train, test)
    straddling, total = sum(counts[1][row - 1] for row in shared), sum(counts[1])
    share = 100 * straddling / total
    told = f"{len(shared)} of {len(test)} {who} in test are in train, with {straddling} of {total} test {rows}."
    credit = {STRADDLES: planted, PARTED: not planted} | dict.fromkeys(OTHERS, False)
    fixes = {BY_KEY: 1.0} | dict.fromkeys(WEAK, 0.0)
    return drill(
        situation=(
            f"{scene.company} judges {rows} of {who}, and the model is for {who} that it has never seen. Train "
            f"and test come from two exports; these are their {who}, with the number of {rows}."
        ),
        exhibits=tuple(
            Rows(name=name, columns=("key", rows), rows=tuple(zip(side, many, strict=True)))
            for name, side, many in zip((TRAIN, TEST), (train, test), counts, strict=True)
        ),
        asked=(
            pick(
                "shared",
                f"Pick the {who} of test that are in train too; none is an answer.",
                30,
                TEST,
                shared,
                because=told,
            ),
            number(
                "share",
                f"What share of the test {rows} is of {who} that train knows?",
                20,
                "percent",
                value=share,
                absolute=0.6,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of the split?", 25, credit, because=told),
            choice(
                scene.rng,
                "fix",
                "Which split holds for new ones?",
                15,
                fixes,
                because="A key left out is still in the rows.",
            ),
            first(scene.rng, 10, (NEW, *IDLE), "The use decides what is split."),
        ),
        points=_points(scene.rng, share, planted),
        feedback=Feedback(
            evidence=told,
            price=f"The score of {share:.0f} % of the test {rows} says nothing of {who} that are new.",
            page="SPL002",
        ),
        world={
            "entity_overlap": EntityOverlap(
                column=who,
                test_rows=total,
                shared_rows=straddling,
                test_entities=len(test),
                shared_entities=len(shared),
                examples=tuple(test[row - 1] for row in shared[:3]),
            )
        },
    )


def _points(rng: np.random.Generator, share: float, planted: bool) -> tuple[Point, ...]:
    both = Point(
        name="on both sides",
        says="The same keys are on both sides." if planted else "No key is on both sides.",
        anchors=(("both", "shared", "also in train", "in train too", "straddl*", "overlap*", "leak*"),),
        denied=not planted,
        probe=probe(
            rng, "Is a key of test in train?", *(("yes", "no") if planted else ("no", "yes")), "not to be told"
        ),
    )
    part = Point(
        name="share of the test rows",
        says=f"{share:.0f} % of the test rows are of keys that train knows.",
        anchors=(("test", "rows"), ("know*", "shared", "in train", "both", "seen")),
        number=Said(value=share / 100, tolerance=0.012),
        probe=probe(rng, "What is counted for the price?", "test rows", "keys", "train rows"),
    )
    return both, part


def _solve(shown: Shown) -> Answers:
    train, test = (texts(table(shown, name), "key") for name in (TRAIN, TEST))
    rows = table(shown, TEST)
    counts, shared = numbers(rows, rows.columns[1]), _shared(train, test)
    return {
        "shared": shared,
        "share": 100 * sum(counts[row - 1] for row in shared) / sum(counts),
        "verdict": option(shown, "verdict", STRADDLES if shared else PARTED),
        "fix": option(shown, "fix", BY_KEY),
        "first": option(shown, "first", NEW),
    }


def _dropping(shown: Shown) -> Answers:
    verdict, fix = option(shown, "verdict", PARTED), option(shown, "fix", WEAK[0])
    return {**_solve(shown), "shared": (), "share": 0.0, "verdict": verdict, "fix": fix}


def _at_a_glance(shown: Shown) -> Answers:
    train, test = (texts(table(shown, name), "key") for name in (TRAIN, TEST))
    shared = tuple(sorted({*_shared(train, test), *_nearly(train, test)}))
    return {**_solve(shown), "shared": shared, "verdict": option(shown, "verdict", STRADDLES)}


KIND = Kind(
    family=Family.SPLITS,
    name="customer-on-both-sides",
    title="Two exports",
    fault="Rows of the same patient, machine or customer are in train and in test.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a key that is no feature does no harm",
            answers=_dropping,
            loses=("shared", "share", "verdict", "fix"),
            on_clean=("fix",),
        ),
        Mutant(
            mistake="keys that look alike are the same",
            answers=_at_a_glance,
            loses=("shared",),
            on_clean=("shared", "verdict"),
        ),
    ),
    check="SPL002",
)
