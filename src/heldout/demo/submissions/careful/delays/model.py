"""An additive model of the log-odds: one weight per bin, by ridge logistic regression; averaged over bags of days."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from delays import bins

RIDGE = 20.0
"""Pulls a bin's weight to zero as 20 flights with even odds would, near enough."""
STEPS = 4
"""Newton steps; the fourth moves no weight by more than 1e-4 on the training table."""
BAGS = 3


@dataclass
class Model:
    """The weights, and the share of the training rows in each bin (the reference of the drift metric)."""

    intercept: float
    weights: dict[str, np.ndarray]
    shares: dict[str, np.ndarray]

    def probability(self, codes: dict[str, np.ndarray]) -> np.ndarray:
        """The chance of each row."""
        odds = self.intercept + sum(self.weights[feature][codes[feature]] for feature in bins.FEATURES)
        return 1 / (1 + np.exp(-odds))

    def save(self, path: Path) -> None:
        """Write the model as text: 80 numbers that a person can read."""
        tables = {name: {key: list(row) for key, row in getattr(self, name).items()} for name in ("weights", "shares")}
        path.write_text(json.dumps({"intercept": self.intercept, **tables}, indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> "Model":
        """Read what `save` wrote."""
        saved = json.loads(path.read_text())
        tables = {name: {key: np.array(row) for key, row in saved[name].items()} for name in ("weights", "shares")}
        return cls(intercept=saved["intercept"], **tables)


def fit(codes: dict[str, np.ndarray], late: np.ndarray, day: np.ndarray, seed: int) -> Model:
    """Fit one model to each of BAGS random halves of the days, and average their weights.

    Days are drawn, not flights: the flights of a day share its weather.
    """
    draw = np.random.default_rng(seed)
    days = np.unique(day)
    design = _design(codes)
    fitted = []
    for _ in range(BAGS):
        rows = np.flatnonzero(np.isin(day, draw.choice(days, len(days) // 2, replace=False)))
        fitted.append(_newton(design[rows], late[rows]))
    intercept, *weights = np.mean(fitted, axis=0).tolist()
    ends = np.cumsum([bins.count(feature) for feature in bins.FEATURES])[:-1]
    return Model(
        intercept=intercept,
        weights=dict(zip(bins.FEATURES, np.split(np.array(weights), ends), strict=True)),
        shares={name: np.bincount(code, minlength=bins.count(name)) / len(late) for name, code in codes.items()},
    )


def _design(codes: dict[str, np.ndarray]) -> np.ndarray:
    width = 1 + sum(bins.count(feature) for feature in bins.FEATURES)
    design = np.zeros((len(codes[bins.FEATURES[0]]), width), np.float32)
    design[:, 0] = 1
    start = 1
    for feature in bins.FEATURES:
        design[np.arange(len(design)), start + codes[feature]] = 1
        start += bins.count(feature)
    return design


def _newton(design: np.ndarray, late: np.ndarray) -> np.ndarray:
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 0  # the base rate is not pulled
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(late.mean() / (1 - late.mean()))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(design @ weights.astype(np.float32))))
        slope = (late - chance) @ design - ridge * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(ridge)
        weights += np.linalg.solve(curvature, slope)
    return weights
