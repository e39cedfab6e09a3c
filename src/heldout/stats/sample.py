"""What a kernel accepts: arrays checked once, with errors that say which row is wrong."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.core.errors import BadInput, HeldoutError

__all__ = ["BadSample", "Floats", "Undefined", "as_numbers", "as_paired", "as_runs", "checked_level"]

Floats = NDArray[np.float64]


class BadSample(BadInput, ValueError):
    """Numbers that no method can use: wrong shape, not finite, labels that are not 0 or 1, probabilities out of range.

    It is the caller's mistake. A sound sample on which a statistic does not exist is `Undefined`, not this.
    """


class Undefined(HeldoutError, ValueError):
    """A statistic that does not exist for a sound sample (AUC of one class); the message is the reason.

    Functions that return an Estimate return an undefined one with this reason instead.
    """


def as_numbers(values: ArrayLike, name: str, *, dimensions: int = 1) -> Floats:
    """Return `values` as finite float64 with `dimensions` axes.

    Raises BadSample naming `name` and the first offending position.

    >>> as_numbers([1, 0], "label")
    array([1., 0.])
    """
    try:
        numbers: Floats = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadSample(f"{name} holds something that is not a number", expected="finite numbers") from error
    if numbers.ndim != dimensions:
        raise BadSample(f"{name} has {numbers.ndim} axes", expected=f"{dimensions} axes")
    finite = np.isfinite(numbers)
    if not finite.all():
        raise BadSample(f"{name} holds a value that is not finite", where=_first(~finite), expected="finite numbers")
    return numbers


def as_runs(values: ArrayLike, name: str) -> Floats:
    """Return scores of one run (n,) or of several (S, n) as (S, n), S ≥ 1, n ≥ 1.

    >>> as_runs([0.5, 0.25], "score").shape
    (1, 2)
    """
    runs = as_numbers(values, name, dimensions=2 if np.ndim(values) == 2 else 1)
    runs = np.atleast_2d(runs)
    if not runs.size:
        raise BadSample(f"{name} is empty", expected="one run and one row at least")
    return runs


def as_paired(label: ArrayLike, score: ArrayLike, *, binary: bool, probability: bool) -> tuple[Floats, Floats]:
    """Return label (n,) and score (S, n) that belong together.

    With `binary` labels are 0 or 1; with `probability` scores lie in [0, 1]. Raises BadSample otherwise.

    >>> as_paired([0, 1], [0.2, 0.9], binary=True, probability=True)
    (array([0., 1.]), array([[0.2, 0.9]]))
    """
    labels = as_numbers(label, "label")
    scores = as_runs(score, "score")
    if labels.size != scores.shape[1]:
        raise BadSample(f"{labels.size} labels and {scores.shape[1]} scores", expected="as many scores as labels")
    if binary:
        wrong = (labels != 0) & (labels != 1)
        if wrong.any():
            raise BadSample(
                f"the label {labels[wrong][0]:g} is neither 0 nor 1", where=_first(wrong), expected="0 or 1"
            )
    if probability:
        wrong = (scores < 0) | (scores > 1)
        if wrong.any():
            raise BadSample(
                f"the score {scores[wrong][0]:g} is no probability", where=_first(wrong), expected="scores in [0, 1]"
            )
    return labels, scores


def checked_level(level: float) -> float:
    """Return `level`, or raise BadSample where it is no confidence level.

    >>> checked_level(0.9)
    0.9
    """
    if not isinstance(level, float | int | np.floating) or not 0 < level < 1:
        raise BadSample(f"the level {level} is no confidence level", expected="a number between 0 and 1")
    return float(level)


def _first(wrong: NDArray[Any]) -> str:
    *run, row = (int(i) for i in np.argwhere(wrong)[0])
    return f"run {run[0]}, row {row}" if run else f"row {row}"
