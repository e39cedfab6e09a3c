"""When train and test rows happened."""

import pandas as pd
import pytest

from heldout.core.errors import BadInput
from heldout.tables import Table, days_of, read_table, time_order_of


def table(values: list[object]) -> Table:
    return read_table(pd.DataFrame({"when": values}))


DAYS = ["2013-01-01", "2013-01-02", "2013-01-03"]


@pytest.mark.parametrize(
    "write", [list, pd.to_datetime, lambda days: pd.to_datetime(days, utc=True)], ids=["texts", "times", "zoned"]
)
def test_dates_compare_however_they_are_written(write: object) -> None:
    order = time_order_of(table(write([*DAYS[:2], None])), table(write([DAYS[1], DAYS[2], DAYS[2]])), "when")
    assert (order.train_first, order.train_last) == ("2013-01-01", "2013-01-02")
    assert (order.test_first, order.test_last) == ("2013-01-02", "2013-01-03")
    assert (order.test_rows, order.not_after) == (3, 1)


def test_numbers_that_grow_with_time_compare_too() -> None:
    order = time_order_of(table([2010, 2011]), table([2011, 2012, 2013]), "when")
    assert (order.train_last, order.test_last, order.not_after) == ("2011", "2013", 1)


def test_zones_are_taken_into_account() -> None:
    order = time_order_of(table(["2013-01-01T12:00+00:00"]), table(["2013-01-01T12:30+02:00"]), "when")
    assert order.not_after == 1


def test_days_number_the_rows_of_one_day_alike() -> None:
    days = days_of(table(["2013-01-02 08:00", "2013-01-02 23:00", None, "2013-01-01 00:00"]), "when")
    assert days.tolist() == [1, 1, -1, 0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["2013-01-01", "soon"], "holds 'soon'"),
        ([True, False], "holds true and false"),
        ([None, None], "no value in any row"),
    ],
)
def test_a_column_that_holds_no_times_is_refused(values: list[object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        time_order_of(table(DAYS[:2]), table(values), "when")


def test_times_against_numbers_are_refused() -> None:
    with pytest.raises(BadInput, match="times in one table and numbers in the other"):
        time_order_of(table(DAYS), table([2013, 2014]), "when")
