"""How much two different categories agree: 1 on the diagonal, 0 for the farthest apart."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.magnitude import same_scale, squarable
from heldout.stats.sample import BadSample, Floats, as_numbers

__all__ = ["agreement_weights"]

MOST_CATEGORIES = 4000
"""A matrix of more categories is refused before memory is taken: such ratings are measurements or free text."""


def agreement_weights(scores: ArrayLike, kind: str | ArrayLike | None) -> Floats:
    """Return the agreement weights (q, q) of categories with `scores` (q,): 1 full agreement, 0 none.

    `kind`: None or "identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar" (Gwet 2014,
    Handbook of Inter-Rater Reliability, as in R's irrCAC), or a symmetric matrix (q, q) with 1 on the diagonal and
    values in [0, 1]. Raises BadSample for an unknown kind, another matrix, or ratio weights of scores below 0.

    >>> agreement_weights([1, 2, 3], "quadratic")
    array([[1.  , 0.75, 0.  ],
           [0.75, 1.  , 0.75],
           [0.  , 0.75, 1.  ]])
    """
    values = as_numbers(scores, "scores")
    if values.size > MOST_CATEGORIES:
        raise BadSample(f"there are {values.size} categories", expected=f"{MOST_CATEGORIES} at most; measurements: icc")
    if kind is None or isinstance(kind, str):
        name = "identity" if kind is None else kind
        if name not in _DISTANCES:
            raise BadSample(f"there are no weights {name!r}", expected=", ".join(sorted(_DISTANCES)) + " or a matrix")
        # only on a circle the unit matters: the next step beyond the largest score is the smallest
        values = squarable(values, "scores") if name == "circular" else same_scale(values)
        distance = _DISTANCES[name](values[:, None], values[None, :])
        farthest = distance.max() if distance.size else 0.0
        return np.asarray(1 - distance / farthest if farthest else np.ones_like(distance))
    matrix = as_numbers(kind, "weights", dimensions=2)
    if matrix.shape != (values.size, values.size):
        raise BadSample(
            f"weights have shape {matrix.shape}", expected=f"a row and a column for {values.size} categories"
        )
    if (np.diag(matrix) != 1).any() or (matrix != matrix.T).any() or (matrix < 0).any() or (matrix > 1).any():
        raise BadSample(
            "weights are no weights of agreement", expected="a symmetric matrix in [0, 1] with 1 on the diagonal"
        )
    return matrix


def needs_scores(kind: Any) -> bool:
    """Return whether weights of `kind` use the distance between categories."""
    return isinstance(kind, str) and kind != "identity"


def _identity(a: Floats, b: Floats) -> Floats:
    return np.asarray(a != b, dtype=np.float64)


def _linear(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.abs(a - b))


def _quadratic(a: Floats, b: Floats) -> Floats:
    return (a - b) ** 2


def _radical(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.sqrt(np.abs(a - b)))


def _ordinal(a: Floats, b: Floats) -> Floats:
    order = np.sort(a, axis=None)
    steps = np.abs(np.searchsorted(order, a) - np.searchsorted(order, b)) + 1.0
    return np.asarray(steps * (steps - 1) / 2)


def ratio_distance(a: Floats, b: Floats) -> Floats:
    """Return ((a − b) / (a + b))², 0 where both are 0; a and b at least 0."""
    total = a + b
    return ((a - b) / np.where(total == 0, 1.0, total)) ** 2


def _ratio(a: Floats, b: Floats) -> Floats:
    if (a < 0).any():
        raise BadSample("ratio weights need scores with a true zero", expected="scores of at least 0")
    return ratio_distance(a, b)


def _circular(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.sin(np.pi * (a - b) / (a.max() - a.min() + 1)) ** 2)


def _bipolar(a: Floats, b: Floats) -> Floats:
    low, high, total = a.min(), a.max(), a + b
    room = (total - 2 * low) * (2 * high - total)
    return (a - b) ** 2 / np.where(room == 0, 1.0, room)


_DISTANCES: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "bipolar": _bipolar,
    "circular": _circular,
    "identity": _identity,
    "linear": _linear,
    "ordinal": _ordinal,
    "quadratic": _quadratic,
    "radical": _radical,
    "ratio": _ratio,
}
