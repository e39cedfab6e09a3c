"""The additive part: a weight for each bin, by ridge regression; of a chance on the scale of log-odds."""

import numpy as np

RIDGE = 5.0
"""Pulls a bin's weight to zero as so many units of curvature would (a row has a quarter of one at even odds)."""
STEPS = 4
"""Newton steps; a regression needs one."""
MOST_ROWS = 100_000


def fit(codes: list[np.ndarray], sizes: list[int], label: np.ndarray, is_chance: bool) -> np.ndarray:
    """Return the intercept and the weights of all bins, in the order of the features."""
    rows = len(label)
    ridge = np.full(1 + sum(sizes), RIDGE)
    ridge[0] = 1e-9  # the base rate is not pulled
    weights = np.zeros(len(ridge))
    mean = float(label.mean())
    weights[0] = np.log(max(mean, 1e-6) / max(1 - mean, 1e-6)) if is_chance else mean
    for _ in range(STEPS if is_chance else 1):
        inner = predict(codes, sizes, weights) if codes else np.full(rows, weights[0])
        chance = 1 / (1 + np.exp(-np.clip(inner, -30, 30))) if is_chance else inner
        curve = np.maximum(chance * (1 - chance), 1e-6) if is_chance else np.ones(rows)
        slope = _sums(codes, sizes, label - chance) - ridge * weights
        weights = weights + np.linalg.solve(_crossed(codes, sizes, curve) + np.diag(ridge), slope)
    return weights


def predict(codes: list[np.ndarray], sizes: list[int], weights: np.ndarray) -> np.ndarray:
    """Return the sum of the weights of each row's bins."""
    inner = np.full(len(codes[0]) if codes else 0, weights[0])
    start = 1
    for found, size in zip(codes, sizes):
        inner = inner + weights[start : start + size][found]
        start += size
    return inner


def _sums(codes: list[np.ndarray], sizes: list[int], of: np.ndarray) -> np.ndarray:
    """The sum over all rows, then over the rows of each bin."""
    return np.concatenate([[of.sum()], *(np.bincount(found, of, size) for found, size in zip(codes, sizes))])


def _crossed(codes: list[np.ndarray], sizes: list[int], of: np.ndarray) -> np.ndarray:
    """The sum over the rows of each pair of bins: what a matrix of ones and zeros would give, without making it."""
    crossed = np.diag(_sums(codes, sizes, of))
    crossed[0] = crossed[:, 0] = np.diag(crossed)
    starts = 1 + np.cumsum([0, *sizes])
    for one, (rows, height) in enumerate(zip(codes, sizes)):
        for other in range(one):
            width = sizes[other]
            block = np.bincount(rows * width + codes[other], of, height * width).reshape(height, width)
            here, there = slice(starts[one], starts[one] + height), slice(starts[other], starts[other] + width)
            crossed[here, there], crossed[there, here] = block, block.T
    return crossed
