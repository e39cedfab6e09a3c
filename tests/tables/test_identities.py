import numpy as np
import pyarrow as pa
import pytest

from heldout.tables.identities import identities_of
from heldout.tables.row_order_power import row_order_of
from heldout.tables.schedules import schedules_of
from heldout.tables.source import read_table
from heldout.tables.target import parse_target, read_label

N = 3000


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def read(target, **columns):
    table = read_table(pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()}))
    return table, read_label(table, parse_target(target, table))


def clock(minutes):
    return minutes % 1440 // 60 * 100 + minutes % 60


def test_a_sum_is_confirmed_on_all_rows(rng):
    casual, registered = rng.poisson(30, N), rng.poisson(80, N)
    total = casual + registered
    (found,) = identities_of(*read("cnt", casual=casual, registered=registered, cnt=total)).found
    assert (found.kind, found.columns, found.rows, found.agreed) == ("sum", ("casual", "registered"), N, N)
    assert found.chance < 0.1
    total[:30] += 1  # one row in a hundred
    assert identities_of(*read("cnt", casual=casual, registered=registered, cnt=total)).found == ()


def test_two_equal_columns_are_no_equation_of_a_rare_class_where_one_has_gaps(rng):
    label = (rng.random(N) < 0.01).astype(int)
    pressure = np.round(rng.normal(90, 10, N), 1)
    partly = np.where((label == 1) | (rng.random(N) < 0.6), np.nan, pressure)
    assert identities_of(*read("y", pressure=pressure, again=partly, y=label)).found == ()


def test_a_delay_is_found_between_two_clock_times_and_the_plan_is_not_blamed(rng):
    plan, delay = rng.integers(0, 1440, N), np.round(rng.gamma(1, 20, N)).astype(int) - 10
    columns = {"sched_arr": clock(plan), "arr": clock(plan + delay), "late": delay}
    (found,) = identities_of(*read("late >= 15", **columns)).found
    assert (found.kind, found.columns, found.beside) == ("clock", ("arr",), ("sched_arr",))
    assert found.agreed == found.rows == N


def test_a_duration_blames_the_end_and_not_the_start(rng):
    seconds = np.round(rng.gamma(2, 600, N)).astype(int)
    start = np.datetime64("2024-01-01T00:00:00", "s") + np.sort(rng.integers(0, 10**6, N))
    for duration in (seconds, np.round(seconds / 60, 2)):
        (found,) = identities_of(*read("took", start=start, end=start + seconds, took=duration)).found
        assert (found.kind, found.columns, found.beside) == ("elapsed", ("end",), ("start",))


def test_what_is_tied_to_a_column_that_gives_the_label_away_is_found(rng):
    label, income = rng.integers(0, 2, N), np.round(rng.gamma(4, 1000, N) + 100)
    spent = np.where(label == 1, np.round(rng.gamma(2, 90, N), 2), 0.0)
    table, target = read("card", spent=spent, income=income, share=spent / income, other=rng.normal(size=N), card=label)
    found = {(one.result, frozenset(one.columns)) for one in identities_of(table, target).found}
    assert ("spent", frozenset({"income", "share"})) in found


def test_nothing_is_found_in_noise_or_in_few_rows(rng):
    noise = {f"x{i}": rng.normal(size=N) for i in range(6)} | {f"n{i}": rng.poisson(2, N) for i in range(6)}
    found = identities_of(*read("y", **noise, y=rng.integers(0, 2, N)))
    assert (found.found, found.columns, found.rows) == ((), 12, 2000)
    few = {name: column[:60] for name, column in noise.items()}
    assert identities_of(*read("y", **few, y=few["n0"] + few["n1"] + np.arange(60))).found == ()


def test_plans_are_put_beside_what_became_of_them(rng):
    plan, delay = rng.integers(0, 1440, N), rng.integers(0, 60, N)
    columns = {"sched_dep_time": clock(plan), "dep_time": clock(plan + delay), "planned cost": plan, "price": delay}
    (pair,) = schedules_of(*read("y", **columns, y=(delay > 30).astype(int))).pairs
    assert (pair.planned.name, pair.actual.name) == ("sched_dep_time", "dep_time")
    assert (pair.difference.minimum, pair.difference.maximum) == ("0", "59")


def test_orders_are_those_of_the_file_and_of_keys(rng):
    label = np.sort(rng.integers(0, 2, N))
    columns = {
        "key": [f"k{i}" for i in rng.permutation(N)],
        "value": rng.normal(size=N),
        "whole": rng.integers(0, 9, N),
    }
    file, key = row_order_of(*read("y", **columns, y=label)).ranks
    assert (file.column, file.changes, key.column) == ("", 1, "key")
    assert key.changes > N / 3
    assert file.joint.sum() == N


def test_texts_are_put_in_order_by_the_numbers_in_them():
    label = np.repeat([0, 1], 150)
    table, target = read("y", key=[f"c{i}" for i in range(300)], y=label)
    assert [rank.changes for rank in row_order_of(table, target).ranks] == [1, 1]
