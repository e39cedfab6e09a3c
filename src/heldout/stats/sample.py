"""What a kernel accepts: arrays and numbers checked once, with errors that say which row is wrong."""

import math
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.core.errors import BadInput, HeldoutError

__all__ = [
    "BadSample",
    "Floats",
    "Undefined",
    "as_array",
    "as_numbers",
    "as_paired",
    "as_runs",
    "checked_level",
    "checked_number",
    "whole_number",
]

Floats = NDArray[np.float64]

MOST = 2**53
"""Larger counts are no counts, and their products no floats."""

NO_NUMBERS = {"c": "complex numbers", "m": "time spans", "M": "times", "S": "bytes", "T": "texts", "U": "texts"}
"""What numpy would turn into floats, or fail at, by the kind of its array."""

NOT_NUMBERS = (str, bytes, complex, np.complexfloating, np.datetime64, np.timedelta64)
"""The same among the members of an array of objects."""


class BadSample(BadInput, ValueError):
    """Numbers that no method can use: wrong shape, not finite, labels that are not 0 or 1, probabilities out of range.

    It is the caller's mistake. A sound sample on which a statistic does not exist is `Undefined`, not this.
    """


class Undefined(HeldoutError, ValueError):
    """A statistic that does not exist for a sound sample (AUC of one class); the message is the reason.

    Functions that return an Estimate return an undefined one with this reason instead.
    """


def checked_number(value: float, name: str, *, infinite: bool = False) -> float:
    """Return one number as a Python float; raises BadSample naming `name` for NaN, texts, arrays and other objects.

    With `infinite` it may be infinite.

    >>> checked_number(np.float32(0.5), "null")
    0.5
    """
    expected = "a number" if infinite else "a finite number"
    number = _as_float(value)
    if number is None or math.isnan(number) or not (infinite or math.isfinite(number)):
        raise BadSample(f"{name} is {value!r}", expected=expected)
    return number


def whole_number(value: float, name: str, *, least: int = 0) -> int:
    """Return one whole number of at least `least` as a Python int, whatever its type was; raises BadSample otherwise.

    >>> whole_number(np.uint8(200), "n") * 2, whole_number(3.0, "n")
    (400, 3)
    """
    number = _as_float(value)
    if number is None or not math.isfinite(number) or number != math.floor(number) or not least <= number <= MOST:
        most = ", up to 2^53, beyond which doubles skip numbers" if number is not None and number > MOST else ""
        raise BadSample(f"{name} is {value!r}", expected=f"a whole number, {least} or more{most}")
    return int(value)


def as_array(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return `values` as an array of any kind; raises BadSample for masked values and lists of unequal lengths.

    >>> as_array(["a", "b"], "label").shape
    (2,)
    """
    try:
        array = np.asarray(values)
        masked = np.atleast_1d(_mask(values))
    except ValueError as error:
        raise BadSample(f"{name} is ragged: its rows are of unequal lengths", expected="one length") from error
    if masked.any():
        raise BadSample(f"{name} holds a masked value", where=_first(masked), expected="every value there")
    return array


def as_numbers(values: ArrayLike, name: str, *, dimensions: int = 1) -> Floats:
    """Return `values` as finite float64 with `dimensions` axes: whole, real, decimal numbers and truth values.

    Raises BadSample naming `name` and the first offending position, or the kind of what is no number: texts, times,
    complex numbers.

    >>> as_numbers([1, 0], "label")
    array([1., 0.])
    """
    array = as_array(values, name)
    kinds = [NO_NUMBERS[array.dtype.kind]] if array.dtype.kind in NO_NUMBERS else []
    if array.dtype == object:
        kinds = sorted(kind.__name__ for kind in set(map(type, array.flat)) if issubclass(kind, NOT_NUMBERS))
    if kinds:
        told = f"{name} holds something that is not a number: {', '.join(kinds)}"
        raise BadSample(told, expected="finite numbers")
    try:
        numbers: Floats = array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
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
    array = as_array(values, name)
    runs = as_numbers(array, name, dimensions=2 if array.ndim == 2 else 1)
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


def _as_float(value: object) -> float | None:
    """Return one real number as a float, infinite where none is as large; None for what is no number."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.item() if value.ndim == 0 and value.dtype.kind in "biufO" else None
    if not isinstance(value, Real | Decimal):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _mask(values: object) -> NDArray[np.bool_]:
    """Return where a masked array, or a list of them, is masked; np.asarray would lay the values bare."""
    if isinstance(values, list | tuple) and values and isinstance(values[0], np.ma.MaskedArray):
        return np.stack([np.ma.getmaskarray(run) for run in values])
    return np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else np.zeros(1, dtype=bool)
