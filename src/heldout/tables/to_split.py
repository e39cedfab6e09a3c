"""What a split looks at: the target, time and key of each row, and which are equal; the rest may stay on disk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind, LabelKind
from heldout.tables.arrays import null_mask
from heldout.tables.hashing import numbered, row_lanes, value_lanes
from heldout.tables.hidden_keys import beginnings
from heldout.tables.label import Label
from heldout.tables.order import moments_of
from heldout.tables.overlap import row_ids
from heldout.tables.sampling import sample_of
from heldout.tables.source import Source, read_table
from heldout.tables.split_advice import SplitAdvice, split_advice
from heldout.tables.table import Table, kind_of
from heldout.tables.target import Target, parse_target, read_label

__all__ = ["BATCH", "PARTS", "SplitSource", "is_parquet", "parquet_batches"]

PARTS = ("whole", "beginning")
"""What of a text is the key: all of it, or all but its last part (`phon_R01_S01` of `phon_R01_S01_1`)."""

BATCH = 131_072


def is_parquet(source: Source) -> bool:
    """Tell whether a source is a Parquet file, whose columns can be read one at a time."""
    if not isinstance(source, str | Path) or not Path(source).is_file():
        return False
    with Path(source).open("rb") as file:
        return file.read(4) == b"PAR1"


def parquet_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield a Parquet file's rows by batches. Raises BadInput where its pages are damaged."""
    try:
        # with buffering ahead the whole file would be in memory at once
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield from file.iter_batches(BATCH)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise BadInput(
            "the Parquet file is damaged: not all of its rows can be read",
            where=str(path),
            expected="a whole Parquet file",
            mend=f"write or copy it again; the reader said: {str(error).splitlines()[0]}",
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSource:
    """A source to split and its table; `names` are all columns of the source, those too that no table can hold."""

    source: Source
    table: Table
    names: tuple[str, ...]

    @classmethod
    def of(
        cls, source: Source, *, header: bool = True, separator: str | None = None, null_texts: Sequence[str] = ()
    ) -> "SplitSource":
        """Open a file or a frame; raises BadInput as `read_table` does."""
        table = read_table(source, header=header, separator=separator, null_texts=null_texts)
        names = pq.read_schema(source).names if is_parquet(source) else table.columns
        return cls(source=source, table=table, names=tuple(names))

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.table.rows

    @property
    def shown(self) -> str:
        """The name of the source in messages."""
        return self.table.source

    def column(self, name: str, *, called: str) -> Table:
        """Return the table of this column alone; raises BadInput where there is none."""
        return replace(self.table, columns={name: self.table.column(name, called=called)})

    def target(self, text: str) -> Target:
        """Read a target against the columns."""
        return parse_target(text, self.table)

    def label(self, target: Target, *, positive: str | None, kind: LabelKind | None) -> Label:
        """Return the label of each row."""
        return read_label(self.column(target.column, called="target column"), target, positive=positive, kind=kind)

    def times(self, name: str) -> tuple[NDArray[np.float64], bool]:
        """Return the moment of each row, NaN for none, and whether these are microseconds."""
        return moments_of(self.column(name, called="time column"), name)

    def entities(self, name: str, part: str = "whole") -> NDArray[np.int64]:
        """Number the keys of the rows by their content, -1 for none."""
        array = self.column(name, called="entity column").column(name)
        if kind_of(array) is ColumnKind.EMPTY:
            raise BadInput(
                f"the entity column {name!r} has no value in any row",
                where=self.shown,
                expected="a column that says whom or what a row is about",
                mend="name another column with --entity",
            )
        lanes = value_lanes(array if part == "whole" else _beginnings(array, name, self.shown))
        number = numbered(lanes)[0]
        number[null_mask(array)] = -1
        return number

    def copies(self) -> NDArray[np.int64]:
        """Number the rows so that equal ones share a number: over all columns but those that number the rows."""
        ids = row_ids(self.table)
        names = [name for name in self.table.columns if name not in ids]
        return numbered(row_lanes(((name, value_lanes(self.table.column(name))) for name in names), self.rows))[0]

    def numbers_rows(self, name: str) -> bool:
        """Tell whether a column only numbers the rows."""
        return bool(row_ids(self.column(name, called="column")))

    def advice(self, target: Target, *, positive: str | None, kind: LabelKind | None) -> SplitAdvice:
        """Return the split that the table asks for, looked up in a sample of it."""
        sample, _ = sample_of(self.table, None)
        label = read_label(sample, target, positive=positive, kind=kind)
        return split_advice(sample.filter(label.known), label.rows(label.known))


def _beginnings(array: pa.Array, name: str, where: str) -> pa.Array:
    """Return a text column without the last part of each text; texts without parts stay as they are."""
    if kind_of(array) is not ColumnKind.TEXT:
        raise _no_parts(name, where, "holds no texts")
    starts = beginnings(array)
    if len(starts.dictionary) == len(array.dictionary) and starts.dictionary.equals(array.dictionary):
        raise _no_parts(name, where, "holds no texts of several parts")
    return starts


def _no_parts(name: str, where: str, why: str) -> BadInput:
    return BadInput(
        f"the entity column {name!r} {why}, so it has no beginning",
        where=where,
        expected="texts such as phon_R01_S01_1, whose last part follows _, -, ., /, : or a blank",
        mend="leave --entity-part out, or name another column with --entity",
    )
