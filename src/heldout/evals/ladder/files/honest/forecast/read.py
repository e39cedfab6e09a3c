"""Reads a table as arrays: numbers as floats (NaN where missing), texts as lists, times as days since 1970."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from forecast import columns

DAY = 86_400.0
WEEK = 7
WEEKDAY_OF_DAY_0 = 3
"""1970 began on a Thursday, and weeks begin on Mondays."""


def features(path: Path) -> dict[str, np.ndarray]:
    """Return the columns that the model looks at, by name; of a time its hour of the day and its weekday."""
    names = [*columns.NUMBERS, *columns.TEXTS, *columns.TIMES]
    table = pq.read_table(path, columns=names, use_threads=False)
    found = {name: _numbers(table.column(name)) for name in columns.NUMBERS}
    for name in columns.TIMES:
        days = _days(table.column(name))
        found[f"{name} hour"] = np.floor(days % 1 * 24)
        found[f"{name} weekday"] = (np.floor(days) + WEEKDAY_OF_DAY_0) % WEEK
    for name in columns.TEXTS:
        texts = pc.fill_null(table.column(name).cast(pa.string()), "")
        found[name] = np.array(texts.to_pylist(), dtype=object)
    return found


def keys(path: Path) -> pa.ChunkedArray:
    """Return the column that names the rows."""
    return pq.read_table(path, columns=[columns.KEY], use_threads=False).column(columns.KEY)


def labels(path: Path) -> np.ndarray:
    """Return 1 where the target is the positive value and 0 elsewhere, or its number; NaN where it is unknown."""
    target = pq.read_table(path, columns=[columns.TARGET], use_threads=False).column(columns.TARGET)
    if columns.POSITIVE is not None:
        target = pc.equal(target, pa.scalar(columns.POSITIVE).cast(target.type))
    return target.cast(pa.float64()).to_numpy()


def order(path: Path) -> np.ndarray | None:
    """Return when each row happened, as numbers; None where nothing says it."""
    if columns.TIME is None:
        return None
    column = pq.read_table(path, columns=[columns.TIME], use_threads=False).column(columns.TIME)
    return _days(column) if pa.types.is_temporal(column.type) else _numbers(column)


def groups(path: Path, rows: int) -> np.ndarray:
    """Return a number for each row, the same for rows that depend on each other."""
    name = columns.CLUSTER or columns.TIME
    if name is None:
        return np.arange(rows)
    column = pq.read_table(path, columns=[name], use_threads=False).column(name)
    codes = column.combine_chunks().dictionary_encode(null_encoding="encode")
    codes = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    return codes.indices.to_numpy(zero_copy_only=False)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    values = column.cast(pa.float64()).to_numpy()
    return np.where(np.isfinite(values), values, np.nan)


def _days(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_date(column.type):
        return column.cast(pa.date32()).cast(pa.int32()).cast(pa.float64()).to_numpy()
    micro = column.cast(pa.timestamp("us", getattr(column.type, "tz", None)), safe=False)
    return micro.cast(pa.int64()).cast(pa.float64()).to_numpy() / (1e6 * DAY)
