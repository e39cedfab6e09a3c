"""Turns columns into bins, learned from the training rows: all that the model sees of a row."""

from dataclasses import dataclass

import numpy as np

MOST_BINS, FEWEST_BINS, WIDEST = 16, 4, 600
"""Bins of a number, and of all columns together."""
MOST_LEVELS, FEWEST_ROWS = 128, 10
"""A text is told apart from the rest where it is one of the most frequent, and stands in so many rows."""
FEW_VALUES = 24
LATE, OUTSIDE, ALONG = 0.75, 0.1, 0.9
"""The last quarter of the time; the share of its rows that may lie outside of what came before; a number that goes
along with time more closely than this says when a row was, which no later row has in common with it."""


@dataclass
class Bins:
    """The edges of each number's bins, and the levels of each text; the last bin is for what is missing or new."""

    edges: dict[str, list[float]]
    levels: dict[str, list[str]]

    @property
    def features(self) -> list[str]:
        """The columns that have bins, numbers first."""
        return [*self.edges, *self.levels]

    def count(self, feature: str) -> int:
        """The number of the feature's bins."""
        return len(self.edges[feature]) + 2 if feature in self.edges else len(self.levels[feature]) + 1

    def encode(self, table: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The bin of each row, by feature."""
        return {feature: self._codes(feature, table[feature]) for feature in self.features}

    def _codes(self, feature: str, values: np.ndarray) -> np.ndarray:
        last = self.count(feature) - 1
        if feature in self.levels:
            if last == 0:
                return np.zeros(len(values), dtype=np.int64)
            places = {level: place for place, level in enumerate(self.levels[feature])}
            return np.array([places.get(value, last) for value in values.tolist()], dtype=np.int64)
        return np.where(np.isnan(values), last, np.searchsorted(self.edges[feature], values, side="right"))


def learn(table: dict[str, np.ndarray], order: np.ndarray | None) -> Bins:
    """Return the bins of the columns that later rows can have in common with these."""
    kept = {name: values for name, values in table.items() if not _moves_along(values, order)}
    most = int(np.clip(WIDEST // max(len(kept), 1), FEWEST_BINS, MOST_BINS))
    edges = {name: _edges(values, most) for name, values in kept.items() if values.dtype != object}
    levels = {name: _levels(values) for name, values in kept.items() if values.dtype == object}
    told = {name: found for name, found in edges.items() if found}
    named = {name: found for name, found in levels.items() if found}
    return Bins(edges=told, levels=named) if told or named else Bins(edges={}, levels={next(iter(table)): []})


def _moves_along(values: np.ndarray, order: np.ndarray | None) -> bool:
    if order is None or values.dtype == object:
        return False
    known = ~np.isnan(values) & ~np.isnan(order)
    values, order = values[known], order[known]
    if values.size < FEWEST_ROWS or np.ptp(values) == 0 or np.ptp(order) == 0:
        return False
    is_late = order >= np.quantile(order, LATE)
    early, late = values[~is_late], values[is_late]
    if early.size == 0:
        return False
    outside = float(((late < early.min()) | (late > early.max())).mean())
    return outside > OUTSIDE or abs(float(np.corrcoef(values, order)[0, 1])) > ALONG


def _edges(values: np.ndarray, most: int) -> list[float]:
    known = values[~np.isnan(values)]
    distinct = np.unique(known)
    if distinct.size < 2:
        return []
    if distinct.size <= min(FEW_VALUES, 2 * most):
        return ((distinct[1:] + distinct[:-1]) / 2).tolist()
    return np.unique(np.quantile(known, np.linspace(0, 1, most + 1)[1:-1])).tolist()


def _levels(values: np.ndarray) -> list[str]:
    found, counts = np.unique(values.astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    return [str(found[place]) for place in order if counts[place] >= FEWEST_ROWS]
