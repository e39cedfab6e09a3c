"""What two tables share: counted as sets of Python tuples would count it."""

import numpy as np
import pandas as pd
import pytest

from heldout.core.errors import BadInput
from heldout.core.evidence import CopyOverlap
from heldout.tables import copied_rows, copies_of, entities_of, parse_target, read_label, read_table, row_ids


def overlap(train: pd.DataFrame, test: pd.DataFrame) -> tuple[CopyOverlap, tuple[str, ...]]:
    one, other = read_table(train), read_table(test)
    target = parse_target("y", one)
    label = read_label(one, target)
    test_label = read_label(other, target, classes=label.classes) if "y" in test else None
    return copies_of(one, other, label, test_label)


@pytest.fixture
def world() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "a": rng.integers(0, 12, 2000),
            "b": rng.choice(["x", "y", None], 2000),
            "c": np.where(rng.random(2000) < 0.3, np.nan, rng.integers(0, 4, 2000) / 2),
            "y": rng.integers(0, 2, 2000),
        }
    )


def as_tuples(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in frame.itertuples(index=False)]


def test_copies_are_counted_exactly_with_the_chance_level(world: pd.DataFrame) -> None:
    train, test = world[:1500], world[1500:]
    found, ids = overlap(train, test)
    rows, seen = as_tuples(test), as_tuples(train)
    shared = [row in set(seen) for row in rows]
    repeats = pd.Series(seen).value_counts()
    assert ids == ()
    assert found.with_label
    assert found.shared_rows == sum(shared)
    assert found.reference_rows == 1500
    assert found.reference_shared == int(repeats[repeats > 1].sum())
    assert found.by_class == {c: sum(s and row[-1] == c for s, row in zip(shared, rows, strict=True)) for c in "01"}
    assert found.examples == tuple(np.flatnonzero(shared)[:5])
    np.testing.assert_array_equal(copied_rows(read_table(train), read_table(test)), shared)


def test_a_test_table_without_the_target_is_compared_by_its_features(world: pd.DataFrame) -> None:
    with_label, _ = overlap(world[:1500], world[1500:])
    without, _ = overlap(world[:1500], world[1500:].drop(columns="y"))
    assert not without.with_label
    assert without.shared_rows > with_label.shared_rows
    assert without.by_class == {}


def test_columns_that_number_rows_hide_no_copies(world: pd.DataFrame) -> None:
    rng = np.random.default_rng(1)
    plain, _ = overlap(world[:1500], world[1500:])
    for name, numbers in (
        ("unnamed", rng.permutation(2000)),  # dense whole numbers
        ("order_id", [f"o-{i * 7919 % 100_003}" for i in range(2000)]),  # a name and different texts
    ):
        table = world.assign(**{name: numbers})
        found, ids = overlap(table[:1500], table[1500:])
        assert ids == (name,)
        assert found.shared_rows == plain.shared_rows


def test_measured_values_are_no_row_numbers(world: pd.DataFrame) -> None:
    rng = np.random.default_rng(2)
    table = world.assign(weight=rng.normal(size=2000), price=rng.choice(10**6, 2000, replace=False))
    assert row_ids(read_table(table)) == ()


def test_entities_are_counted_by_rows_and_by_keys() -> None:
    train = read_table(pd.DataFrame({"user": ["a", "b", "b", None]}))
    test = read_table(pd.DataFrame({"user": ["b", "b", "c", None, "a"]}))
    found = entities_of(train, test, "user")
    assert (found.test_rows, found.shared_rows, found.test_entities, found.shared_entities) == (4, 3, 3, 2)
    assert found.examples == ("b", "a")


def test_whole_number_keys_beyond_the_precision_of_floats_stay_apart() -> None:
    train = read_table(pd.DataFrame({"user": [2**60, 2**60 + 2]}))
    test = read_table(pd.DataFrame({"user": [2**60 + 1, 2**60 + 2]}))
    assert entities_of(train, test, "user").shared_entities == 1


def test_an_entity_column_that_is_not_there_is_refused() -> None:
    table = read_table(pd.DataFrame({"user_id": ["a"]}))
    with pytest.raises(BadInput, match="did you mean 'user_id'"):
        entities_of(table, table, "userid")
