"""The profile: parts add up in any order, bins and masses hold what they say, equal rows share a fold."""

import itertools
from functools import reduce

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.core.profile import FOLDS, ColumnKind, LabelKind, Profile
from heldout.tables import (
    Label,
    Table,
    as_profile,
    count,
    fix_layout,
    merge,
    parse_target,
    profile_of,
    read_label,
    read_table,
)

ROWS = 400


def columns(seed: int) -> dict[str, pa.Array]:
    rng = np.random.default_rng(seed)
    amount = np.where(rng.random(ROWS) < 0.2, np.nan, np.round(rng.normal(size=ROWS), 2))
    amount[rng.random(ROWS) < 0.1] = 0.0
    return {
        "amount": pa.array(amount, from_pandas=True),
        "count": pa.array(rng.integers(0, 6, ROWS)),
        "key": pa.array([f"k{i}" for i in rng.integers(0, 380, ROWS)]),
        "level": pa.array(rng.choice(["a", "b", None], ROWS).tolist()),
        "ok": pa.array((rng.random(ROWS) < 0.5).tolist()),
        "day": pa.array(rng.integers(0, 10**15, ROWS)).cast(pa.timestamp("us")),
        "none": pa.nulls(ROWS),
        "far": pa.array(np.where(rng.random(ROWS) < 0.02, np.inf, rng.normal(size=ROWS))),
    }


def world(seed: int, kind: LabelKind | None) -> tuple[Table, Label | None]:
    rng = np.random.default_rng(seed + 1)
    values = {
        LabelKind.BINARY: rng.choice([0.0, 1.0], ROWS),
        LabelKind.MULTICLASS: rng.choice([1.0, 2.0, 3.0], ROWS),
        LabelKind.REGRESSION: rng.normal(size=ROWS),
    }.get(kind, np.zeros(ROWS))
    values[rng.random(ROWS) < 0.05] = np.nan
    table = read_table(pa.table(columns(seed) | {"y": pa.array(values, from_pandas=True)}))
    return (table.without(["y"]), None) if kind is None else (table, read_label(table, parse_target("y", table)))


def assert_equal(one: Profile, other: Profile, *, rounded: bool) -> None:
    assert one.rows == other.rows
    assert one.label == other.label
    assert list(one.columns) == list(other.columns)
    for a, b in zip(one.columns.values(), other.columns.values(), strict=True):
        if rounded:
            np.testing.assert_allclose(a.joint, b.joint, rtol=1e-9, atol=1e-9)
        else:
            np.testing.assert_array_equal(a.joint, b.joint)
        for field in ("kind", "nulls", "distinct", "minimum", "maximum", "bins", "equal_to_label", "masses"):
            assert getattr(a, field) == getattr(b, field), (a.name, field)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 5),
    kind=st.sampled_from([*LabelKind, None]),
    cuts=st.lists(st.integers(0, ROWS), max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_any_partition_in_any_order_gives_the_same_profile(
    seed: int, kind: LabelKind | None, cuts: list[int], order: object
) -> None:
    table, label = world(seed, kind)
    layout = fix_layout(table if label is None else table.filter(label.known), label)
    parts = []
    for start, stop in itertools.pairwise([0, *sorted(cuts), ROWS]):
        rows = np.arange(start, stop)
        part = None if label is None else label.rows(rows)
        parts.append(count(layout, table.take(rows), part, first_row=start))
    order.shuffle(parts)
    folded = as_profile(layout, reduce(merge, parts), label, table.source)
    middle = len(parts) // 2
    halves = [reduce(merge, half) for half in (parts[:middle], parts[middle:]) if half]
    grouped = as_profile(layout, reduce(merge, halves), label, table.source)
    whole = profile_of(table, label)
    assert_equal(folded, whole, rounded=kind is LabelKind.REGRESSION)
    assert_equal(grouped, whole, rounded=kind is LabelKind.REGRESSION)


@pytest.mark.parametrize("kind", list(LabelKind))
def test_counts_agree_with_counting_by_hand(kind: LabelKind) -> None:
    table, label = world(3, kind)
    profile = profile_of(table, label)
    assert label is not None
    assert profile.rows == int(label.known.sum())
    assert profile.label is not None
    assert profile.label.missing == ROWS - profile.rows
    rows = [value for value, known in zip(table.columns["level"].to_pylist(), label.known, strict=True) if known]
    column = profile.columns["level"]
    totals = column.joint.sum(axis=0)[:, 0] if kind is LabelKind.REGRESSION else column.joint.sum(axis=(0, 2))
    counted = dict(zip((*column.bins, None), totals.tolist(), strict=True))
    assert counted == {value: rows.count(value) for value in ("a", "b", None)}
    assert column.nulls == rows.count(None)
    if kind is LabelKind.REGRESSION:
        y = label.values[label.known]
        np.testing.assert_allclose(column.joint.sum(axis=(0, 1)), [len(y), y.sum(), (y**2).sum()])


def binary(**values: list[object]) -> Profile:
    table = read_table(pa.table({name: pa.array(column) for name, column in values.items()}))
    return profile_of(table, read_label(table, parse_target("y", table)))


def test_masses_are_exact_for_null_zero_and_levels() -> None:
    profile = binary(
        y=[0, 1, 1, 0, 1, 1],
        boat=["2", None, None, "A", None, "2"],
        spent=[0.0, 1.5, 2.5, 0.0, None, 3.5],
        group=[1, 2, 3, 1, 2, 3],
    )
    masses = {(m.column, m.state): m.counts for c in profile.columns.values() for m in c.masses}
    assert masses["boat", "null"] == (0, 3)
    assert masses["boat", "not null"] == (2, 1)
    assert masses["boat", "2"] == (1, 1)
    assert masses["spent", "zero"] == (2, 0)
    assert masses["spent", "not zero"] == (0, 3)
    assert masses["group", "1"] == (2, 0)
    assert not {state for column, state in masses if column == "group"} & {"null", "zero"}


def test_few_values_get_a_bin_each_and_stay_numbers() -> None:
    profile = binary(y=[0, 1] * 50, n=[3, 1, 2, 1] * 25)
    assert profile.columns["n"].kind is ColumnKind.NUMERIC
    assert profile.columns["n"].bins == ("1", "2", "3")
    assert profile.columns["n"].bin_is_value


def test_single_values_share_ordered_quantile_bins() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=1000)
    column = binary(y=(rng.random(1000) < 0.5).tolist(), x=values.tolist()).columns["x"]
    assert not column.bin_is_value
    edges = np.array([float(edge) for edge in column.bins])
    assert (np.diff(edges) > 0).all()
    below = column.joint.sum(axis=(0, 2))[:-1].cumsum()
    np.testing.assert_array_equal(below, [(values <= edge).sum() for edge in edges])


