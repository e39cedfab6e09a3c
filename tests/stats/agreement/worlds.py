"""Ratings drawn by a simple model of raters, and slow transparent recomputations to hold the kernels to."""

import itertools

import numpy as np

FOUR_RATERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""Krippendorff 2011, section C."""


def drawn(seed, raters=3, units=80, q=4, right=0.7, missing=0.15):
    """Ratings 1..q (raters, units), NaN where missing."""
    rng = np.random.default_rng(seed)
    true = rng.integers(1, q + 1, units)
    ratings = np.where(rng.random((raters, units)) < right, true, rng.integers(1, q + 1, (raters, units)))
    ratings = ratings.astype(float)
    ratings[rng.random(ratings.shape) < missing] = np.nan
    return ratings


def unit_ratings(ratings):
    """The ratings of each unit that has any."""
    ratings = np.asarray(ratings, dtype=float)
    return [column[~np.isnan(column)] for column in ratings.T if not np.isnan(column).all()]


def slow_observed(units, weight):
    """Mean over units of the mean weight over ordered pairs of ratings."""
    return np.mean(
        [
            np.mean([weight(a, b) for a, b in itertools.permutations(unit.tolist(), 2)])
            for unit in units
            if len(unit) > 1
        ]
    )


def slow_alpha(ratings, distance):
    """Krippendorff's alpha by its coincidence matrix, pair by pair."""
    units = [unit for unit in unit_ratings(ratings) if len(unit) > 1]
    pooled = np.concatenate(units)
    within = sum(
        distance(a, b, pooled) / (len(unit) - 1) for unit in units for a, b in itertools.permutations(unit.tolist(), 2)
    )
    between = sum(distance(a, b, pooled) for a, b in itertools.permutations(pooled.tolist(), 2))
    return 1 - (pooled.size - 1) * within / between


def jackknife_error(value, ratings):
    """The standard error of value(ratings) when one unit is left out at a time."""
    units = np.shape(ratings)[1]
    left_out = np.array([value(np.delete(ratings, unit, axis=1)) for unit in range(units)])
    return np.sqrt((units - 1) / units * ((left_out - left_out.mean()) ** 2).sum())
