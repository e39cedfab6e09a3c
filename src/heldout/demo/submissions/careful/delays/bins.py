"""Turns the columns into bins: all that the model sees of a flight."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# A bin holds the values from its edge up to the next one; the edges are the units' own, so they need no training data.
EDGES = {
    "hour": list(range(6, 24)),
    "distance": [200, 300, 500, 700, 800, 1000, 1100, 1400, 2200],
    "precip": [0.005, 0.015, 0.035, 0.075, 0.15],
    "visib": [0.5, 1, 2, 3, 5, 7, 9, 9.9],
    "humid": [42, 49, 55, 61, 68, 77, 86],
}
LEVELS = {
    "carrier": "9E AA AS B6 DL EV F9 FL HA MQ OO UA US VX WN YV".split(),
    "origin": ["EWR", "JFK", "LGA"],
}
FEATURES = [*EDGES, *LEVELS]


def count(feature: str) -> int:
    """The number of the feature's bins; the last is for what is missing or was never seen."""
    return len(EDGES[feature]) + 2 if feature in EDGES else len(LEVELS[feature]) + 1


def encode(table: pa.Table) -> dict[str, np.ndarray]:
    """The bin of each row, by feature."""
    return {feature: _bins(feature, table.column(feature)) for feature in FEATURES}


def _bins(feature: str, column: pa.ChunkedArray) -> np.ndarray:
    last = count(feature) - 1
    if feature in LEVELS:
        found = pc.index_in(column, value_set=pa.array(LEVELS[feature]))
        return pc.fill_null(found, last).to_numpy()
    values = column.cast(pa.float64()).to_numpy()
    return np.where(np.isnan(values), last, np.searchsorted(EDGES[feature], values, side="right"))