def test_many_texts_keep_the_most_frequent_and_the_rest_as_one() -> None:
    texts = ["often"] * 100 + [f"t{i}" for i in range(900)]
    column = binary(y=[0, 1] * 500, t=texts).columns["t"]
    assert column.bins[0] == "often"
    assert column.bins[-1] == "(other)"
    assert len(column.bins) == 256
    assert column.distinct == 901
    assert column.distinct_is_exact
    assert column.joint.sum() == 1000


def test_many_different_values_are_estimated_within_their_error() -> None:
    n = 60_000
    column = binary(y=[0, 1] * (n // 2), t=[f"{i % 30_000}" for i in range(n)]).columns["t"]
    assert not column.distinct_is_exact
    assert abs(column.distinct / 30_000 - 1) < 4 * 0.016


def test_a_column_that_repeats_a_numeric_label_is_counted() -> None:
    y = [1.5, 2.5, 3.5, 4.5] * 10
    profile = binary(y=y, copy=y, off=[value + 1 for value in y], gaps=[None, *y[1:]])
    assert profile.columns["copy"].equal_to_label == 40
    assert profile.columns["gaps"].equal_to_label == 39
    assert profile.columns["off"].equal_to_label == 0


def test_equal_rows_share_a_fold_and_a_changed_column_order_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    x = np.repeat(rng.normal(size=1500), 2).tolist()
    z = np.repeat(rng.choice(["a", "b"], 1500), 2).tolist()
    one = binary(y=[0, 1] * 1500, x=x, z=z)
    other = binary(z=z, x=x, y=[0, 1] * 1500)
    assert (one.columns["x"].joint[:, :, 0] == one.columns["x"].joint[:, :, 1]).all()
    np.testing.assert_array_equal(one.columns["x"].joint, other.columns["x"].joint)
    per_fold = one.columns["x"].joint.sum(axis=(1, 2))
    assert per_fold.min() > 3000 / FOLDS * 0.7


def test_a_table_of_few_different_rows_still_fills_every_fold() -> None:
    column = binary(y=[0, 1] * 500, a=[0, 1] * 500).columns["a"]
    per_fold = column.joint.sum(axis=2)[:, :2]
    assert (per_fold > 50).all()


def test_a_long_cell_is_shortened_in_the_profile() -> None:
    column = binary(y=[0, 1], t=["x" * 10_000, "y"]).columns["t"]
    assert max(map(len, (*column.bins, column.minimum, column.maximum))) <= 80
