"""Intraclass correlations of measurements: how much of their variance lies between units."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.agreement.ratings import read_ratings
from heldout.stats.agreement.result import FLOOR, check_interval, why_no_interval
from heldout.stats.magnitude import ROUNDING, squarable
from heldout.stats.sample import BadSample, Floats

__all__ = ["IccKind", "IntraclassCorrelation", "icc"]

IccKind = Literal["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntraclassCorrelation:
    """An intraclass correlation, the F test that it is 0, and the mean squares that it is made of.

    `f` and `p_value` are None where the mean square of error is 0, all of them below two units or raters.
    """

    kind: IccKind
    estimate: Estimate
    f: float | None
    degrees_of_freedom: tuple[float, float] | None
    p_value: float | None
    mean_square_units: float | None
    mean_square_raters: float | None
    mean_square_residual: float | None
    mean_square_within: float | None
    units: int
    raters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Squares:
    """Mean squares of a two-way layout of n units and k raters."""

    n: int
    k: int
    units: float
    raters: float
    residual: float
    within: float


def icc(
    ratings: ArrayLike, kind: IccKind = "ICC2", *, level: float = 0.95, floor: int = FLOOR
) -> IntraclassCorrelation:
    """Return an intraclass correlation of numbers (raters, units) with its F-based interval.

    Shrout & Fleiss 1979, Psychol. Bull. 86:420; the interval of ICC2 by Satterthwaite, McGraw & Wong 1996, Psychol.
    Methods 1:30. One rating: "ICC1" raters drawn afresh for each unit; "ICC2" the same raters, drawn from many,
    absolute agreement; "ICC3" these very raters, consistency. The mean of all raters: "ICC1k", "ICC2k", and "ICC3k",
    which is Cronbach's alpha. Rows are raters: a table of units × raters goes in transposed. A unit with a missing
    rating (NaN or None) is dropped, as R's psych does without lmer.

    ICC grows with the spread between units, so compare it only on like samples; a unit's ratings are taken as normal.
    Undefined with one rater, fewer than two complete units, or no variance to divide by; without an interval below
    `floor` units. Raises BadSample for another shape or kind, texts, infinity, or no rating.

    >>> scores = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> correlation = icc(scores, "ICC3", floor=0).estimate
    >>> round(correlation.value, 4), round(correlation.low, 4), round(correlation.high, 4)
    (0.7148, 0.3425, 0.9459)
    """
    check_interval(level, floor)
    if kind not in get_args(IccKind):
        raise BadSample(f"there is no ICC {kind!r}", expected=", ".join(get_args(IccKind)))
    complete = _complete(ratings)
    k, n = complete.shape
    method = f"{kind}, F"
    if k < 2 or n < 2:
        short = f"agreement takes two raters, and there is {k}" if k < 2 else f"fewer than two units are complete: {n}"
        return _without(kind, undefined(short, n=n, method=method, level=level), k)
    squares = _squares(complete)
    value = _value(kind, squares)
    error = squares.within if kind.startswith("ICC1") else squares.residual
    f = squares.units / error if error > 0 else None
    degrees = (n - 1.0, n * (k - 1.0) if kind.startswith("ICC1") else (n - 1.0) * (k - 1.0))
    reason = why_no_interval(n, floor)
    if value is None:
        estimate = undefined("units do not differ, or all ratings are equal", n=n, method=method, level=level)
    elif reason or f is None or f == 0:
        why = reason or "raters differ by nothing but a shift, or units by nothing, so that no error is seen"
        estimate = undefined(why, n=n, method=method, value=value, level=level)
    else:
        low, high = _interval(kind, squares, f, degrees, level)
        estimate = Estimate(value=value, low=low, high=high, n=n, method=method, level=level)
    return IntraclassCorrelation(
        kind=kind,
        estimate=estimate,
        f=f,
        degrees_of_freedom=degrees,
        p_value=None if f is None else float(special.fdtrc(*degrees, f)),
        mean_square_units=squares.units,
        mean_square_raters=squares.raters,
        mean_square_residual=squares.residual,
        mean_square_within=squares.within,
        units=n,
        raters=k,
    )


def _complete(ratings: ArrayLike) -> Floats:
    values, missing = read_ratings(ratings)
    if values.dtype.kind != "f":
        raise BadSample("an intraclass correlation takes numbers, not texts", expected="measurements")
    values, missing = values[~missing.all(axis=1)], missing[~missing.all(axis=1)]
    complete: Floats = values[:, ~missing.any(axis=0)]
    return squarable(complete, "ratings")


def _without(kind: IccKind, estimate: Estimate, raters: int) -> IntraclassCorrelation:
    return IntraclassCorrelation(
        kind=kind,
        estimate=estimate,
        f=None,
        degrees_of_freedom=None,
        p_value=None,
        mean_square_units=None,
        mean_square_raters=None,
        mean_square_residual=None,
        mean_square_within=None,
        units=estimate.n,
        raters=raters,
    )


def _squares(values: Floats) -> _Squares:
    k, n = values.shape
    centred = values - values.mean()
    centred -= centred.mean()  # the first mean is off by its own rounding
    by_unit, by_rater = centred.mean(axis=0), centred.mean(axis=1)
    within, residual = centred - by_unit, centred - by_unit - by_rater[:, None]
    least = (ROUNDING * float(np.abs(values).max())) ** 2

    def mean_square(parts: Floats, degrees: int, times: int = 1) -> float:
        square = float(np.square(parts).sum()) / degrees
        return times * square if square > least else 0.0

    return _Squares(
        n=n,
        k=k,
        units=mean_square(by_unit, n - 1, k),
        raters=mean_square(by_rater, k - 1, n),
        residual=mean_square(residual, (n - 1) * (k - 1)),
        within=mean_square(within, n * (k - 1)),
    )


def _value(kind: IccKind, s: _Squares) -> float | None:
    error = s.within if kind.startswith("ICC1") else s.residual
    by_raters = (s.raters - s.residual) / s.n if kind.startswith("ICC2") else 0.0
    below = s.units + by_raters if kind.endswith("k") else s.units + (s.k - 1) * error + s.k * by_raters
    return (s.units - error) / below if below > 0 else None


def _interval(kind: IccKind, s: _Squares, f: float, degrees: tuple[float, float], level: float) -> tuple[float, float]:
    """Return the interval of one rating, carried to the mean of k by Spearman-Brown where asked."""
    units, error = degrees
    tail = (1 + level) / 2
    if kind.startswith("ICC2"):
        low, high = _absolute(s, tail)
    else:
        least = f / float(special.fdtri(units, error, tail))
        most = f * float(special.fdtri(error, units, tail))
        low, high = (least - 1) / (least + s.k - 1), (most - 1) / (most + s.k - 1)
    if kind.endswith("k"):
        low, high = (s.k * end / (1 + (s.k - 1) * end) for end in (low, high))
    return low, high


def _absolute(s: _Squares, tail: float) -> tuple[float, float]:
    n, k = s.n, s.k
    value = _value("ICC2", s)
    assert value is not None
    ratio, rest = s.raters / s.residual, n * (1 + (k - 1) * value) - k * value
    degrees = (k - 1) * (n - 1) * (k * value * ratio + rest) ** 2
    degrees /= (n - 1) * (k * value * ratio) ** 2 + rest**2
    upper = float(special.fdtri(n - 1, degrees, tail))
    lower = float(special.fdtri(degrees, n - 1, tail))
    noise = k * s.raters + (k * n - k - n) * s.residual
    low = n * (s.units - upper * s.residual) / (upper * noise + n * s.units)
    high = n * (lower * s.units - s.residual) / (noise + n * lower * s.units)
    return low, high
