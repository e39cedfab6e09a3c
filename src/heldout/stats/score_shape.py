"""Whether a column looks like a model's scores: in [0, 1] or a percentage, many values, calibrated to the label."""

import math

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind, ColumnProfile, LabelKind, LabelProfile

__all__ = ["FEWEST_VALUES", "LARGEST_ERROR", "is_calibrated", "is_score_like"]

FEWEST_VALUES = 20
"""Different values of a score, at least."""
LARGEST_ERROR = 0.05
"""Mean distance of a calibrated score from the share of positives in its bin, at most (expected calibration error)."""


def is_score_like(column: ColumnProfile) -> bool:
    """Tell whether the column holds many numbers, all in [0, 1] or all in [0, 100]."""
    low, high = _number(column.minimum), _number(column.maximum)
    return column.kind is ColumnKind.NUMERIC and column.distinct >= FEWEST_VALUES and low >= 0 and high <= 100


def is_calibrated(column: ColumnProfile, label: LabelProfile) -> bool:
    """Tell whether the column's values, or one minus them, are the shares of the positive class in its bins.

    The error is that of Naeini et al. (2015, AAAI) over the profile's bins, read at their middles.
    """
    if label.kind is not LabelKind.BINARY or not is_score_like(column):
        return False
    counts = column.joint.sum(axis=0)[:-1]
    rows, hits = counts.sum(axis=1), counts[:, -1]
    values = _middles(column) / (1.0 if _number(column.maximum) <= 1 else 100.0)
    kept = rows > 0
    shares = hits[kept] / rows[kept]
    errors = [float((rows[kept] * np.abs(shares - value)).sum() / rows[kept].sum()) for value in _ways(values[kept])]
    return min(errors) <= LARGEST_ERROR


def _ways(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values as shares of the positive class, and of the other.

    >>> [way.tolist() for way in _ways(np.array([0.25, 1.0]))]
    [[0.25, 1.0], [0.75, 0.0]]
    """
    return values, 1 - values


def _middles(column: ColumnProfile) -> NDArray[np.float64]:
    upper = np.array([_number(text) for text in column.bins])
    if column.bin_is_value:
        return upper
    upper[-1] = _number(column.maximum)
    lower = np.concatenate([[_number(column.minimum)], upper[:-1]])
    middles: NDArray[np.float64] = (lower + upper) / 2
    return middles


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return math.nan
