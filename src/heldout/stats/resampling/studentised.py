"""The studentised cluster bootstrap of a metric that is linear in its clusters' influence."""

import math
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import variance_of_sum
from heldout.stats.resampling.replicates import quantile_interval
from heldout.stats.resampling.seeds import seeded_blocks
from heldout.stats.sample import BadSample, Floats, as_numbers, checked_level

__all__ = ["Scale", "studentised_interval"]

Scale = Literal["identity", "logit", "log"]

BLOCK = 1_000
"""Worlds drawn from one random stream; part of what a seed means, so not to be changed."""

ENDLESS = 1e100
"""Stands for the ratio of an error to a standard error of 0."""

NO_SPREAD = 1e-12
"""A world's spread below this share of the largest part is rounding."""


def studentised_interval(
    parts: ArrayLike,
    estimate: float,
    level: float = 0.95,
    worlds: int = 10_000,
    seed: int = 0,
    *,
    scale: Scale = "identity",
    sizes: ArrayLike | None = None,
) -> Estimate:
    """Return `estimate` with its studentised bootstrap interval over clusters; `n` is the number of clusters.

    `parts` (G,) are the clusters' sums of influence (`Clusters.sums`), which sum to 0. Each world draws G of them and
    has a standard error of its own; quantiles of error over standard error take the place of t's. For fewer than
    about 100 clusters of unequal weight, where percentiles and z cover too little (Davison & Hinkley 1997, section
    5.2; Cameron, Gelbach & Miller 2008, REStat 90:414). `scale` "logit" keeps the interval in (0, 1), "log" above 0.
    With `sizes` (G,) the value is a mean over items, and each world divides by the items that it drew.
    It knows no cluster more extreme than those seen. A world whose clusters are all alike counts as ±∞. One thread; the
    same seed gives the same interval. Undefined below five clusters, where parts do not vary, where ±∞ reaches a
    quantile, or at the end of the scale. Raises BadSample for bad input.

    >>> parts = np.sin(np.arange(40)) / 40
    >>> auc = studentised_interval(parts - parts.mean(), 0.7, scale="logit")
    >>> round(auc.low, 2), round(auc.high, 2)
    (0.44, 0.87)
    """
    checked_level(level)
    sums = as_numbers(parts, "parts")
    if scale not in get_args(Scale):
        raise BadSample(f"there is no scale {scale!r}", expected="one of " + ", ".join(get_args(Scale)))
    if not math.isfinite(estimate):
        raise BadSample(f"the estimate {estimate} is no number", expected="a finite number")
    if abs(sums.sum()) > 1e-6 * np.abs(sums).sum():
        raise BadSample(f"parts sum to {sums.sum():g}", expected="sums of influence, which add up to 0")
    weights = _weights(sizes, sums.size)
    method = f"studentised bootstrap over {sums.size} clusters, {worlds} worlds"
    reason = _why_undefined(sums, estimate, scale)
    if not reason:
        low, high = quantile_interval(_ratios(sums, weights, worlds, seed), ((1 - level) / 2, (1 + level) / 2))
        if max(abs(low), abs(high)) < ENDLESS / 1e6:  # a quantile lies between two ratios
            low, high = _on_scale(estimate, math.sqrt(variance_of_sum(sums)), high, low, scale)
            return Estimate(value=estimate, low=low, high=high, n=sums.size, method=method, level=level)
        reason = "in too many worlds all clusters drawn are alike"
    return undefined(reason, n=sums.size, method=method, value=estimate, level=level)


def _why_undefined(sums: Floats, estimate: float, scale: Scale) -> str | None:
    if sums.size < 5:
        return f"a studentised bootstrap takes five clusters, and there are {sums.size}"
    if not sums.any():
        return "no cluster moves the value"
    inside = {"identity": True, "logit": 0 < estimate < 1, "log": estimate > 0}[scale]
    return None if inside else f"the value lies at the end of the {scale} scale"


def _weights(sizes: ArrayLike | None, clusters: int) -> Floats:
    """Return each cluster's share of the items, equal shares without sizes."""
    if sizes is None:
        return np.full(clusters, 1 / max(clusters, 1))
    known = as_numbers(sizes, "sizes")
    if known.size != clusters or (known <= 0).any():
        raise BadSample(f"there are {known.size} sizes of {clusters} clusters", expected="one above 0 for each")
    shares: Floats = known / known.sum()
    return shares


def _ratios(sums: Floats, weights: Floats, worlds: int, seed: int) -> Floats:
    """Return error over standard error in each world, ±ENDLESS where a world shows no variance."""
    ratios = []
    is_even = bool((weights == weights[0]).all())
    least = NO_SPREAD * float(np.abs(sums).max())
    for size, rng in seeded_blocks(worlds, BLOCK, seed):
        picked = rng.integers(0, sums.size, (size, sums.size))
        drawn = sums[picked]
        error = drawn.sum(axis=1)
        if is_even:
            drawn -= drawn.mean(axis=1, keepdims=True)
        else:  # the ratio is free of the number of items drawn, which divides both error and standard error
            drawn_weights = weights[picked]
            drawn -= (error / drawn_weights.sum(axis=1))[:, None] * drawn_weights
        spread = np.sqrt((drawn**2).sum(axis=1) * sums.size / (sums.size - 1))
        known = spread > least
        ratios.append(np.where(known, error / np.where(known, spread, 1), np.sign(error) * ENDLESS))
    return np.concatenate(ratios)


def _on_scale(value: float, error: float, high: float, low: float, scale: Scale) -> tuple[float, float]:
    if scale == "logit":
        centre, width = float(special.logit(value)), error / (value * (1 - value))
        return float(special.expit(centre - high * width)), float(special.expit(centre - low * width))
    if scale == "log":
        return value * math.exp(-high * error / value), value * math.exp(-low * error / value)
    return value - high * error, value - low * error
