"""Divergences that are smooth in the shares of the bins: PSI, Kullback-Leibler, Jensen-Shannon, Hellinger.

All of them grow like (p - q)² near p = q, so chance alone makes them positive, the more the more bins there are.
The interval removes that bias: delta method of second order on the counts, multinomial and independent.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.distances.distance import Counts, Distance, why_no_interval
from heldout.stats.sample import BadSample, Floats, checked_number

__all__ = ["hellinger", "jensen_shannon", "kullback_leibler", "psi"]

METHOD = "delta method of second order, bias removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """A divergence Σ terms (bins,) with its derivatives by each share: first, and second times the share.

    `curvature` c makes it c Σ (p - q)² / p near p = q. With `each` its interval asks for rows in each bin, because
    it grows without bound where a share goes to 0.
    """

    terms: Floats
    slope_p: Floats
    slope_q: Floats
    bend_p: Floats
    bend_q: Floats
    curvature: float
    each: bool = False


def psi(
    reference: ArrayLike, current: ArrayLike, *, pseudo_count: float = 0.0, floor: float = 0.0, level: float = 0.95
) -> Distance:
    """Return the population stability index Σ (p - q) ln(p / q) of counts (bins,) over the same bins.

    Without drift it comes to (B - 1)(1/n + 1/m) by chance (Yurdakul & Naranjo 2020, J. Risk Model Validation 14:89);
    .1 and .25 are customs, not tests. A bin that one sample leaves empty makes it infinite: undefined, unless
    `pseudo_count` is added to each bin of both samples (.5: Jeffreys), or `floor` replaces an empty bin's share (.0001
    is common; shares are not rescaled). Bins empty in both are left out. The interval is undefined where a bin holds
    fewer than 5 rows of a sample: its coverage breaks there.
    Raises BadSample for bad counts, or a pseudo-count or floor that is negative, or both at once.

    >>> drift = psi([248, 247, 260, 245], [13, 43, 63, 81])
    >>> round(drift.value, 7), round(drift.expected_without_drift, 3)
    (0.3404592, 0.018)
    """
    if not pseudo_count >= 0 or not 0 <= floor < 1 or (pseudo_count and floor):
        raise BadSample(
            f"pseudo-count {pseudo_count} and floor {floor}", expected="one of them positive at most, floor below 1"
        )
    counts = _smoothed(Counts.of(reference, current, level), pseudo_count, floor)
    for share, name in ((counts.p, "first"), (counts.q, "second")):
        if not share.all():
            return _infinite(counts, share == 0, f"{name} sample: PSI is infinite; join bins or smooth", level)
    p, q = counts.p, counts.q
    log, ratio = np.log(p / q), q / p
    smooth = Smooth(
        terms=(p - q) * log,
        slope_p=log + 1 - ratio,
        slope_q=-log + 1 - 1 / ratio,
        bend_p=1 + ratio,
        bend_q=1 + 1 / ratio,
        curvature=1.0,
        each=True,
    )
    return _distance(counts, smooth, level)


def kullback_leibler(p: ArrayLike, q: ArrayLike, *, base: float = math.e, level: float = 0.95) -> Distance:
    """Return the divergence Σ p log(p / q) of the first from the second, from counts or shares (bins,).

    Kullback & Leibler 1951, Ann. Math. Statist. 22:79. Not symmetric. Undefined (infinite) where q is 0 and p is not.
    The interval is undefined for shares and where a bin holds fewer than 5 rows of a sample. Raises BadSample for bad
    counts or a base not above 1.

    >>> round(kullback_leibler([1, 1], [9, 1], base=2).value, 4)
    0.737
    """
    unit = _unit(base)
    counts = Counts.of(p, q, level)
    if not counts.q.all():
        return _infinite(counts, counts.q == 0, "second sample: the divergence is infinite; join bins", level)
    first, second = counts.p, counts.q
    ratio = first / second
    smooth = Smooth(
        terms=special.rel_entr(first, second),
        slope_p=np.log(np.where(first > 0, ratio, 1.0)) + 1,
        slope_q=-ratio,
        bend_p=np.ones_like(first),
        bend_q=ratio,
        curvature=0.5,
        each=True,
    )
    return _carried(_distance(counts, smooth, level), lambda nats: nats * unit)


def jensen_shannon(p: ArrayLike, q: ArrayLike, *, base: float = 2.0, level: float = 0.95) -> Distance:
    """Return the Jensen-Shannon distance, the root of the divergence, from counts or shares (bins,).

    Endres & Schindelin 2003, IEEE Trans. Inf. Theory 49:1858. With base 2 it lies in [0, 1]; SciPy's default is base
    e. Finite whatever is empty. The interval is undefined for shares and below 5 rows a bin on average. Raises
    BadSample for bad counts or a base not above 1.

    >>> jensen_shannon([1, 0, 0], [0, 1, 0]).value
    1.0
    >>> round(jensen_shannon([1, 0], [0.5, 0.5], base=math.e).value, 6)
    0.464501
    """
    unit = _unit(base)
    counts = Counts.of(p, q, level)
    first, second = counts.p, counts.q
    middle = (first + second) / 2
    smooth = Smooth(
        terms=(special.rel_entr(first, middle) + special.rel_entr(second, middle)) / 2,
        slope_p=np.log(np.where(first > 0, first / middle, 1.0)) / 2,
        slope_q=np.log(np.where(second > 0, second / middle, 1.0)) / 2,
        bend_p=second / middle / 4,
        bend_q=first / middle / 4,
        curvature=1 / 8,
    )
    return _rooted(counts, _distance(counts, smooth, level), unit, most=math.log(2))


def hellinger(p: ArrayLike, q: ArrayLike, *, level: float = 0.95) -> Distance:
    """Return Hellinger's distance √(1 - Σ √(p q)), in [0, 1], from counts or shares (bins,).

    Le Cam & Yang 2000, Asymptotics in Statistics, ch. 3. The interval is undefined for shares and below 5 rows a bin.
    Raises BadSample for bad counts.

    >>> round(hellinger([1, 1], [9, 1]).value, 4)
    0.3249
    """
    counts = Counts.of(p, q, level)
    first, second = counts.p, counts.q
    both = (first > 0) & (second > 0)
    ratio = np.sqrt(np.where(both, second, 0.0) / np.where(both, first, 1.0))
    inverse = np.divide(1.0, ratio, out=np.zeros_like(ratio), where=both)
    smooth = Smooth(
        terms=(np.sqrt(first) - np.sqrt(second)) ** 2 / 2,
        slope_p=-ratio / 2,
        slope_q=-inverse / 2,
        bend_p=ratio / 4,
        bend_q=inverse / 4,
        curvature=1 / 8,
    )
    return _rooted(counts, _distance(counts, smooth, level), 1.0, most=1.0)


def _distance(counts: Counts, smooth: Smooth, level: float) -> Distance:
    value = max(float(smooth.terms.sum()), 0.0)
    n, bins = counts.n + counts.m, counts.p.size
    noise = counts.noise
    expected = None if noise is None else smooth.curvature * (bins - 1) * noise
    reason = why_no_interval(counts, each=smooth.each)
    if reason or not counts.n:
        nothing = undefined(reason or "", n=n, method=METHOD, value=value, level=level)
        return Distance(value=value, estimate=nothing, expected_without_drift=expected)
    p, q = counts.p, counts.q
    bias = float(smooth.bend_p @ (1 - p) / counts.n + smooth.bend_q @ (1 - q) / counts.m) / 2
    variance = _variance(p, smooth.slope_p) / counts.n + _variance(q, smooth.slope_q) / counts.m
    half = float(special.ndtri((1 + level) / 2)) * math.sqrt(variance + 2 * bias**2 / (bins - 1))
    centre = value - bias
    estimate = Estimate(
        value=max(centre, 0.0),
        low=max(centre - half, 0.0),
        high=max(centre, 0.0) + half,
        n=n,
        method=METHOD,
        level=level,
    )
    return Distance(value=value, estimate=estimate, expected_without_drift=expected)


def _variance(share: Floats, slope: Floats) -> float:
    mean = float(share @ slope)
    return max(float(share @ slope**2) - mean**2, 0.0)


def _carried(distance: Distance, scale: Callable[[float], float]) -> Distance:
    """Return the distance on another, increasing scale."""
    estimate = distance.estimate
    ends = (estimate.value, estimate.low, estimate.high)
    value, low, high = (None if end is None else scale(end) for end in ends)
    return Distance(
        value=None if distance.value is None else scale(distance.value),
        estimate=replace(estimate, value=value, low=low, high=high),
        expected_without_drift=None
        if distance.expected_without_drift is None
        else scale(distance.expected_without_drift),
    )


def _rooted(counts: Counts, square: Distance, unit: float, *, most: float) -> Distance:
    """Return √(unit × square), where the square is at most `most`."""
    root = _carried(square, lambda nats: math.sqrt(min(nats, most) * unit))
    if not root.expected_without_drift:
        return root
    # without drift the square is chi-square, and the mean of a root lies below the root of the mean
    freedom = counts.p.size - 1
    log_mean = special.gammaln((freedom + 1) / 2) - special.gammaln(freedom / 2) + math.log(2 / freedom) / 2
    return replace(root, expected_without_drift=root.expected_without_drift * math.exp(log_mean))


def _smoothed(counts: Counts, pseudo_count: float, floor: float) -> Counts:
    if floor:
        p, q = (np.where(share == 0, floor, share) for share in (counts.p, counts.q))
        return replace(counts, p=p, q=q)
    if not pseudo_count:
        return counts
    if not counts.n:
        raise BadSample("a pseudo-count was given for shares", expected="counts")
    added = pseudo_count * counts.p.size
    return replace(
        counts,
        p=(counts.p * counts.n + pseudo_count) / (counts.n + added),
        q=(counts.q * counts.m + pseudo_count) / (counts.m + added),
    )


def _infinite(counts: Counts, empty: NDArray[np.bool_], rest: str, level: float) -> Distance:
    position = int(counts.position[np.argmax(empty)])
    reason = f"bin {position} is empty in the {rest}"
    nothing = undefined(reason, n=counts.n + counts.m, method=METHOD, level=level)
    return Distance(value=None, estimate=nothing, expected_without_drift=None)


def _unit(base: float) -> float:
    if checked_number(base, "base") <= 1:
        raise BadSample(f"the base {base}", expected="a logarithm's base above 1")
    return 1 / math.log(base)
