"""How large numbers are beside their rounding and beside what a double's square can hold."""

import math

import numpy as np

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


def squarable(values: Floats, name: str) -> Floats:
    """Return `values`, or raise BadSample where one is too large for squares, or all are too small and not all 0.

    >>> squarable(np.array([1e-100, 0.0]), "score")
    array([1.e-100, 0.e+000])
    """
    return _between(values, name, LEAST)


def _between(values: Floats, name: str, least: float) -> Floats:
    largest = max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
    if largest > LARGEST:
        raise BadSample(f"{name} holds {largest:g}, too large for squares", expected=f"numbers up to {LARGEST:g}")
    if 0 < largest < least:
        raise BadSample(f"{name} is {largest:g} at most, too small to square", expected="a larger unit")
    return values


def same_scale(weights: Floats) -> Floats:
    """Return weights ≥ 0 whose squares and sums are doubles: those given, or all times a power of two.

    >>> same_scale(np.array([1e-300, 2e-300])).round(3)
    array([0.335, 0.67 ])
    """
    largest = float(weights.max(initial=0.0))
    if not largest or 1 / LARGEST < largest < LARGEST / max(weights.size, 1):
        return weights
    scaled: Floats = np.ldexp(weights, -math.frexp(largest)[1])
    return scaled


def whole_enough(counts: Floats | list[int], name: str) -> None:
    """Raise BadSample for counts beyond 2^53, which a double does not hold one by one.

    >>> whole_enough([2**53], "n")
    """
    largest = max(counts, default=0)
    if largest > LARGEST_COUNT:
        raise BadSample(f"{name} of {largest:.4g}", expected="at most 2^53, beyond which doubles skip whole numbers")
