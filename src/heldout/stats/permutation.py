"""Tests of paired differences that ask only for symmetry: sign flips and Wilcoxon's signed ranks."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.stats.clusters import Clusters
from heldout.stats.means import as_differences
from heldout.stats.ranks import midranks
from heldout.stats.sample import BadSample, Floats, Undefined, whole_number
from heldout.stats.t_interval import Alternative, checked_alternative

__all__ = ["EXACT_RANKS", "EXACT_UNITS", "SignFlipTest", "SignedRankTest", "sign_flip_test", "wilcoxon_signed_rank"]

EXACT_UNITS = 20
"""Up to this many units all 2^n sign flips are counted."""

MOST_EXACT_RANKS = 1000
"""Counting all signs of more ranks than these takes seconds, and the normal is then as good."""

EXACT_RANKS = 50
"""Up to this many differences the signed-rank test is exact unless asked otherwise; R and scipy draw the line here."""

ROUNDING = 1e-12
"""Sums nearer to the observed one than this share of Σ |difference| are equal to it."""

BINOMIAL_COST = 32
"""How many single flips take as long as one binomial draw, roughly."""

BYTES = 512
"""Bytes of random signs, eight units each, that are looked up at once: their table of 1 MB stays in the cache."""

MOST_GROUPS = 2**16
"""More units than these are dealt to so many groups: a draw costs no more, and the null's spread is known to .3 %."""

