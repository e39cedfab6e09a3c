"""How large numbers are beside their rounding and beside what a double's square can hold."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.stats.sample import BadSample, Floats

__all__ = [
    "LARGEST_COUNT",
    "ROUNDING",
    "centred",
    "length",
    "moderate",
    "same_scale",
    "scalable",
    "squarable",
    "whole_enough",
]

ROUNDING = 8 * float(np.finfo(np.float64).eps)
"""A spread of at most this share of the numbers' size is rounding, not variance."""

LARGEST, LEAST = 1e150, 1e-130
"""Between these squares are doubles, and so are those of a spread that is not rounding."""

USUAL = 1e30
"""Up to this, and down to its inverse, numbers of which only the ratios count are left as they are."""

LEAST_EXACT = 1e-290
"""From here up what is a ten-thousand-billionth of a number is still a double of full precision."""

LARGEST_COUNT = 2**53
"""Up to here each whole number is a double."""


def centred(values: Floats) -> Floats:
    """Return values (..., n) less their mean (along the last axis), which is taken twice: once leaves its own rounding.

    >>> centred(np.array([3e15 + 1, 3e15 + 2, 3e15 + 3])).tolist()
    [-1.0, 0.0, 1.0]
    """
    once = values - values.mean(axis=-1, keepdims=True)
    twice: Floats = once - once.mean(axis=-1, keepdims=True)
    return twice


def length(parts: Floats) -> float:
    """Return √Σ parts², also where the squares are no doubles.

    >>> length(np.array([3e-200, 4e-200]))
    5e-200
    """
    largest = float(np.abs(parts).max(initial=0.0))
    if not largest or LEAST < largest < LARGEST:
        return math.sqrt(float(parts @ parts))
    return largest * math.sqrt(float(np.square(parts / largest).sum()))


def moderate(number: float, name: str) -> float:
    """Return `number`, or raise BadSample where it is too large for squares; it may be as small as it likes.

    >>> moderate(1e-300, "the margin")
    1e-300
    """
    _between(np.array([number], dtype=np.float64), name, 0.0)
    return number


def scalable(values: Floats, name: str) -> Floats:
    """Return `values`, or raise BadSample where one is too large for squares, or all are too small to be exact.

    For methods that scale what they square; `squarable` is for those that do not.

    >>> scalable(np.array([1e-200, 0.0]), "score")
    array([1.e-200, 0.e+000])
    """
    return _between(values, name, LEAST_EXACT)


def squarable(values: NDArray[Any], name: str, *, twice: bool = False) -> NDArray[Any]:
    """Return `values`, or raise BadSample where one is too large for squares, or all are too small and not all 0.

    With `twice` their squares are squared too.

    >>> squarable(np.array([1e-100, 0.0]), "score")
    array([1.e-100, 0.e+000])
    """
    return _between(values, name, *((math.sqrt(LEAST), math.sqrt(LARGEST)) if twice else (LEAST, LARGEST)))


def _between(values: NDArray[Any], name: str, least: float, most: float = LARGEST) -> NDArray[Any]:
    largest = max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
    if largest > most:
        raise BadSample(f"{name} holds {largest:g}, too large for squares", expected=f"numbers up to {most:g}")
    if 0 < largest < least:
        raise BadSample(f"{name} is {largest:g} at most, too small to square", expected="a larger unit")
    return values


def same_scale(numbers: Floats) -> Floats:
    """Return numbers of which only the ratios count, such as weights: as given, or if their powers may be no doubles
    times a power of two.

    >>> same_scale(np.array([1e-300, 2e-300])).round(3)
    array([0.335, 0.67 ])
    """
    largest = float(np.abs(numbers).max(initial=0.0))
    if not largest or 1 / USUAL < largest < USUAL:
        return numbers
    scaled: Floats = np.ldexp(numbers, -math.frexp(largest)[1])
    return scaled


def whole_enough(count: float, name: str) -> None:
    """Raise BadSample for a count, or a sum of counts, beyond 2^53: doubles do not hold each whole number there.

    >>> whole_enough(2**53, "the counts")
    """
    if count > LARGEST_COUNT:
        shown = f"{float(count):.3g}" if count < 10**308 else "more than 1e308"
        raise BadSample(f"{name} come to {shown}", expected="2^53 at most, beyond which doubles skip whole numbers")
