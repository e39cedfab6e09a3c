"""Times after the prediction: events and plans apart, dates not held against moments of their own day."""

import numpy as np
import pandas as pd
import pytest

from heldout.tables import read_table
from heldout.tables.event_times import event_times_of

ASKED = pd.Timestamp("2021-03-01 09:17:31") + pd.to_timedelta(np.arange(200) * 7919, unit="s")


def asked(time=ASKED, **columns):
    table = read_table(pd.DataFrame({"asked_at": time, **columns}))
    return {column.column: column for column in event_times_of(table, "asked_at", tuple(table.columns)).columns}


def after(seconds):
    return ASKED + pd.to_timedelta(seconds, unit="s")


MANY = np.random.default_rng(0).integers(3600, 10**6, 200)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("dropoff", after(MANY), "event"),
        ("scanned", after(MANY), "event"),
        ("due_at", after(MANY), "plan"),
        ("arrival", after(MANY).floor("D"), "date"),
        ("local_time", after(7200), "offset"),
    ],
    ids=["by its name", "by its seconds", "a plan", "a date", "another time zone"],
)
def test_a_later_time_is_an_event_or_may_be_planned(name, values, kind):
    column = asked(**{name: values})[name]
    assert column.kind == kind
    assert column.later > 150


@pytest.mark.parametrize(
    "values",
    [ASKED.floor("D"), after(45), after(-MANY), ASKED - pd.Timedelta(1, "D")],
    ids=["the date of the day", "within a minute", "earlier", "the day before"],
)
def test_what_is_not_later_is_not_counted(values):
    assert asked(closed_at=values)["closed_at"].later == 0


def test_a_declared_time_of_whole_months_is_not_before_moments_of_its_month():
    months = pd.DatetimeIndex(ASKED.to_period("M").to_timestamp()[:100].append(pd.DatetimeIndex(["2021-01-01"] * 100)))
    within = months + pd.to_timedelta(np.arange(200) % 25 + 0.3, unit="D")
    assert asked(time=months, closed_at=within)["closed_at"].later == 0
    assert asked(time=months, closed_at=within + pd.Timedelta(40, "D"))["closed_at"].later == 200


def test_rows_without_a_time_count_nowhere_and_examples_are_row_numbers():
    values = after(MANY).to_series(index=range(200))
    values[:50] = pd.NaT
    column = asked(closed_at=values.array)["closed_at"]
    assert (column.rows, column.later, column.examples) == (150, 150, (50, 51, 52))
    assert column.delay.endswith("days")


def test_a_time_that_is_a_number_compares_with_none():
    table = read_table(pd.DataFrame({"step": [1, 2, 3], "closed_at": ASKED[:3]}))
    assert event_times_of(table, "step", ("closed_at",)).columns == ()
