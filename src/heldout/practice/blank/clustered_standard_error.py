"""The standard error of a mean whose rows come in clusters."""

from random import Random

import numpy as np

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
def standard_error(values, clusters):
    names = set(clusters)
    if len(names) < 2:
        return None
    mean = sum(values) / len(values)
    sums = dict.fromkeys(names, 0.0)
    for value, name in zip(values, clusters):
        sums[name] += value - mean
    groups = len(names)
    variance = groups / (groups - 1) * sum(one * one for one in sums.values()) / len(values) ** 2
    return variance ** 0.5
"""


def oracle(values: list[float], clusters: list[str]) -> float | None:
    """Return it from the matrix of which rows share a cluster."""
    names = np.array(clusters)
    groups = len(set(clusters))
    if groups < 2:
        return None
    off = np.array(values) - np.mean(values)
    together = names[:, None] == names[None, :]
    return float(np.sqrt(groups / (groups - 1) * max(off @ together @ off, 0.0)) / len(values))


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    clusters = [f"d{rng.randrange(12)}" for _ in range(90)] + ["d0", "d1"]
    effect = {name: rng.gauss(0, 1) for name in sorted(set(clusters))}
    values = [round(effect[name] + rng.gauss(0, 0.5), 6) for name in clusters]
    alone = [f"r{row}" for row in range(20)]
    calls: list[tuple[str, list[float], list[str]]] = [
        ("no rows", [], []),
        ("one cluster", [1.0, 2.0, 3.0], ["a", "a", "a"]),
        ("clusters of many rows", values, clusters),
        ("a row per cluster", values[:20], alone),
        ("duplicated rows", values[:20] * 3, alone * 3),
        ("equal values", [2.0] * 6, ["a", "b", "c"] * 2),
        ("a large offset", [value + 1e6 for value in values], clusters),
        ("two clusters", [0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"]),
    ]
    return tuple(Case(test=t, arguments=(list(a), list(b)), wanted=oracle(a, b), tolerance=1e-7) for t, a, b in calls)


TASK = Task(
    family=Family.COMPARISON,
    name="clustered-standard-error",
    title="A clustered standard error",
    statement="Write the standard error of the mean of rows that come in clusters (sentences of documents).",
    function="standard_error",
    signature="def standard_error(values: list[float], clusters: list[str]) -> float | None:",
    inputs=("values: a difference per row", "clusters: the cluster's name of each row, in any order"),
    outputs=(
        "√(G / (G − 1) · Σ over clusters of (Σ over its rows of (value − mean))²) / n, for G clusters and n rows",
    ),
    edges=("fewer than two clusters: None", "a cluster may have one row", "all values equal: 0"),
    baseline="The standard error of independent rows, s / √n: then sum within clusters before squaring.",
    trace=Trace(
        arguments=([0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"]),
        result=0.5,
        way="The mean is 0.5; the clusters' sums are −1 and 1; 2 / 1 · 2 = 4; its root is 2; over n = 4 that is 0.5.",
    ),
    tests={
        "no rows": "empty lists",
        "one cluster": "rows of one cluster",
        "clusters of many rows": "92 rows in twelve clusters",
        "a row per cluster": "clusters of one row each",
        "duplicated rows": "every row three times, in its cluster",
        "equal values": "values without any spread",
        "a large offset": "values around a million",
        "two clusters": "four rows in two clusters",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="rows are squared before they are summed",
            changes=(("sums[name] += value - mean", "sums[name] += (value - mean) ** 2"), ("one * one for", "one for")),
            fails=("clusters of many rows", "duplicated rows", "two clusters"),
        ),
        Slip(
            mistake="the factor G / (G − 1) is forgotten",
            changes=(("groups / (groups - 1) * sum", "sum"),),
            fails=("clusters of many rows", "two clusters"),
        ),
        Slip(
            mistake="one cluster is enough",
            changes=(("if len(names) < 2:", "if len(names) < 1:"),),
            fails=("one cluster",),
        ),
    ),
    point=Point(
        name="few clusters",
        says="With few clusters the standard error is too small, so their number has to be reported.",
        anchors=(("few", "number of", "small number", "how many"), ("cluster*", "document*", "group*")),
        probe=Probe(
            ask="When is this standard error not to be trusted?",
            options=("With many rows", "With few clusters", "With equal clusters"),
            right=1,
        ),
    ),
)
