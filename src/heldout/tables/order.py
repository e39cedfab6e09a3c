"""When the rows of two tables happened."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.evidence import TimeOrder
from heldout.core.profile import ColumnKind
from heldout.tables.shown import EPOCH, shown_number, shown_time
from heldout.tables.table import Table, codes, kind_of, numbers

__all__ = ["days_of", "moments_of", "time_order_of"]

DAY = 86_400_000_000
"""Microseconds."""


def time_order_of(train: Table, test: Table, column: str) -> TimeOrder:
    """Compare when train and test rows happened; rows without a time count nowhere.

    `column` holds dates, timestamps, ISO texts, or numbers that grow with time. Raises BadInput for anything else.
    """
    (before, is_time), (after, is_time_too) = moments_of(train, column), moments_of(test, column)
    if is_time != is_time_too:
        raise BadInput(
            f"the time column {column!r} holds times in one table and numbers in the other",
            where=f"{train.source} and {test.source}",
            expected="the same in both",
            mend="write both alike",
        )
    before, after = before[~np.isnan(before)], after[~np.isnan(after)]
    show = shown_time if is_time else shown_number
    return TimeOrder(
        column=column,
        train_first=show(float(before.min())),
        train_last=show(float(before.max())),
        test_first=show(float(after.min())),
        test_last=show(float(after.max())),
        test_rows=len(after),
        not_after=int((after <= before.max()).sum()),
    )


def moments_of(table: Table, column: str) -> tuple[NDArray[np.float64], bool]:
    """Return a time column as numbers that grow with time, null as NaN; and whether they are microseconds since 1970.

    Raises BadInput for a column that is not there, is empty, or holds something else than times.
    """
    array = table.column(column, called="time column")
    kind = kind_of(array)
    if kind is ColumnKind.TEXT:
        return _parsed(array, table.source, column), True
    if kind in (ColumnKind.BOOLEAN, ColumnKind.EMPTY):
        what = "has no value in any row" if kind is ColumnKind.EMPTY else "holds true and false"
        raise BadInput(
            f"the time column {column!r} {what}",
            where=table.source,
            expected="dates, timestamps, ISO texts, or numbers that grow with time",
            mend="name another column with --time",
        )
    return numbers(array), kind is ColumnKind.TIME


def days_of(table: Table, column: str) -> NDArray[np.int64]:
    """Return the day of each row as a number, -1 for rows without a time; numbers that are no times are days as is."""
    moments, is_time = moments_of(table, column)
    days = np.floor(moments / DAY) if is_time else moments
    _, day = np.unique(days, return_inverse=True)
    return np.where(np.isnan(days), -1, day)


def _parsed(array: pa.Array, where: str, column: str) -> NDArray[np.float64]:
    row_codes = codes(array)
    moments = np.full(len(array.dictionary) + 1, np.nan)
    texts = array.dictionary.to_pylist()
    for code in np.unique(row_codes[row_codes >= 0]):
        try:
            moment = datetime.fromisoformat(texts[code])
        except ValueError as error:
            row = int(np.flatnonzero(row_codes == code)[0])
            raise BadInput(
                f"the time column {column!r} holds {texts[code]!r}",
                where=f"{where}, row {row:,} (the first is 0)",
                expected="ISO times such as 2013-06-30 or 2013-06-30T12:00, or numbers that grow with time",
                mend="write the column as ISO times",
            ) from error
        moments[code] = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) / timedelta(microseconds=1)
    return moments[row_codes]
