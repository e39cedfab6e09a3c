"""A column of the source as labels."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["constant_of", "labels_of"]


def labels_of(column: pa.ChunkedArray, positive: str | float | bool | None) -> NDArray[np.float64]:
    """Return labels (n,): 1 where the column equals `positive` and 0 elsewhere, or its numbers; NaN where unknown."""
    whole = column.combine_chunks()
    if positive is not None:
        whole = pc.equal(whole, pa.scalar(positive).cast(whole.type))
    return np.asarray(whole.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def constant_of(label: NDArray[np.float64]) -> float:
    """Return the rate, or the mean, of the labels that are known."""
    return float(label[~np.isnan(label)].mean())
