"""The labels of the holdout. The scoring process is the only one that reads them; nothing else imports this module."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.evals.parquet import read_table
from heldout.evals.predictions import read_keys

__all__ = ["Answers", "read_answers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Labels of shape (n,) in the order of the keys asked for: 0 or 1, or the target's number; NaN where unknown."""

    label: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have a label, shape (n,)."""
        return ~np.isnan(self.label)


def read_answers(path: Path, keys: pa.Array, *, key: str, target: str, positive: str | float | bool | None) -> Answers:
    """Return the labels of the rows named by `keys`, text of shape (n,).

    With `positive` a label is 1 where the target equals it and 0 elsewhere; without it the target is a number.
    Raises BadInput when the table lacks a key or the target, or the target has another type.
    """
    place = pc.index_in(keys, value_set=read_keys(path, key))
    if place.null_count:
        raise BadInput(
            f"{path.name} has no answer for {place.null_count:,} of {len(keys):,} rows",
            where=f"column {key}",
            expected="a row for every row of the features; without a label, the label is null",
        )
    column = read_table(path, [target]).column(0).combine_chunks()
    try:
        if positive is not None:
            column = pc.equal(column, pa.scalar(positive).cast(column.type))
        label = column.cast(pa.float64()).take(place)
    except pa.ArrowException as error:
        raise BadInput(
            f"cannot read the answers: {str(error).splitlines()[0]}",
            where=f"{path.name}, column {target}",
            expected="the target, of the type of data.positive (or a number)",
        ) from None
    return Answers(label=np.asarray(label.to_numpy(zero_copy_only=False), dtype=np.float64))
