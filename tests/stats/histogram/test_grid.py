import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.stats.histogram.grid import EvenGrid, FoldedGrid, KeyGrid, bins_of, universal_grid
from heldout.stats.sample import BadSample

finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def grids(draw):
    first, last = sorted(draw(st.tuples(finite, finite)))
    most = draw(st.sampled_from([2, 100, 65_536, 1 << 20, 1 << 22]))
    middle = last / 2 - first / 2
    least = draw(st.floats(0, middle)) if 0 < middle < np.inf else middle
    key = KeyGrid(*np.clip([first, last], -3e38, 3e38).tolist(), most)
    return draw(
        st.sampled_from(
            [key, EvenGrid(first, last, most), FoldedGrid(first, last, least, min(2 * least, middle), most)]
        )
    )


@settings(max_examples=300)
@given(grids(), st.lists(finite, min_size=2, max_size=30))
def test_a_lower_score_never_lies_in_a_higher_bin(grid, scores):
    bins = bins_of(grid, np.sort(np.array(scores)))
    assert (np.diff(bins) >= 0).all()
    assert bins[0] >= 0
    assert bins[-1] < grid.count


@settings(max_examples=300)
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=2, max_size=30))
def test_neighbouring_float32_keep_their_order_too(scores):
    near = np.array(scores, np.float32)
    with np.errstate(over="ignore", under="ignore"):
        near = np.sort(np.concatenate((near, np.nextafter(near, np.float32(0)))))
    edges = float(near[0]), float(near[-1])
    for grid in (universal_grid(), KeyGrid(*edges, 1 << 20), FoldedGrid(*edges, 1e-30, 1e-40, 1 << 20)):
        bins = bins_of(grid, near)
        assert (np.diff(bins) >= 0).all()
        assert bins[0] >= 0
        assert bins[-1] < grid.count


def test_both_zeros_share_a_bin():
    for grid in (universal_grid(), KeyGrid(0.0, 1.0, 1 << 20), EvenGrid(0.0, 1.0, 99)):
        assert np.ptp(bins_of(grid, np.array([0.0, -0.0], np.float32))) == 0


def test_the_universal_grid_is_finest_around_zero():
    assert np.diff(bins_of(universal_grid(), np.array([1e-6, 2e-6, 1e6, 2e6]))[[0, 1]]) == pytest.approx(
        np.diff(bins_of(universal_grid(), np.array([1e6, 2e6]))), abs=1
    )


@pytest.mark.parametrize("most", [1, (1 << 22) + 1])
def test_a_universal_grid_has_a_sensible_size(most):
    with pytest.raises(BadSample, match="bins"):
        universal_grid(most)
