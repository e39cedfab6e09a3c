"""The tables of a new eval: keys that say nothing, rows in an order that says nothing, files that say nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from heldout.core.errors import BadInput

__all__ = ["MADE_KEY", "Parts", "check_key", "plain_table", "with_key", "write_parts"]

MADE_KEY = "row_id"
KEY_BYTES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The rows of a new eval with all their columns, by part: "train", "feedback" where there are any, "final"."""

    tables: Mapping[str, pa.Table]
    key: str

    def __getitem__(self, part: str) -> pa.Table:
        return self.tables[part]


def plain_table(table: pa.Table) -> pa.Table:
    """Return a table in plain types and without metadata: texts as texts, times in microseconds of UTC."""
    columns = [_plain(column.combine_chunks()) for column in table.columns]
    fields = [pa.field(name, column.type) for name, column in zip(table.column_names, columns, strict=True)]
    return pa.table(columns, schema=pa.schema(fields))


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        return column.cast(pa.string())
    return pa.nulls(len(column), pa.string()) if pa.types.is_null(column.type) else column


def with_key(table: pa.Table, generator: np.random.Generator) -> tuple[pa.Table, str]:
    """Return the table with a column of random texts, all different, in front; and that column's name."""
    name = MADE_KEY
    while name in table.column_names:
        name += "_"
    drawn: set[str] = set()
    while len(drawn) < table.num_rows:
        drawn |= {generator.bytes(KEY_BYTES).hex() for _ in range(table.num_rows - len(drawn))}
    keys = np.array(sorted(drawn))[generator.permutation(table.num_rows)]
    return table.add_column(0, name, pa.array([f"r{key}" for key in keys.tolist()])), name


def write_parts(
    parts: Parts, folder: Path, *, shown: Sequence[str], target: str, generator: np.random.Generator
) -> None:
    """Write `data/PART.parquet` and, of the holdout, `answers/PART.parquet` below `folder`.

    The training table has all columns, the holdout's features those of `shown`, its answers key and target. Rows are
    shuffled, features and answers each in an order of its own. The files hold no metadata but the columns' own.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "answers").mkdir(exist_ok=True)
    (folder / "answers").chmod(0o700)
    for part, table in parts.tables.items():
        mixed = table.take(_permutation(table, generator))
        if part == "train":
            _write(mixed, folder / "data" / "train.parquet")
            continue
        _write(mixed.select(list(shown)), folder / "data" / f"{part}.parquet")
        answers = table.select([parts.key, target]).take(_permutation(table, generator))
        _write(answers, folder / "answers" / f"{part}.parquet")


def _permutation(table: pa.Table, generator: np.random.Generator) -> pa.Array:
    return pa.array(generator.permutation(table.num_rows))


def _write(table: pa.Table, path: Path) -> None:
    # plainly, so that a baseline needs no library to read it; `store_schema` would keep what the source's schema said
    pyarrow.parquet.write_table(
        table.replace_schema_metadata(None), path, compression="none", use_dictionary=False, store_schema=False
    )


def check_key(table: pa.Table, key: str, where: str) -> None:
    """Raise BadInput unless the column `key` names each row by a whole number or a text of its own."""
    column = table.column(key)
    is_key = pa.types.is_integer(column.type) or pa.types.is_string(column.type)
    if not is_key or column.null_count or pc.count_distinct(column).as_py() != len(column):
        raise BadInput(
            f"{key} does not name the rows",
            where=f"{where}, --key",
            expected="whole numbers or texts, another one in each row, none missing",
            mend="name another column, or leave --key out: ids are made then",
        )
