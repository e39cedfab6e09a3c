"""Cohen's kappa of two raters."""

from random import Random

import numpy as np

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
def kappa(first, second):
    pairs = [(a, b) for a, b in zip(first, second) if a is not None and b is not None]
    if not pairs:
        return None
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    names = {one for pair in pairs for one in pair}
    chance = sum(sum(a == name for a, _ in pairs) * sum(b == name for _, b in pairs) for name in names) / n ** 2
    if chance == 1:
        return None
    return (observed - chance) / (1 - chance)
"""


def oracle(first: list[str | None], second: list[str | None]) -> float | None:
    """Return it from the table of both raters' labels."""
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    names = sorted({one for pair in pairs for one in pair})
    if len(names) < 2:
        return None
    table = np.zeros((len(names), len(names)))
    for a, b in pairs:
        table[names.index(a), names.index(b)] += 1
    table /= table.sum()
    chance = float(table.sum(axis=0) @ table.sum(axis=1))
    return (float(np.trace(table)) - chance) / (1 - chance)


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    first = [rng.choices(["good", "fair", "bad"], [6, 3, 1])[0] for _ in range(80)] + ["good", "bad"]
    second = [one if rng.random() < 0.7 else rng.choice(["good", "fair", "bad"]) for one in first]
    holes = [None if rng.random() < 0.15 else one for one in second[:-1]] + [None]
    rare = ["ok"] * 48 + ["ok", "no"]
    calls: list[tuple[str, list[str | None], list[str | None]]] = [
        ("no items", [], []),
        ("full agreement", [*first], [*first]),
        ("ordinary ratings", [*first], [*second]),
        ("missing ratings", [*first], holes),
        ("one label only", ["ok"] * 5, ["ok"] * 5),
        ("all missing", [None, None], ["a", "b"]),
        ("a label of one rater", ["a", "b", "a"], ["a", "c", "a"]),
        ("less than chance", ["a", "b", "a", "b"], ["b", "a", "b", "a"]),
        ("a rare class", [*rare], [*rare[::-1]]),
    ]
    return tuple(Case(test=t, arguments=(list(a), list(b)), wanted=oracle(a, b)) for t, a, b in calls)


TASK = Task(
    family=Family.HUMAN,
    name="cohens-kappa",
    title="Cohen's kappa",
    statement="Write Cohen's kappa: how much two raters agree beyond what their own frequencies explain.",
    function="kappa",
    signature="def kappa(first: list[str | None], second: list[str | None]) -> float | None:",
    inputs=("first, second: the label that each rater gave to each item, None where there is none",),
    outputs=("(observed − chance) / (1 − chance), where chance = Σ over labels of share₁ · share₂",),
    edges=(
        "an item that one of them did not rate is left out",
        "no items are left, or both gave one and the same label throughout: None",
        "a label may be used by one rater alone",
    ),
    baseline="The share of equal labels: then take off what chance gives.",
    trace=Trace(
        arguments=(["a", "a", "b", "b"], ["a", "b", "b", "b"]),
        result=0.5,
        way="Three of four agree: 0.75. Chance: a 0.5 · 0.25 + b 0.5 · 0.75 = 0.5. (0.75 − 0.5) / 0.5 = 0.5.",
    ),
    tests={
        "no items": "empty lists",
        "full agreement": "two equal lists",
        "ordinary ratings": "82 items with three labels",
        "missing ratings": "items that one rater left out",
        "one label only": "both raters gave one label throughout",
        "all missing": "no item that both rated",
        "a label of one rater": "a label that only one of them used",
        "less than chance": "raters who always differ",
        "a rare class": "nearly all labels are the same",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="chance is one over the number of labels",
            changes=(
                (
                    "chance = sum(sum(a == name for a, _ in pairs) * sum(b == name for _, b in pairs) for name in"
                    " names) / n ** 2",
                    "chance = 1 / len(names)",
                ),
            ),
            fails=("ordinary ratings", "a rare class"),
        ),
        Slip(
            mistake="missing ratings count as a label",
            changes=((" if a is not None and b is not None]", "]"),),
            fails=("missing ratings", "all missing"),
        ),
        Slip(
            mistake="one label throughout is not looked for",
            changes=(("if chance == 1:\n        return None\n    ", ""),),
            fails=("one label only",),
        ),
        Slip(
            mistake="only the first rater's labels are known",
            changes=(
                ("for pair in pairs for one in pair}", "for pair in pairs for one in pair[:1]}"),
                (
                    "sum(a == name for a, _ in pairs) * sum(b == name for _, b in pairs)",
                    "sum(a == name for a, _ in pairs) ** 2",
                ),
            ),
            fails=("ordinary ratings",),
        ),
    ),
    point=Point(
        name="the paradox of kappa",
        says="Where one label is rare, kappa is low although the raters agree on nearly all items.",
        anchors=(("rare", "skew*", "unbalanced", "prevalence", "imbalance*"), ("kappa", "agree*")),
        probe=Probe(
            ask="What happens to kappa where one label is rare?",
            options=("It falls although raw agreement is high", "It rises", "Nothing"),
            right=0,
        ),
    ),
)
