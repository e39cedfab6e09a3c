"""Hashes: equal values hash alike whatever their type, different ones differ."""

from datetime import datetime

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.tables.hashing import numbered, row_lanes, value_lanes
from heldout.tables.table import normalise


def hashed(values: list[object], kind: pa.DataType | None = None) -> list[tuple[int, int]]:
    return [tuple(lanes) for lanes in value_lanes(normalise(pa.array(values, kind))).tolist()]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), min_size=1, max_size=30))
def test_texts_hash_alike_exactly_when_they_are_equal(texts: list[str | None]) -> None:
    plain = normalise(pa.array(texts, pa.string()))
    stripped = plain.to_pylist()
    codes = value_lanes(plain).tolist()
    for i, one in enumerate(stripped):
        for j, other in enumerate(stripped):
            assert (one == other) == (codes[i] == codes[j])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-(2**40), 2**40).map(float)), min_size=1))
def test_numbers_hash_alike_exactly_when_they_are_equal(numbers: list[float | None]) -> None:
    codes = hashed(numbers, pa.float64())
    for i, one in enumerate(numbers):
        for j, other in enumerate(numbers):
            assert (one == other) == (codes[i] == codes[j])


def test_a_whole_number_hashes_alike_in_every_type() -> None:
    assert hashed([1, 0, -7]) == hashed([1.0, -0.0, -7.0]) == hashed([1, 0, -7], pa.int8())
    assert hashed([True, False]) == hashed([1, 0])


def test_large_whole_numbers_keep_their_last_digit() -> None:
    one, other = hashed([2**60, 2**60 + 1])
    assert one != other


def test_times_hash_by_their_moment() -> None:
    moment = datetime(2013, 6, 30, 12)  # noqa: DTZ001  # a table's times mostly have no zone
    assert hashed([moment], pa.timestamp("s")) == hashed([moment], pa.timestamp("ns"))


def test_a_slice_hashes_like_the_rows_that_it_holds() -> None:
    for values in (["a", None, "bb", "ccc"] * 5, [1.5, None, 2.0, 3.0] * 5, [True, None, False, True] * 5):
        array = normalise(pa.array(values))
        np.testing.assert_array_equal(value_lanes(array.slice(3, 11)), value_lanes(array)[3:14])


def test_rows_differ_when_two_columns_swap_their_values() -> None:
    a, b = value_lanes(normalise(pa.array([1, 2]))), value_lanes(normalise(pa.array([2, 1])))
    one, two = numbered(row_lanes([("a", a), ("b", b)], 2))[0]
    assert one != two
    np.testing.assert_array_equal(row_lanes([("a", a), ("b", b)], 2), row_lanes([("b", b), ("a", a)], 2))


def test_numbers_of_several_tables_are_shared() -> None:
    first, second = numbered(value_lanes(normalise(pa.array([5, 6]))), value_lanes(normalise(pa.array([6, 7, 5]))))
    assert first.tolist() == [second[2], second[0]]
    assert len({*first.tolist(), *second.tolist()}) == 3
