"""One slice of the rows against the rest: how many times larger its error is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Uncertainty
from heldout.stats.sample import BadSample, Floats, Undefined, as_array, checked_level
from heldout.stats.score import metric_named, score_estimate

__all__ = ["SliceContrast", "slice_contrast"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceContrast:
    """A metric within a slice and on the rest, and the ratio of their errors: distances from the perfect value.

    `error_ratio` is above 1 where the slice is worse; undefined with its reason where it does not exist.
    `log_standard_error` and `degrees_of_freedom` are those of its logarithm, None where undefined.
    """

    inside: Estimate
    outside: Estimate
    error_ratio: Estimate
    log_standard_error: float | None
    degrees_of_freedom: float | None

    def p_above(self, ratio: float) -> float | None:
        """Return the one-sided p of "the errors' ratio is at most `ratio`" (above 0); None where undefined."""
        if self.error_ratio.value is None or self.log_standard_error is None or self.degrees_of_freedom is None:
            return None
        distance = (math.log(self.error_ratio.value) - math.log(ratio)) / self.log_standard_error
        return float(special.stdtr(self.degrees_of_freedom, -distance))


def slice_contrast(
    metric: str,
    label: ArrayLike,
    score: ArrayLike,
    inside: ArrayLike,
    *,
    outside: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> SliceContrast:
    """Return how the rows `inside` (n,), true or 1, score on `metric` beside the rows `outside`, by default all others.

    label (n,) and score (n,). Error is |perfect - value|. The interval of the ratio is t on the log scale, from the
    influence of both sides summed by `cluster` (n,), so a cluster may lie on both. Undefined: a side where the metric
    or its interval does not exist (`score_estimate` says where), or without any error. Raises BadSample for bad arrays
    or an unknown metric.

    >>> label, score = [0, 1] * 60, [0.2, 0.9, 0.4, 0.6] * 15 + [0.2, 0.9, 0.6, 0.4] * 15
    >>> contrast = slice_contrast("brier_loss", label, score, [False] * 60 + [True] * 60)
    >>> round(contrast.error_ratio.value, 2), contrast.p_above(1.2) < 0.01
    (2.08, True)
    """
    checked_level(level)
    chosen = metric_named(metric)
    labels, (scores,) = chosen.checked(label, score)
    sides = [_mask(inside, labels.size, "inside")]
    sides.append(~sides[0] if outside is None else _mask(outside, labels.size, "outside"))
    if (sides[0] & sides[1]).any():
        raise BadSample("a row is inside the slice and outside", expected="one of them for each row")
    keys = None if cluster is None else as_array(cluster, "cluster")
    clusters = Clusters.of(keys, labels.size)
    estimates, influence, flat = [], np.zeros(labels.size), None
    for sign, rows in zip((1, -1), sides, strict=True):
        of_side = None if keys is None else keys[rows]
        estimates.append(_estimate(metric, labels[rows], scores[rows], of_side, level))
        if estimates[-1].is_defined:
            part = chosen.kernel(labels[rows], scores[rows])
            if part.influence.any():
                influence[rows] = -sign * part.influence / (chosen.perfect - part.value)
            else:
                flat = "the rows of a side all fare alike, so the sample says nothing of their ratio's error"
    n, method = int(sides[0].sum() + sides[1].sum()), f"log ratio of errors over {clusters.count} {clusters.unit}, t"
    gone = next((one.undefined_because for one in estimates if not one.is_defined), flat)
    if gone:
        ratio = undefined(gone, n=n, method=method, level=level)
        return _contrast(estimates, ratio)
    spread = Uncertainty.of(clusters.sums(influence))
    errors = [abs(chosen.perfect - (one.value or 0.0)) for one in estimates]
    value, half = errors[0] / errors[1], spread.t_quantile(level) * spread.standard_error
    ratio = Estimate(
        value=value, low=value * math.exp(-half), high=value * math.exp(half), n=n, method=method, level=level
    )
    return _contrast(estimates, ratio, spread)


def _contrast(estimates: list[Estimate], ratio: Estimate, spread: Uncertainty | None = None) -> SliceContrast:
    return SliceContrast(
        inside=estimates[0],
        outside=estimates[1],
        error_ratio=ratio,
        log_standard_error=None if spread is None else spread.standard_error,
        degrees_of_freedom=None if spread is None else spread.degrees_of_freedom,
    )


def _mask(rows: ArrayLike, n: int, name: str) -> NDArray[np.bool_]:
    mask = as_array(rows, name)
    is_mask = mask.dtype.kind in "biufO" and ((mask == 0) | (mask == 1)).all()
    if not is_mask or mask.shape != (n,):
        raise BadSample(f"{name} has shape {mask.shape} of {mask.dtype}", expected=f"true or false for {n} rows")
    chosen: NDArray[np.bool_] = mask == 1
    return chosen


def _estimate(metric: str, label: Floats, score: Floats, cluster: NDArray[np.generic] | None, level: float) -> Estimate:
    if not label.size:
        return undefined("there are no rows", n=0, method="score", level=level)
    try:
        return score_estimate(metric, label, score, cluster, level)
    except Undefined as reason:
        return undefined(str(reason), n=label.size, method="score", level=level)
