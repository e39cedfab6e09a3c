"""How much more alike rows of one group are than any two rows: an intraclass correlation with bounds over groups."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.ranks import midranks

__all__ = ["FEWEST_GROUPS", "group_agreement", "local_agreement", "neighbour_agreement", "of_independent_rows"]

FEWEST_GROUPS = 10
"""Below this many groups of two rows or more (or blocks of neighbours) there is no interval."""

BLOCKS = 40
FEWEST_IN_BLOCK = 10

Floats = NDArray[np.float64]


def group_agreement(label: Floats, group: NDArray[np.int64], *, is_classes: bool, level: float = 0.95) -> Estimate:
    """Return how alike the labels (n,) of rows of one group (n,) are, beyond chance: 0 for none, 1 for all the same.

    For classes the chance-corrected share of pairs that agree (Fleiss & Cuzick 1979, Appl. Psychol. Meas. 3:537), for
    numbers the intraclass correlation of their ranks. Each row weighs the same; groups of one row, those numbered -1
    and labels that are NaN count nowhere. The interval is the delta method over groups with t(G - 1).

    >>> rng = np.random.default_rng(0)
    >>> group = np.repeat(np.arange(50), 8)
    >>> found = group_agreement((group % 3 == 0) * 1.0, group, is_classes=True)
    >>> found.value, found.n
    (1.0, 400)
    >>> found = group_agreement(rng.integers(0, 2, 400) * 1.0, group, is_classes=True)
    >>> found.low < 0 < found.high
    True
    """
    used = (group >= 0) & ~np.isnan(label)
    label, group = label[used], np.unique(group[used], return_inverse=True)[1]
    sizes = np.bincount(group)
    many = sizes > 1
    label, group = label[many[group]], (np.cumsum(many) - 1)[group[many[group]]]
    method = "intraclass agreement, delta method over groups" if is_classes else "intraclass correlation of ranks"
    groups, n = int(many.sum()), len(label)
    if groups < FEWEST_GROUPS:
        reason = f"{groups} groups hold two rows or more, and {FEWEST_GROUPS} are needed"
        return undefined(reason, n=n, method=method, level=level)
    sums, per_row = _classes(label, group, groups) if is_classes else _ranks(label, group, groups)
    return _ratio(sums, per_row, level, method)


def neighbour_agreement(first: Floats, second: Floats, *, is_classes: bool, level: float = 0.95) -> Estimate:
    """Return how alike neighbours (pairs,) are, beyond chance: 0 for none, 1 for all the same.

    For classes the chance-corrected share of pairs that agree (Cohen's kappa), for numbers the correlation of ranks.
    The interval takes 40 blocks of pairs that follow each other as independent, with t (batch means, Law & Carson 1979,
    Oper. Res. 27:1011): neighbours depend on each other, blocks hardly do.

    >>> series = np.tile(np.repeat([0.0, 1.0], 8), 100)
    >>> round(neighbour_agreement(series[:-1], series[1:], is_classes=True).value, 2)
    0.75
    """
    there = ~np.isnan(first) & ~np.isnan(second)
    first, second = first[there], second[there]
    method = "agreement of neighbours over blocks" if is_classes else "rank correlation of neighbours over blocks"
    n = len(first)
    blocks = min(BLOCKS, n // FEWEST_IN_BLOCK)
    if blocks < FEWEST_GROUPS:
        return undefined(f"{n} pairs of neighbours are too few", n=n, method=method, level=level)
    block = np.arange(n) * blocks // n
    if is_classes:
        classes, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
        one, other = (np.eye(len(classes))[part] for part in (codes[:n], codes[n:]))
        alike, chance = (one * other).sum(axis=1), one * other.mean(axis=0) + other * one.mean(axis=0)
        by_chance = float((one.mean(axis=0) * other.mean(axis=0)).sum())
        influence = [alike - alike.mean(), chance.sum(axis=1) - 2 * by_chance]
        values = float(alike.mean()), by_chance
        if by_chance >= 1:
            return undefined("all neighbours have one label", n=n, method=method, level=level)
    else:
        one, other = (_normal(midranks(part)) for part in (first, second))
        if not one.any() or not other.any():
            return undefined("all neighbours have one label", n=n, method=method, level=level)
        correlation = float((one * other).mean())
        influence = [one * other - correlation * (one**2 + other**2) / 2, np.zeros(n)]
        values = correlation, 0.0
    value = (values[0] - values[1]) / (1 - values[1])
    change = influence[0] / (1 - values[1]) - influence[1] * (1 - values[0]) / (1 - values[1]) ** 2
    spread = np.bincount(block, weights=change, minlength=blocks) / n
    return _interval(value, spread, n, level, method)


def local_agreement(first: Floats, second: Floats, *, is_classes: bool, level: float = 0.95) -> Estimate:
    """Return how alike neighbours (pairs,) are beyond what the course of the label makes them: by blocks of their own.

    Chance is that of each of 40 blocks of pairs that follow each other, so what changes slowly counts nothing.

    >>> trend = (np.random.default_rng(0).random(4000) < np.arange(4000) / 4000) * 1.0
    >>> neighbour_agreement(trend[:-1], trend[1:], is_classes=True).value > 0.3
    True
    >>> local_agreement(trend[:-1], trend[1:], is_classes=True).high < 0.1
    True
    """
    there = ~np.isnan(first) & ~np.isnan(second)
    pairs, n = np.stack([first[there], second[there]]), int(there.sum())
    method = "agreement of neighbours within blocks"
    blocks = min(BLOCKS, n // FEWEST_IN_BLOCK)
    if blocks < FEWEST_GROUPS:
        return undefined(f"{n} pairs of neighbours are too few", n=n, method=method, level=level)
    block, different = np.arange(n) * blocks // n, np.unique(pairs)
    size = np.bincount(block, minlength=blocks)
    if is_classes:
        shares = [np.bincount(block, weights=(p == c), minlength=blocks) / size for c in different for p in pairs]
        observed = np.bincount(block, weights=(pairs[0] == pairs[1]), minlength=blocks) / size
        chance = sum((one * other for one, other in zip(shares[::2], shares[1::2], strict=True)), np.zeros(blocks))
        top, room = observed - chance, 1 - chance
    else:
        ranks = _normal(midranks(pairs)).reshape(2, -1)
        apart = [r - (np.bincount(block, weights=r, minlength=blocks) / size)[block] for r in ranks]
        top = np.bincount(block, weights=apart[0] * apart[1], minlength=blocks) / size
        room = np.bincount(block, weights=apart[0] ** 2 + apart[1] ** 2, minlength=blocks) / (2 * size)
    if not room.sum() > 0:
        return undefined("all neighbours have one label", n=n, method=method, level=level)
    value = float(top.sum() / room.sum())
    return _interval(value, (top - value * room) / room.sum(), n, level, method)


def of_independent_rows(hits: NDArray[np.bool_], cluster: NDArray[np.int64] | None) -> tuple[int, int]:
    """Return hits and rows divided by the design effect that clusters (n,), 0 or more, give the share of hits (n,).

    Kish 1965; Rao & Scott 1992, Biometrics 48:577: counts over design effect go into formulas for independent rows. The
    effect is 1 at least.

    >>> of_independent_rows(np.repeat([True, False, True, False], 10), np.repeat([0, 1, 2, 3], 10))
    (2, 3)
    >>> of_independent_rows(np.array([True, False, True, False]), None)
    (2, 4)
    """
    n, count = len(hits), int(hits.sum())
    if cluster is None or count in (0, n) or n < 2:
        return count, n
    share = count / n
    sizes = np.bincount(cluster)
    sums = (np.bincount(cluster[hits], minlength=len(sizes)) - share * sizes)[sizes > 0]
    if len(sums) < 2:
        return min(count, 1), 1
    effect = float((sums**2).sum()) * len(sums) / (len(sums) - 1) / (n * share * (1 - share))
    effect = max(effect, 1.0)
    rows = max(int(n / effect), 1)
    return min(round(share * rows), rows), rows


def _classes(label: Floats, group: NDArray[np.int64], groups: int) -> tuple[tuple[Floats, Floats, Floats], Floats]:
    """Return per group the agreement, its size and the change of the chance level; and the chance level alone."""
    classes, codes = np.unique(label, return_inverse=True)
    cells = np.bincount(group * len(classes) + codes, minlength=groups * len(classes)).reshape(groups, -1)
    sizes = cells.sum(axis=1).astype(float)
    share = cells.sum(axis=0) / sizes.sum()
    agree = (cells * (cells - 1.0)).sum(axis=1) / (sizes - 1)
    expected = float((share**2).sum())
    change = 2 * (cells @ share - sizes * expected)
    return (agree, sizes, change), np.array([expected, 1.0])


def _ranks(label: Floats, group: NDArray[np.int64], groups: int) -> tuple[tuple[Floats, Floats, Floats], Floats]:
    values = _normal(midranks(label))
    sizes = np.bincount(group, minlength=groups).astype(float)
    sums = np.bincount(group, weights=values, minlength=groups)
    squares = np.bincount(group, weights=values**2, minlength=groups)
    return ((sums**2 - squares) / (sizes - 1), sizes, squares - sizes), np.array([0.0, float(values.any())])


def _ratio(sums: tuple[Floats, Floats, Floats], chance: Floats, level: float, method: str) -> Estimate:
    top, sizes, change = sums
    n = int(sizes.sum())
    expected, observed = float(chance[0]), float(top.sum() / n)
    if expected >= 1 or not chance[1]:
        return undefined("all rows have one label", n=n, method=method, level=level)
    value = (observed - expected) / (1 - expected)
    influence = (top - observed * sizes) / n / (1 - expected)
    if expected:
        influence -= change / n * (1 - observed) / (1 - expected) ** 2
    else:
        influence -= observed * change / n
    return _interval(value, influence, n, level, method)


def _interval(value: float, influence: Floats, n: int, level: float, method: str) -> Estimate:
    units = len(influence)
    error = math.sqrt(float((influence**2).sum()) * units / (units - 1))
    half = float(special.stdtrit(units - 1, (1 + level) / 2)) * error
    low, high = max(value - half, -1.0), min(value + half, 1.0)
    return Estimate(value=value, low=min(low, value), high=max(high, value), n=n, method=method, level=level)


def _normal(ranks: Floats) -> Floats:
    """Return ranks with mean 0 and variance 1; zeros where all are tied."""
    apart = ranks - ranks.mean()
    size = float(np.sqrt((apart**2).mean()))
    return apart / size if size > 0 else np.zeros_like(apart)
