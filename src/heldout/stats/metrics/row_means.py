"""Metrics that are a mean over rows, or its root: Brier, log loss, absolute, squared, relative and pinball error."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from heldout.stats.magnitude import LARGEST
from heldout.stats.metrics.intake import BLOCK, Numbers, blocks
from heldout.stats.metrics.metric import Linearised, Metric, Summed
from heldout.stats.sample import BadSample, Floats, Undefined, checked_number

__all__ = [
    "BRIER_LOSS",
    "LOG_LOSS",
    "MEAN_ABSOLUTE_ERROR",
    "MEAN_ABSOLUTE_PERCENTAGE_ERROR",
    "MEAN_SQUARED_ERROR",
    "ROOT_MEAN_SQUARED_ERROR",
    "linearised_mean",
    "pinball_loss",
]

Loss = Callable[[Numbers, Numbers, Floats], None]
"""Writes the loss of each row of a block, given its labels, scores and where to write."""


def linearised_mean(per_row: Floats, weight: Floats | None = None) -> Linearised:
    """Return the mean of per_row (n,), whose array becomes the influence: its numbers are overwritten.

    >>> linearised_mean(np.array([1.0, 3.0]), np.array([3.0, 1.0])).value
    1.5
    """
    total = per_row.size if weight is None else weight.sum()
    value = float(per_row.sum() / total if weight is None else per_row @ weight / total)
    per_row -= value
    if weight is not None:
        per_row *= weight
    per_row /= total
    return Linearised(value=value, influence=per_row)


def _mean(loss: Loss, label: Numbers, score: Numbers, weight: Floats | None = None) -> Linearised:
    per_row = np.empty(label.size)
    for rows in blocks(label.size):
        loss(label[rows], score[rows], per_row[rows])
    return linearised_mean(per_row, weight)


def _summed_mean(loss: Loss, label: Numbers, score: Numbers) -> Summed:
    n, mean, squares, done = label.size, 0.0, 0.0, 0
    room = np.empty(min(BLOCK, n))
    for rows in blocks(n):
        part = room[: label[rows].size]
        loss(label[rows], score[rows], part)
        # Chan, Golub & LeVeque 1983, Am. Stat. 37:242: means and squared deviations of parts, put together
        gap = float(part.sum()) / part.size - mean
        part -= mean + gap
        both = done + part.size
        squares += float(np.square(part, out=part).sum()) + gap**2 * done * part.size / both
        mean, done = mean + gap * part.size / both, both
    return Summed(value=mean, squares=squares / n**2)


def _root(loss: Loss, label: Numbers, score: Numbers, weight: Floats | None = None) -> Linearised:
    squared = _mean(loss, label, score, weight)
    root = math.sqrt(squared.value)
    # delta method: d√m = dm / 2√m; without any error no row has moved the root
    return Linearised(value=root, influence=squared.influence / (2 * root) if root else squared.influence)


def _summed_root(loss: Loss, label: Numbers, score: Numbers) -> Summed:
    squared = _summed_mean(loss, label, score)
    return Summed(value=math.sqrt(squared.value), squares=squared.squares / (4 * squared.value or 1.0))


def _brier(label: Numbers, score: Numbers, out: Floats) -> None:
    np.square(np.subtract(score, label, out=out, dtype=np.float64), out=out)


def _log(label: Numbers, score: Numbers, out: Floats) -> None:
    # 0 and 1 are moved in by one machine epsilon of the scores' type, as scikit-learn does, so that one sure mistake
    # is no infinity
    tiny = float(np.finfo(score.dtype).eps)
    of_class = np.abs(np.subtract(np.logical_not(label), score, out=out, dtype=np.float64), out=out)
    np.clip(of_class, tiny, 1 - tiny, out=out)
    np.negative(np.log(out, out=out), out=out)


def _absolute(label: Numbers, score: Numbers, out: Floats) -> None:
    np.abs(np.subtract(score, label, out=out, dtype=np.float64), out=out)


def _relative(label: Numbers, score: Numbers, out: Floats) -> None:
    if not label.all():
        raise Undefined("a label is 0, and a percentage error divides by it")
    _absolute(label, score, out)
    nearest = float(np.abs(label).min())
    if float(out.max()) / nearest > LARGEST:  # at most: each error is divided by its own label
        raise Undefined(f"a label is {nearest:g}, too near 0 for a percentage error")
    np.divide(out, np.abs(label), out=out)


def _pinball(quantile: float, label: Numbers, score: Numbers, out: Floats) -> None:
    gap = np.subtract(label, score, out=out, dtype=np.float64)
    np.maximum(quantile * gap, (quantile - 1) * gap, out=out)


def _probability_loss(name: str, loss: Loss, highest: float) -> Metric:
    return Metric(
        name=name,
        higher_is_better=False,
        task="binary",
        perfect=0.0,
        highest=highest,
        needs_probability=True,
        kernel=partial(_mean, loss),
        summed=partial(_summed_mean, loss),
    )


def _regression_loss(name: str, loss: Loss) -> Metric:
    return Metric(
        name=name,
        higher_is_better=False,
        task="regression",
        perfect=0.0,
        highest=math.inf,
        kernel=partial(_mean, loss),
        summed=partial(_summed_mean, loss),
    )


BRIER_LOSS = _probability_loss("brier_loss", _brier, 1.0)
LOG_LOSS = _probability_loss("log_loss", _log, math.inf)
MEAN_ABSOLUTE_ERROR = _regression_loss("mean_absolute_error", _absolute)
MEAN_SQUARED_ERROR = _regression_loss("mean_squared_error", _brier)
MEAN_ABSOLUTE_PERCENTAGE_ERROR = _regression_loss("mean_absolute_percentage_error", _relative)
"""A share, not percent, as scikit-learn's; undefined where a label is 0."""

ROOT_MEAN_SQUARED_ERROR = Metric(
    name="root_mean_squared_error",
    higher_is_better=False,
    task="regression",
    perfect=0.0,
    highest=math.inf,
    kernel=partial(_root, _brier),
    summed=partial(_summed_root, _brier),
)


def pinball_loss(quantile: float) -> Metric:
    """Return the metric of forecasts of a quantile: mean of quantile · gap above, (1 - quantile) · gap below.

    Koenker & Bassett 1978, Econometrica 46:33. `quantile` lies in (0, 1), or BadSample is raised.

    >>> pinball_loss(0.9).value([1.0, 2.0], [0.0, 4.0])
    0.55
    """
    if not 0 < checked_number(quantile, "quantile") < 1:
        raise BadSample(f"{quantile} is no quantile to forecast", expected="a number between 0 and 1")
    return _regression_loss(f"pinball_loss:{quantile:g}", partial(_pinball, quantile))
