"""The growth of a running time: the slope of log time over log size."""

from random import Random

import numpy as np

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
import math

def slope(sizes, seconds):
    points = [(math.log(n), math.log(s)) for n, s in zip(sizes, seconds) if n > 0 and s > 0]
    if len({x for x, _ in points}) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)
"""


def oracle(sizes: list[int], seconds: list[float]) -> float | None:
    """Solve the least squares with a matrix."""
    kept = [(n, s) for n, s in zip(sizes, seconds, strict=True) if n > 0 and s > 0]
    if len({n for n, _ in kept}) < 2:
        return None
    x, y = np.log(np.array(kept, dtype=float)).T
    solution = np.linalg.lstsq(np.column_stack([x - x.mean(), np.ones(len(x))]), y, rcond=None)[0]
    return float(solution[0])


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    sizes = [100 * 2**step for step in range(8)]
    noisy = [1e-6 * n ** rng.uniform(1.2, 2.2) * rng.uniform(0.8, 1.2) for n in sizes]
    calls: list[tuple[str, list[int], list[float]]] = [
        ("no points", [], []),
        ("one size", [100, 100, 100], [1.0, 2.0, 3.0]),
        ("a straight line", sizes, [1e-6 * n * n for n in sizes]),
        ("a noisy line", sizes, noisy),
        ("repeated sizes", sizes + sizes, noisy + [2 * one for one in noisy]),
        ("zeros", [0, *sizes], [0.0, 0.0, *noisy[1:]]),
        ("two points", [10, 1000], [1.0, 10.0]),
        ("constant time", sizes, [0.5] * 8),
    ]
    return tuple(Case(test=t, arguments=(list(a), list(b)), wanted=oracle(a, b), tolerance=1e-8) for t, a, b in calls)


TASK = Task(
    family=Family.COMPLEXITY,
    name="log-log-slope",
    title="The slope of the running time",
    statement="Write the exponent of a growth: the least-squares slope of log time on log size.",
    function="slope",
    signature="def slope(sizes: list[int], seconds: list[float]) -> float | None:",
    inputs=("sizes: rows per run; a size may be there several times", "seconds: the running time of each run"),
    outputs=("the slope: 1 for linear, 2 for quadratic",),
    edges=(
        "a size or time that is not above 0 is left out",
        "fewer than two different sizes: None",
        "constant time: 0",
    ),
    baseline="The slope between the first and the last run: then use all runs.",
    trace=Trace(
        arguments=([10, 100], [1.0, 100.0]),
        result=2.0,
        way="Ten times the rows take a hundred times the time: log 100 / log 10 = 2.",
    ),
    tests={
        "no points": "empty lists",
        "one size": "runs of one size",
        "a straight line": "a time that is exactly quadratic",
        "a noisy line": "eight runs with noise",
        "repeated sizes": "each size run twice",
        "zeros": "a size of 0 and times of 0",
        "two points": "two runs",
        "constant time": "a time that does not grow",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="only the first and the last run",
            changes=(
                (
                    "above = sum(",
                    "return (points[-1][1] - points[0][1]) / (points[-1][0] - points[0][0])\n    above = sum(",
                ),
            ),
            fails=("a noisy line",),
        ),
        Slip(mistake="zeros are not looked for", changes=((" if n > 0 and s > 0]", "]"),), fails=("zeros",)),
        Slip(
            mistake="one size is enough", changes=(("{x for x, _ in points}) < 2", "points) < 2"),), fails=("one size",)
        ),
        Slip(
            mistake="the times are not logged",
            changes=(("math.log(s))", "s)"),),
            fails=("a straight line", "two points"),
        ),
    ),
    point=Point(
        name="the range of sizes",
        says="The slope holds only in the range of sizes that was measured, since fixed costs hide the growth.",
        anchors=(
            ("range", "small", "measured", "sizes", "extrapolat*"),
            ("fixed", "overhead", "hide*", "constant", "only", "beyond"),
        ),
        probe=Probe(
            ask="Where does the slope hold?",
            options=("For every size", "In the range that was measured", "For small sizes only"),
            right=1,
        ),
    ),
)
