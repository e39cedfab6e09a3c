import numpy as np
import pytest
from tests.worlds import audited_rows

from heldout.faults.split.rows import SplitRows, days
from heldout.tables.shift import covariate_shift_of, label_shift_of

ROWS = 3000


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def compared(train, test, *, time=None, entity=None):
    tables = [{**part, "y": np.arange(len(next(iter(part.values())))) % 2} for part in (train, test)]
    audited, _ = audited_rows(SplitRows(train=tables[0], test=tables[1], target="y"))
    found = covariate_shift_of(audited.train, audited.test, audited.label, time=time, entity=entity, ignored=(), seed=0)
    return {column.column: column for column in found.columns}, found


def test_a_range_of_numbers_that_grew_is_named(rng):
    train = {"up": rng.normal(size=ROWS), "wide": rng.normal(size=ROWS), "same": rng.normal(size=ROWS)}
    test = {"up": rng.normal(1, 1, ROWS), "wide": rng.normal(0, 2, ROWS), "same": rng.normal(size=ROWS)}
    found, _ = compared(train, test)
    assert found["up"].grown.startswith("above 0.")
    assert found["wide"].grown.startswith("outside -1.")
    assert found["up"].values.difference == pytest.approx(0.383, abs=0.05)
    assert abs(found["same"].values.difference) < 0.05


def test_levels_that_grew_are_named_and_new_ones_are_others(rng):
    train = {"shop": rng.choice(["a", "b", "c"], ROWS), "code": rng.choice(["a", "b"], ROWS)}
    test = {"shop": rng.choice(["a", "b", "c"], ROWS, p=[0.6, 0.2, 0.2]), "code": rng.choice(["a", "z"], ROWS)}
    found, _ = compared(train, test)
    assert found["shop"].grown == "a"
    assert found["code"].grown == "other values"
    assert found["code"].values.train_hits == 0


def test_missing_values_are_compared_apart_from_the_values(rng):
    lost = np.where(rng.random(ROWS) < 0.3, np.nan, rng.normal(size=ROWS))
    found, _ = compared({"x": rng.normal(size=ROWS)}, {"x": lost})
    assert found["x"].nulls.difference == pytest.approx(0.3, abs=0.03)
    assert abs(found["x"].values.difference) < 0.05


def test_a_constant_that_becomes_another_is_seen(rng):
    found, _ = compared(
        {"x": np.full(ROWS, 3.0), "u": rng.normal(size=ROWS)}, {"x": np.full(ROWS, 4.0), "u": rng.normal(size=ROWS)}
    )
    assert found["x"].values.difference == 1.0


def test_times_keys_and_what_moves_with_them_are_left_out(rng):
    def table(first):
        at = first + np.sort(rng.uniform(0, 300, ROWS))
        return {
            "ts": days(at),
            "customer_id": rng.integers(0, 500, ROWS),
            "counter": at * 10 + rng.normal(size=ROWS),
            "quarterly": np.floor(at / 91),
            "x": rng.normal(size=ROWS),
        }

    _, found = compared(table(0), table(300), time="ts")
    assert [column.column for column in found.columns] == ["x"]
    assert set(found.left_out) == {"ts", "customer_id", "counter", "quarterly"}


def test_a_split_forward_in_time_is_held_against_the_end_of_train(rng):
    def table(begin, end, rows):
        at = np.sort(rng.uniform(begin, end, rows))
        return {"ts": days(at), "warmth": np.sin(at * 2 * np.pi / 365) + 0.2 * rng.normal(size=rows)}

    found, shift = compared(table(0, 730, 6000), table(730, 821, 1000), time="ts")
    assert shift.by_time == "ts"
    assert found["warmth"].values_before.difference > 0.2


def test_a_random_split_has_no_such_reference(rng):
    table = {"ts": days(rng.uniform(0, 100, ROWS)), "x": rng.normal(size=ROWS)}
    found, shift = compared(table, table, time="ts")
    assert (shift.by_time, found["x"].values_before) == ("", None)


def test_rows_of_one_entity_count_by_what_they_are_worth(rng):
    def table(first):
        person = np.repeat(first + np.arange(100), 30)
        return {"person": person, "height": rng.normal(size=200)[person - first], "x": rng.normal(size=ROWS)}

    found, _ = compared(table(0), table(1000), entity="person")
    assert found["height"].values.train_n <= 100
    assert found["x"].values.train_n > 1200


def test_the_label_is_compared_by_class_or_by_quantile(rng):
    tables = [
        {"x": rng.normal(size=rows), "y": label}
        for rows, label in (
            (2000, rng.choice(["a", "b", "c"], 2000)),
            (1000, rng.choice(["a", "b", "c"], 1000, p=[0.6, 0.2, 0.2])),
        )
    ]
    audited, _ = audited_rows(SplitRows(train=tables[0], test=tables[1], target="y"))
    shift = label_shift_of(audited.label, audited.test_label, (None, None))
    assert [round(two.difference, 1) for two in shift.shares] == [0.3, -0.1, -0.1]
    tables = [{"x": rng.normal(size=1000), "y": rng.normal(mean, 1, 1000)} for mean in (0, 1)]
    audited, _ = audited_rows(SplitRows(train=tables[0], test=tables[1], target="y"))
    shift = label_shift_of(audited.label, audited.test_label, (None, None))
    assert shift.train_counts.sum() == shift.test_counts.sum() == 1000
    assert shift.means[1] - shift.means[0] == pytest.approx(1, abs=0.2)
