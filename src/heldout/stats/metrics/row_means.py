"""Metrics that are a mean over rows, or a function of one: accuracy, Brier, log loss, absolute and squared error."""

import numpy as np

from heldout.stats.metrics.metric import Linearised, Metric
from heldout.stats.sample import Floats

__all__ = ["ACCURACY", "BRIER_LOSS", "LOG_LOSS", "MEAN_ABSOLUTE_ERROR", "ROOT_MEAN_SQUARED_ERROR", "THRESHOLD"]

THRESHOLD = 0.5
"""A row is called positive when its score is at least this."""


def _mean(per_row: Floats) -> Linearised:
    value = float(per_row.mean())
    return Linearised(value=value, influence=(per_row - value) / per_row.size)


def _accuracy(label: Floats, score: Floats) -> Linearised:
    return _mean(((score >= THRESHOLD) == (label == 1)).astype(np.float64))


def _brier_loss(label: Floats, score: Floats) -> Linearised:
    return _mean((score - label) ** 2)


def _log_loss(label: Floats, score: Floats) -> Linearised:
    # 0 and 1 are moved in by one machine epsilon, as scikit-learn does, so that one sure mistake is no infinity
    tiny = np.finfo(np.float64).eps
    of_class = np.where(label == 1, score, 1 - score)
    return _mean(-np.log(np.clip(of_class, tiny, 1 - tiny)))


def _mean_absolute_error(label: Floats, score: Floats) -> Linearised:
    return _mean(np.abs(score - label))


def _root_mean_squared_error(label: Floats, score: Floats) -> Linearised:
    squared = _mean((score - label) ** 2)
    root = float(np.sqrt(squared.value))
    # delta method: d√m = dm / 2√m; without any error no row has moved the root
    return Linearised(value=root, influence=squared.influence / (2 * root) if root else squared.influence)


ACCURACY = Metric(name="accuracy", higher_is_better=True, task="binary", perfect=1.0, bounded=True, kernel=_accuracy)
BRIER_LOSS = Metric(
    name="brier_loss",
    higher_is_better=False,
    task="binary",
    perfect=0.0,
    bounded=True,
    needs_probability=True,
    kernel=_brier_loss,
)
LOG_LOSS = Metric(
    name="log_loss",
    higher_is_better=False,
    task="binary",
    perfect=0.0,
    bounded=False,
    needs_probability=True,
    kernel=_log_loss,
)
MEAN_ABSOLUTE_ERROR = Metric(
    name="mean_absolute_error",
    higher_is_better=False,
    task="regression",
    perfect=0.0,
    bounded=False,
    kernel=_mean_absolute_error,
)
ROOT_MEAN_SQUARED_ERROR = Metric(
    name="root_mean_squared_error",
    higher_is_better=False,
    task="regression",
    perfect=0.0,
    bounded=False,
    kernel=_root_mean_squared_error,
)
