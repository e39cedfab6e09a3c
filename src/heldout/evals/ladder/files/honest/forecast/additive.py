"""The additive part: a weight for each bin, by ridge regression; of a chance on the scale of log-odds."""

import numpy as np

RIDGE = 5.0
"""Pulls a bin's weight to zero as so many units of curvature would (a row has a quarter of one at even odds)."""
STEPS = 4
"""Newton steps; a regression needs one."""
MOST_ROWS = 100_000


def fit(design_codes: list[np.ndarray], sizes: list[int], label: np.ndarray, is_chance: bool) -> np.ndarray:
    """Return the intercept and the weights of all bins, in the order of the features."""
    rows = len(label)
    design = np.zeros((rows, 1 + sum(sizes)), np.float32)
    design[:, 0] = 1
    start = 1
    for codes, size in zip(design_codes, sizes):
        design[np.arange(rows), start + codes] = 1
        start += size
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 1e-9  # the base rate is not pulled
    weights = np.zeros(design.shape[1])
    mean = float(label.mean())
    weights[0] = np.log(max(mean, 1e-6) / max(1 - mean, 1e-6)) if is_chance else mean
    for _ in range(STEPS if is_chance else 1):
        inner = design @ weights.astype(np.float32)
        chance = 1 / (1 + np.exp(-np.clip(inner, -30, 30))) if is_chance else inner
        curve = np.maximum(chance * (1 - chance), 1e-6) if is_chance else np.ones(rows, np.float32)
        slope = (label - chance) @ design - ridge * weights
        curvature = (design * curve[:, None].astype(np.float32)).T @ design + np.diag(ridge)
        weights = weights + np.linalg.solve(curvature.astype(np.float64), slope)
    return weights


def predict(codes: list[np.ndarray], sizes: list[int], weights: np.ndarray) -> np.ndarray:
    """Return the sum of the weights of each row's bins."""
    inner = np.full(len(codes[0]) if codes else 0, weights[0])
    start = 1
    for found, size in zip(codes, sizes):
        inner = inner + weights[start : start + size][found]
        start += size
    return inner