DRAWN_AT_ONCE = 2**20
"""How many random numbers are held in memory at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignFlipTest:
    """The mean difference and the p-value of its sign-flip test.

    `count` of `arrangements` sign flips were as extreme as the observed one. If `is_exact` these are all 2^units, the
    observed among them, and the p-value is their share; otherwise they were drawn, and it is (count + 1) /
    (arrangements + 1). `smallest_p` is the least that so many units, or draws, could have given.
    """

    statistic: float
    p_value: float
    count: int
    arrangements: int
    is_exact: bool
    units: int
    smallest_p: float
    alternative: Alternative


def sign_flip_test(
    first: ArrayLike,
    second: ArrayLike | None = None,
    *,
    cluster: ArrayLike | None = None,
    alternative: Alternative = "two-sided",
    resamples: int = 9999,
    seed: int = 0,
    exact_up_to: int = EXACT_UNITS,
) -> SignFlipTest:
    """Return the sign-flip test of first (n,) minus second (n,), or of differences given as `first`.

    Fisher 1935, The Design of Experiments, §21; drawn as Phipson & Smyth 2010, SAGMB 9:39. The null is that the
    differences are symmetric about 0, independently over rows or, with `cluster` (n,), over clusters, which flip as
    wholes. Up to `exact_up_to` units (22 at most) all 2^units flips are counted; above, `resamples` are drawn with
    `seed`. More than 65,536 units of many sizes are dealt at random to so many groups, which flip as wholes: a
    subgroup of the flips, so that the test keeps its level (Hemerik & Goeman 2018, TEST 27:811). With five clusters
    no two-sided p-value is below .0625: see `smallest_p`.
    Raises BadSample for bad arrays, other lengths, no rows, fewer than one resample or an unknown alternative.

    >>> darwin = sign_flip_test([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48])
    >>> darwin.count, darwin.arrangements, round(darwin.p_value, 5)
    (1726, 32768, 0.05267)
    """
    checked_alternative(alternative)
    draws, start = whole_number(resamples, "resamples", least=1), whole_number(seed, "seed")
    if whole_number(exact_up_to, "exact_up_to") > 22:
        raise BadSample(f"all flips of {exact_up_to} units cannot be counted", expected="exact_up_to from 0 to 22")
    differences, _ = as_differences(first, second)
    sums = Clusters.of(cluster, differences.size).sums(differences)
    statistic = float(sums.sum()) / differences.size
    if alternative == "less" or (alternative == "two-sided" and statistic < 0):
        sums = -sums  # flips are symmetric, so that the mirrored question has the mirrored answer
    is_exact = sums.size <= exact_up_to
    flipped = _all_flips(sums) if is_exact else _drawn_flips(sums, draws, np.random.default_rng(start))
    least = float(sums.sum()) - ROUNDING * float(np.abs(sums).sum())
    count = int(np.count_nonzero((np.abs(flipped) if alternative == "two-sided" else flipped) >= least))
    sides = 2 if alternative == "two-sided" else 1
    return SignFlipTest(
        statistic=statistic,
        p_value=count / flipped.size if is_exact else (count + 1) / (flipped.size + 1),
        count=count,
        arrangements=flipped.size,
        is_exact=is_exact,
        units=sums.size,
        smallest_p=sides / flipped.size if is_exact else 1 / (flipped.size + 1),
        alternative=alternative,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRankTest:
    """Wilcoxon's W+, the sum of the ranks of positive differences (R's V), and the p-value of its test.

    `pairs` differences were ranked; `zeros` of those given were 0.
    """

    statistic: float
    p_value: float
    pairs: int
    zeros: int
    is_exact: bool
    alternative: Alternative


def wilcoxon_signed_rank(
    first: ArrayLike,
    second: ArrayLike | None = None,
    *,
    alternative: Alternative = "two-sided",
    method: Literal["auto", "exact", "normal"] = "auto",
    zeros: Literal["drop", "pratt"] = "drop",
    continuity: bool = True,
) -> SignedRankTest:
    """Return Wilcoxon's signed-rank test of first (n,) minus second (n,), or of differences given as `first`.

    Wilcoxon 1945, Biometrics Bulletin 1:80. "exact" counts all flips of the signs, with mean ranks for ties,
    of 1,000 pairs at most; "normal"
    has the variance corrected for ties and, unless switched off, R's continuity correction; "auto" is exact up to 50
    pairs and normal above, where R turns to the normal as soon as there are ties. Differences of 0 are dropped, or
    ranked and then dropped as Pratt 1959 (JASA 54:655) does. Ties and zeros are decided on the exact differences of the
    floats: where 0.3 - 0.1 should tie with 0.2, round the differences first. For independent rows.
    Raises BadSample for bad arrays, other lengths, no rows or unknown options, and Undefined where all differences
    are 0.

    >>> test = wilcoxon_signed_rank([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48])
    >>> test.statistic, round(test.p_value, 6)
    (96.0, 0.04126)
    """
    checked_alternative(alternative)
    if method not in ("auto", "exact", "normal") or zeros not in ("drop", "pratt"):
        raise BadSample(f"there is no {method!r} with zeros {zeros!r}", expected="auto, exact or normal; drop or pratt")
    differences, _ = as_differences(first, second)
    moved = differences != 0
    if not moved.any():
        raise Undefined("all differences are 0, so none has a sign to rank")
    kept = moved if zeros == "drop" else np.ones_like(moved)
    ranks = midranks(np.abs(differences[kept]))[moved[kept]]
    signed = differences[moved]
    statistic = float(ranks[signed > 0].sum())
    is_exact = method == "exact" or (method == "auto" and ranks.size <= EXACT_RANKS)
    if is_exact and ranks.size > MOST_EXACT_RANKS:
        raise BadSample(f"all signs of {ranks.size} ranks cannot be counted", expected=f"{MOST_EXACT_RANKS} at most")
    low, high = _exact_tails(ranks, statistic) if is_exact else _normal_tails(ranks, statistic, continuity)
    tails = {"less": low, "greater": high, "two-sided": min(1.0, 2 * min(low, high))}
    return SignedRankTest(
        statistic=statistic,
        p_value=tails[alternative],
        pairs=ranks.size,
        zeros=differences.size - int(np.count_nonzero(moved)),
        is_exact=is_exact,
        alternative=alternative,
    )


def _all_flips(sums: Floats) -> Floats:
    """Return the totals of sums (n,) under all 2^n signs."""
    totals = np.zeros(1)
    for unit in sums:
        totals = np.concatenate((totals + unit, totals - unit))
    return totals


def _drawn_flips(sums: Floats, draws: int, random: np.random.Generator) -> Floats:
    """Return `draws` totals of sums (n,) under random signs."""
    ordered = sums[np.argsort(np.abs(sums), kind="stable")]  # neither the order of rows nor a flip changes the draws
    distinct, counts = np.unique(np.abs(ordered), return_counts=True)
    if distinct.size * BINOMIAL_COST <= ordered.size:
        return _by_counts(distinct, counts.astype(np.int64), draws, random)
    if ordered.size > MOST_GROUPS:
        group = np.arange(ordered.size) % MOST_GROUPS
        ordered = np.bincount(group, weights=random.permutation(ordered)).astype(np.float64, copy=False)
    return _by_bytes(np.abs(ordered), draws, random)


def _by_counts(distinct: Floats, counts: np.ndarray, draws: int, random: np.random.Generator) -> Floats:
    """Flip equal sizes together: how many of them stay positive is binomial."""
    totals = np.zeros(draws)
    step = max(1, DRAWN_AT_ONCE // max(distinct.size, 1))
    for start in range(0, draws, step):
        shape = (min(step, draws - start), distinct.size)
        totals[start : start + step] = (2 * random.binomial(counts, 0.5, shape) - counts) @ distinct
    return totals


def _by_bytes(units: Floats, draws: int, random: np.random.Generator) -> Floats:
    """Flip eight sums at a time: a random byte picks their signed sum from a table of all 256."""
    signs = 1.0 - 2.0 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    eights: Floats = np.pad(units, (0, -units.size % 8)).reshape(-1, 8)
    totals = np.zeros(draws)
    for first in range(0, len(eights), BYTES):
        table = eights[first : first + BYTES] @ signs.T
        offsets = np.arange(len(table)) * 256
        step = DRAWN_AT_ONCE // BYTES
        for start in range(0, draws, step):
            shape = (min(step, draws - start), len(table))
            picked = random.integers(0, 256, shape, dtype=np.uint8) + offsets
            totals[start : start + step] += table.ravel()[picked].sum(axis=1)
    return totals


def _exact_tails(ranks: Floats, statistic: float) -> tuple[float, float]:
    """Return P(W+ ≤ statistic) and P(W+ ≥ statistic) where each rank counts with chance ½."""
    doubled = np.rint(2 * ranks).astype(np.int64)  # mean ranks are halves
    chance = np.zeros(int(doubled.sum()) + 1)
    chance[0] = 1.0
    for rank in doubled:
        chance /= 2
        chance[rank:] += chance[:-rank].copy()
    at = round(2 * statistic)
    return float(chance[: at + 1].sum()), float(chance[at:].sum())


def _normal_tails(ranks: Floats, statistic: float, continuity: bool) -> tuple[float, float]:
    gap, spread = statistic - float(ranks.sum()) / 2, math.sqrt(float(ranks @ ranks)) / 2
    half = 0.5 if continuity else 0.0
    return float(special.ndtr((gap + half) / spread)), float(special.ndtr(-(gap - half) / spread))
