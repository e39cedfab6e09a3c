"""Bins by leading bits are those of a binary search, whatever the values; blocks and sketches change no profile."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables.test_profile import assert_equal, world

from heldout.core.profile import LabelKind
from heldout.tables import profile_of
from heldout.tables.binning import FEWEST_ROWS, Binning
from heldout.tables.hashing import found_in, repeated
from heldout.tables.sketch import SKETCH, Sketch, distinct_of

FLOATS = st.floats(allow_nan=False, allow_infinity=True, width=64)


@settings(max_examples=300, deadline=None)
@given(
    edges=st.lists(FLOATS, min_size=1, max_size=130),
    values=st.lists(FLOATS, min_size=1, max_size=60),
    scale=st.sampled_from([1.0, 1e-300, 1e30, 1e300]),
)
def test_bins_are_those_of_a_binary_search(edges: list[float], values: list[float], scale: float) -> None:
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        inner = np.unique(np.array(edges) * scale)
        ups, downs = np.nextafter(inner, np.inf), np.nextafter(inner, -np.inf)
    near = np.concatenate([inner, ups, downs, values, [0.0, -0.0]])
    found = Binning(inner, FEWEST_ROWS)(near)
    np.testing.assert_array_equal(found, np.searchsorted(inner, near))


@pytest.mark.parametrize("shape", ["normal", "counts", "times", "lognormal", "constant"])
def test_bins_of_real_shapes_are_those_of_a_binary_search(shape: str) -> None:
    rng = np.random.default_rng(0)
    values = {
        "normal": rng.normal(size=50_000),
        "counts": rng.poisson(3, 50_000).astype(float),
        "times": 1.7e15 + rng.integers(0, 7_776_000, 50_000) * 1e6,
        "lognormal": np.exp(rng.normal(size=50_000) * 9),
        "constant": np.full(50_000, 3.0),
    }[shape]
    edges = np.unique(np.quantile(values, np.arange(1, 128) / 128))
    np.testing.assert_array_equal(Binning(edges, len(values))(values), np.searchsorted(edges, values))


@pytest.mark.parametrize("kind", [*LabelKind, None])
def test_small_blocks_give_the_same_profile(kind: LabelKind | None, monkeypatch: pytest.MonkeyPatch) -> None:
    table, label = world(4, kind)
    whole = profile_of(table, label)
    monkeypatch.setattr("heldout.tables.table.BLOCK_ROWS", 37)
    table, label = world(4, kind)
    assert_equal(profile_of(table, label), whole, rounded=kind is LabelKind.REGRESSION)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=12), st.integers(0, 10**6))
def test_a_sketch_does_not_depend_on_how_values_come(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**64, sum(sizes), np.uint64, endpoint=False)
    hashes = np.concatenate([hashes, hashes[::3]])
    one, parts = Sketch(), Sketch()
    one.add(hashes)
    for part in np.array_split(rng.permutation(hashes), len(sizes)):
        parts.add(part)
    np.testing.assert_array_equal(one.hashes, parts.hashes)
    np.testing.assert_array_equal(one.hashes, np.unique(hashes)[:SKETCH])
    assert abs(distinct_of(one.hashes)[0] / sum(sizes) - 1) < 0.08


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), max_size=40),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), max_size=40),
    st.sampled_from([1, 2**61]),
)
def test_copies_are_found_by_both_lanes(one: list[tuple[int, int]], other: list[tuple[int, int]], step: int) -> None:
    first, second = (np.array(rows, np.uint64).reshape(-1, 2) * np.array([step, 1], np.uint64) for rows in (one, other))
    assert repeated(first).tolist() == [one.count(row) > 1 for row in one]
    assert found_in(first, second).tolist() == [row in other for row in one]
