"""The rows that are scored: labels, clusters and predictions side by side, for the processes that hold labels."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.evals.answers import read_answers
from heldout.evals.parquet import read_table
from heldout.evals.predictions import read_keys

__all__ = ["Rows"]

Floats = NDArray[np.float64]


class Rows:
    """The scored rows of one table: labels, clusters, and which of the table's rows they are."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._features = Path(table["features"])
        keys = read_keys(self._features, table["key"])
        answers = read_answers(
            Path(table["answers"]), keys, key=table["key"], target=table["target"], positive=table["positive"]
        )
        self.known = answers.known
        self.label = answers.label[self.known]
        self.cluster = _codes(self._features, table["cluster"])[self.known] if table["cluster"] else None

    def runs(self, paths: Sequence[str]) -> Floats:
        """Return predictions of shape (runs, scored rows)."""
        return np.stack([np.load(path, allow_pickle=False)[self.known] for path in paths])

    def column(self, name: str) -> pa.Array:
        """Return a column of the features on the scored rows. Raises BadInput where there is none."""
        return read_table(self._features, [name]).column(0).combine_chunks().filter(pa.array(self.known))


def _codes(features: Path, column: str) -> NDArray[np.int64]:
    values = read_table(features, [column]).column(0).combine_chunks()
    codes = values.cast(pa.string()).dictionary_encode(null_encoding="encode").indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)
