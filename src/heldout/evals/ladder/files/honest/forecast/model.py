"""The model: bins, and the mean of several fits on random halves of the groups of rows."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forecast import additive, bins, columns
# trees
from forecast import boosted
# end of trees

IS_CHANCE = columns.POSITIVE is not None


@dataclass
class Model:
    """The bins, the additive weights, the boosted trees of each fit, and the share of the training rows in each bin."""

    bins: bins.Bins
    weights: np.ndarray
    boosted: list[dict]
    shares: dict[str, np.ndarray]

    def predict(self, codes: dict[str, np.ndarray]) -> np.ndarray:
        """The chance of each row, or its number."""
        listed, sizes = _listed(self.bins, codes)
        inner = additive.predict(listed, sizes, self.weights)
        # trees
        inner = (inner + np.mean([boosted.predict(listed, one) for one in self.boosted], axis=0)) / 2
        # end of trees
        return 1 / (1 + np.exp(-np.clip(inner, -30, 30))) if IS_CHANCE else inner

    def save(self, path: Path) -> None:
        """Write the model as text."""
        plain = {
            "edges": self.bins.edges,
            "levels": self.bins.levels,
            "weights": self.weights.tolist(),
            "boosted": self.boosted,
            "shares": {name: share.tolist() for name, share in self.shares.items()},
        }
        path.write_text(json.dumps(plain) + "\n")

    @classmethod
    def load(cls, path: Path) -> "Model":
        """Read what `save` wrote."""
        saved = json.loads(path.read_text())
        return cls(
            bins=bins.Bins(edges=saved["edges"], levels=saved["levels"]),
            weights=np.array(saved["weights"]),
            boosted=saved["boosted"],
            shares={name: np.array(share) for name, share in saved["shares"].items()},
        )


def fit(
    table: dict[str, np.ndarray], label: np.ndarray, group: np.ndarray, order: np.ndarray | None, seed: int
) -> Model:
    """Fit to each of `columns.BAGS` random halves of the groups, and average.

    Groups are drawn, not rows: rows of a group depend on each other. Rows without a label are left out.
    """
    learned = bins.learn(table, order)
    codes = learned.encode(table)
    listed, sizes = _listed(learned, codes)
    # trees
    ordered = [feature in learned.edges for feature in learned.features]
    # end of trees
    draw = np.random.default_rng(seed)
    names = np.unique(group)
    weights, trees = [], []
    for bag in range(columns.BAGS):
        half = draw.choice(names, max(len(names) // 2, 1), replace=False)
        rows = np.flatnonzero(np.isin(group, half) & ~np.isnan(label))
        if len(rows) > additive.MOST_ROWS:
            rows = np.sort(draw.choice(rows, additive.MOST_ROWS, replace=False))
        some = [one[rows] for one in listed]
        weights.append(additive.fit(some, sizes, label[rows], IS_CHANCE))
        # trees
        trees.append(
            boosted.fit(some, ordered, sizes, label[rows], is_chance=IS_CHANCE, trees=columns.TREES, seed=seed + bag)
        )
        # end of trees
    shares = {name: np.bincount(code, minlength=learned.count(name)) / len(label) for name, code in codes.items()}
    return Model(bins=learned, weights=np.mean(weights, axis=0), boosted=trees, shares=shares)


def _listed(learned: bins.Bins, codes: dict[str, np.ndarray]) -> tuple[list[np.ndarray], list[int]]:
    return [codes[name] for name in learned.features], [learned.count(name) for name in learned.features]
