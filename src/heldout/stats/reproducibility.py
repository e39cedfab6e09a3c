"""What rerunning a submission with the same seed shows, as one of four classes."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.evidence import Rerun
from heldout.stats.magnitude import centred, length, scalable
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level, checked_number

__all__ = ["REPRODUCIBILITY_CLASSES", "RUNS_NEEDED", "between_run_bound", "class_rank", "reproducibility_class"]

REPRODUCIBILITY_CLASSES = ("fails", "statistical", "tolerance", "bitwise")
"""From the lowest to the highest."""

RUNS_NEEDED = 5
"""So many runs of one seed are needed to show that the metric's spread between runs is small."""

_RANK: Mapping[str, int] = MappingProxyType({name: rank for rank, name in enumerate(REPRODUCIBILITY_CLASSES)})


def class_rank(name: str) -> int:
    """Return 0 for the lowest class and 3 for the highest; raises BadSample for another name.

    >>> class_rank("tolerance") > class_rank("statistical")
    True
    """
    if name not in _RANK:
        raise BadSample(f"{name!r} is no reproducibility class", expected="one of " + ", ".join(_RANK))
    return _RANK[name]


def between_run_bound(values: ArrayLike, level: float = 0.95) -> float:
    """Return the upper bound at one-sided `level` of the standard deviation of runs whose metrics are `values` (R,).

    s √((R - 1) / χ²(1 - level; R - 1)), for normal differences between runs; R ≥ 2. Raises BadSample otherwise, and
    for a level outside (0, 1).

    >>> round(between_run_bound([0.70, 0.71, 0.70, 0.69, 0.70]), 4)
    0.0168
    """
    checked_level(level)
    metric = as_numbers(values, "metric_values")
    if metric.size < 2:
        raise BadSample("a spread between runs takes two runs", expected="two values at least")
    df = metric.size - 1
    spread = length(centred(scalable(metric, "metric_values"))) / math.sqrt(df)
    return float(spread * math.sqrt(df / float(special.chdtri(df, level))))


def reproducibility_class(
    runs: ArrayLike,
    metric_values: ArrayLike,
    *,
    epsilon: float,
    delta: float,
    lowest: str,
    same_bytes: bool,
    failure: str = "",
) -> Rerun:
    """Class the predictions of R ≥ 2 runs of one seed, shape (R, n), whose metrics are `metric_values` (R,).

    bitwise: the caller found the prediction files equal byte by byte (`same_bytes`). tolerance: predictions differ by
    at most `epsilon`. statistical: R ≥ 5 and the 95 % upper bound of the metric's standard deviation between runs is
    at most `delta`, in metric units (by default a quarter of the minimum lift): that shows equivalence,
    where a test without a difference would show nothing. Otherwise fails; so also where one more run broke off, which
    `failure` tells (then R ≥ 1). `lowest` is passed on.
    Raises BadSample for bad arrays, an unknown `lowest`, or `same_bytes` with predictions that differ.

    >>> runs = [[0.1, 0.9], [0.1, 0.9000001]]
    >>> reproducibility_class(
    ...     runs, [0.7, 0.7], epsilon=1e-6, delta=0.003, lowest="tolerance", same_bytes=False
    ... ).reproducibility
    'tolerance'
    """
    predictions = as_numbers(runs, "runs", dimensions=2)
    values = as_numbers(metric_values, "metric_values")
    if len(predictions) < (1 if failure else 2) or not predictions.size or values.size != len(predictions):
        raise BadSample(
            f"{len(predictions)} runs of {predictions.shape[1]} rows, {values.size} metric values",
            expected="two runs at least, of the same rows, with a metric value each",
        )
    if min(checked_number(x, name, infinite=True) for x, name in ((epsilon, "epsilon"), (delta, "delta"))) < 0:
        raise BadSample(f"epsilon {epsilon} and delta {delta} are bounds", expected="numbers of 0 or more")
    class_rank(lowest)
    largest = float(np.ptp(predictions, axis=0).max()) if len(predictions) > 1 else None
    if same_bytes and largest:
        raise BadSample("files with the same bytes cannot hold different predictions")
    if failure or largest is None:
        name, explanation = "fails", f"Run again with the same seed, it failed: {failure}."
    else:
        name, explanation = _class(values, largest, epsilon, delta, same_bytes=same_bytes)
    return Rerun(
        reproducibility=name,
        lowest=lowest,
        reruns=len(predictions),
        largest_difference=largest,
        tolerance=epsilon,
        explanation=explanation,
    )


def _class(values: Floats, largest: float, epsilon: float, delta: float, *, same_bytes: bool) -> tuple[str, str]:
    count = values.size
    if same_bytes:
        return "bitwise", f"{count} runs with the same seed wrote the same bytes."
    differ = f"Predictions of {count} runs with the same seed differ by up to {largest:.3g}"
    if largest <= epsilon:
        return "tolerance", f"{differ}, and {epsilon:.3g} is allowed."
    differ = f"{differ}, more than the allowed {epsilon:.3g}"
    if count < RUNS_NEEDED:
        return "fails", f"{differ}; to show that the metric hardly moves, {RUNS_NEEDED} runs are needed."
    bound = between_run_bound(values)
    spread = f"the metric's standard deviation between runs is at most {bound:.3g} (95 % upper bound)"
    if bound <= delta:
        return "statistical", f"{differ}; {spread}, and {delta:.3g} is allowed."
    return "fails", f"{differ}; {spread}, more than the allowed {delta:.3g}."
