"""What the user's own estimator is fitted on: the columns as they were read, in a pandas frame if pandas is there."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.engine.refit import Features
from heldout.tables import Table
from heldout.tables.matrix import matrix_of

__all__ = ["features_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A pandas frame. A column that leaves is held at one value, so that a pipeline that names it still runs."""

    frame: Any

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self.frame.columns)

    def part(self, rows: NDArray[np.int64], without: Collection[str]) -> Any:
        """Return these rows; columns that leave tell nothing."""
        part = self.frame.iloc[rows].copy()
        for name in without:
            if name in part.columns:
                first = self.frame[name].first_valid_index()
                part[name] = self.frame[name].iloc[[0 if first is None else first] * len(part)].to_numpy()
        return part


def features_for(table: Table) -> Features:
    """Return a pandas frame with the values as they were read; a matrix of numbers where pandas is not installed."""
    if find_spec("pandas") is None:  # it is the user's choice to have it
        return matrix_of(table, tuple(table.columns))
    arrays = {
        name: array.cast(pa.large_string()) if pa.types.is_dictionary(array.type) else array
        for name, array in table.columns.items()
    }
    return Frame(frame=pa.table(arrays).to_pandas())
