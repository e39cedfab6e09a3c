"""The days and months of a time column, whatever its type: names in order, and which one each row has."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["Dates", "dates_of"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Days in order, by name, and the place (n,) of each row's day among them; months the same, None without dates.

    `calendar` are the calendar months that occur, without their years. A row without a time counts to the first day.
    """

    days: tuple[str, ...]
    day: NDArray[np.int64]
    months: tuple[str, ...] | None
    month: NDArray[np.int64]
    calendar: tuple[str, ...]


def dates_of(time: pa.Array) -> Dates:
    """Return the days of a time column: dates of a date or timestamp, else each value of its own."""
    if pa.types.is_timestamp(time.type) or pa.types.is_date(time.type):
        day = pc.cast(time, pa.date32(), safe=False)
        months = pc.add(pc.multiply(pc.year(day), 12), pc.subtract(pc.month(day), 1))
        names, month = _coded(months)
        named = [divmod(int(str(one)), 12) for one in names]
        days, place = _coded(day)
        return Dates(
            days=tuple(str(one) for one in days),
            day=place,
            months=tuple(f"{MONTHS[one]} {year}" for year, one in named),
            month=month,
            calendar=tuple(MONTHS[one] for one in sorted({one for _, one in named})),
        )
    days, place = _coded(time)
    return Dates(days=tuple(str(one) for one in days), day=place, months=None, month=place, calendar=())


def _coded(values: pa.Array) -> tuple[list[object], NDArray[np.int64]]:
    """Return the distinct values in order, and the place of each row's."""
    order = pc.unique(values.drop_null()).take(pc.sort_indices(pc.unique(values.drop_null())))
    place = pc.fill_null(pc.index_in(values, value_set=order), 0)
    return order.to_pylist(), np.asarray(place.to_numpy(zero_copy_only=False), dtype=np.int64)
