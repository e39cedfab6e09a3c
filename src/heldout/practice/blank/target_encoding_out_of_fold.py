"""Target encoding that never shows a row its own label."""

from random import Random

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
def encode(categories, labels, folds):
    encoded = []
    for category, fold in zip(categories, folds):
        others = [y for y, f in zip(labels, folds) if f != fold]
        same = [y for c, y, f in zip(categories, labels, folds) if c == category and f != fold]
        chosen = same or others
        encoded.append(sum(chosen) / len(chosen) if chosen else None)
    return encoded
"""


def oracle(categories: list[str], labels: list[int], folds: list[int]) -> list[float | None]:
    """Take each fold's sums away from the sums over all rows."""
    total: dict[tuple[str, int | None], list[int]] = {}
    for category, label, fold in zip(categories, labels, folds, strict=True):
        for key in ((category, fold), (category, None), ("", fold), ("", None)):
            sums = total.setdefault(key, [0, 0])
            sums[0] += label
            sums[1] += 1
    encoded = []
    for category, fold in zip(categories, folds, strict=True):
        one = _without(total[category, None], total[category, fold])
        encoded.append(one if one is not None else _without(total["", None], total["", fold]))
    return encoded


def _without(every: list[int], fold: list[int]) -> float | None:
    rows = every[1] - fold[1]
    return (every[0] - fold[0]) / rows if rows else None


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    rows = 60
    categories = [rng.choice("abcd") for _ in range(rows)]
    labels = [int(rng.random() < 0.2 + 0.2 * "abcd".index(one)) for one in categories]
    folds = [row % 5 for row in range(rows)]
    calls: list[tuple[str, list[str], list[int], list[int]]] = [
        ("no rows", [], [], []),
        ("own label", ["a", "a", "b", "b"], [1, 0, 1, 0], [0, 1, 0, 1]),
        ("ordinary rows", categories, labels, folds),
        ("a category of one fold", ["a", "a", "b", "b", "b"], [1, 1, 0, 1, 0], [0, 0, 1, 2, 2]),
        ("one fold only", ["a", "b", "a"], [1, 0, 1], [3, 3, 3]),
        ("a label of 0 is a label", ["a", "a", "b"], [1, 0, 1], [0, 1, 2]),
    ]
    return tuple(
        Case(test=t, arguments=(list(a), list(b), list(c)), wanted=list(oracle(a, b, c))) for t, a, b, c in calls
    )


TASK = Task(
    family=Family.LEAKAGE,
    name="target-encoding-out-of-fold",
    title="Target encoding out of fold",
    statement="Encode each row by the mean label of its category over the other folds: no row sees its own label.",
    function="encode",
    signature="def encode(categories: list[str], labels: list[int], folds: list[int]) -> list[float | None]:",
    inputs=("categories: a name per row", "labels: 0 or 1 per row", "folds: the fold number of each row"),
    outputs=("a mean per row, in the order of the rows",),
    edges=(
        "a category that only this fold has gets the mean of all rows of the other folds",
        "where there are no other folds: None",
        "no rows: an empty list",
    ),
    baseline="The mean over the whole category: finished, but every row sees its label. Then leave the fold out.",
    trace=Trace(
        arguments=(["a", "a", "b"], [1, 0, 1], [0, 1, 1]),
        result=[0.0, 1.0, 1.0],
        way="Row 0: a in fold 1 has label 0. Row 1: a in fold 0 has 1. Row 2: b is in fold 1 alone: fold 0's mean, 1.",
    ),
    tests={
        "no rows": "empty lists",
        "own label": "a category with one row in each of two folds",
        "ordinary rows": "60 rows in five folds",
        "a category of one fold": "a category that no other fold has",
        "one fold only": "rows that are all in one fold",
        "a label of 0 is a label": "a category whose only other label is 0",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="the row's own fold is used too",
            changes=(("if c == category and f != fold]", "if c == category]"),),
            fails=("own label", "ordinary rows"),
        ),
        Slip(
            mistake="what no other fold has is not looked for",
            changes=(("chosen = same or others", "chosen = same"),),
            fails=("a category of one fold",),
        ),
        Slip(
            mistake="the mean of everything stands in, the row's fold included",
            changes=(("zip(labels, folds) if f != fold]", "zip(labels, folds)]"),),
            fails=("a category of one fold", "one fold only"),
        ),
    ),
    point=Point(
        name="noise of rare categories",
        says="The mean of a rare category is noisy, so it has to be shrunk towards the overall mean.",
        anchors=(("rare", "small", "few"), ("noisy", "noise", "unstable", "varian*", "shrink*", "shrunk", "smooth*")),
        probe=Probe(
            ask="What is the weak side of a rare category's mean?",
            options=("It is noisy", "It is slow to compute", "It is always 0"),
            right=0,
        ),
    ),
)
