import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from heldout.stats import BadSample, clopper_pearson, newcombe, wilson


def exact_coverage(interval, n, share):
    ends = [interval(successes, n) for successes in range(n + 1)]
    covers = np.array([estimate.low <= share <= estimate.high for estimate in ends])
    return float(binom.pmf(np.arange(n + 1), n, share)[covers].sum())


def test_exact_coverage_at_a_rare_event_is_the_known_one():
    assert exact_coverage(wilson, 50, 0.01) == pytest.approx(0.911, abs=5e-4)
    assert exact_coverage(clopper_pearson, 50, 0.01) == pytest.approx(0.986, abs=5e-4)


@pytest.mark.parametrize("share", [0.001, 0.05, 0.37, 0.5, 0.93])
def test_clopper_pearson_covers_at_least_its_level(share):
    assert exact_coverage(clopper_pearson, 40, share) >= 0.95


def test_a_one_sided_bound_leaves_the_other_end_open():
    upper = clopper_pearson(3, 200, side="upper")
    lower = clopper_pearson(3, 200, side="lower")
    both = clopper_pearson(3, 200)
    assert (upper.low, lower.high) == (0, 1)
    assert both.low < lower.low < upper.high < both.high


@given(st.integers(0, 60), st.integers(0, 60))
def test_intervals_hold_their_value_and_stay_between_zero_and_one(a, b):
    n = a + b
    for estimate in (wilson(a, n), clopper_pearson(a, n)):
        if n:
            assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_the_difference_turned_round_is_its_negative(n_1, n_2, data):
    s_1, s_2 = data.draw(st.integers(0, n_1)), data.draw(st.integers(0, n_2))
    there, back = newcombe(s_1, n_1, s_2, n_2), newcombe(s_2, n_2, s_1, n_1)
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)
    assert -1 <= there.low <= there.value <= there.high <= 1


def test_no_rows_give_no_share_but_a_reason():
    for estimate in (wilson(0, 0), clopper_pearson(0, 0), newcombe(1, 2, 0, 0)):
        assert estimate.value is None
        assert "no rows" in estimate.undefined_because


@pytest.mark.parametrize("counts", [(3, 2), (-1, 5), (1.5, 4)])
def test_counts_that_are_no_share_are_refused(counts):
    with pytest.raises(BadSample, match="no share"):
        wilson(*counts)


def test_a_level_or_side_that_does_not_exist_is_refused():
    with pytest.raises(BadSample, match="level"):
        wilson(1, 2, level=95)
    with pytest.raises(BadSample, match="side"):
        clopper_pearson(1, 2, side="left")
