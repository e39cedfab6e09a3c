import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binom, binomtest

from heldout.stats.proportions import clopper_pearson, miettinen_nurminen, newcombe, wilson
from heldout.stats.sample import BadSample


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


@pytest.mark.parametrize(("successes", "n"), [(81, 263), (15, 148), (0, 20), (1, 29), (29, 29)])
def test_the_corrected_wilson_interval_is_scipys(successes, n):
    theirs = binomtest(successes, n).proportion_ci(0.95, "wilsoncc")
    ours = wilson(successes, n, continuity=True)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.5, 0.99))
def test_a_continuity_correction_never_narrows(a, b, level):
    plain, corrected = wilson(a, a + b, level), wilson(a, a + b, level, continuity=True)
    assert corrected.low <= plain.low
    assert plain.high <= corrected.high


def test_half_of_the_rows_are_not_corrected_as_in_r():
    # R 4: prop.test(5, 10)$conf.int is prop.test(5, 10, correct = FALSE)$conf.int, as Yates's half is cut to |x - n/2|
    corrected, plain = wilson(5, 10, continuity=True), wilson(5, 10)
    assert (corrected.low, corrected.high) == (plain.low, plain.high)


# Newcombe 1998, Statistics in Medicine 17:873, Table II, methods 5 (Mee), 6 (Miettinen-Nurminen), 10 and 11
TABLE_II = [
    ((56, 70, 48, 80), (0.0533, 0.3377), (0.0528, 0.3382), (0.0524, 0.3339), (0.0428, 0.3422)),
    ((9, 10, 3, 10), (0.1821, 0.8370), (0.1700, 0.8406), (0.1705, 0.8090), (0.1013, 0.8387)),
    ((10, 10, 0, 20), (0.7225, 1.0000), (0.7156, 1.0000), (0.6791, 1.0000), (0.6014, 1.0000)),
]


@pytest.mark.parametrize(("counts", "mee", "score", "method_10", "method_11"), TABLE_II)
def test_the_differences_of_newcombes_table_come_out(counts, mee, score, method_10, method_11):
    found = [
        miettinen_nurminen(*counts, bias_correction=False),
        miettinen_nurminen(*counts),
        newcombe(*counts),
        newcombe(*counts, continuity=True),
    ]
    for estimate, published in zip(found, (mee, score, method_10, method_11), strict=True):
        assert (estimate.low, estimate.high) == pytest.approx(published, abs=6e-5)


@pytest.mark.parametrize("counts", [(9, 10, 3, 10), (5, 56, 0, 29), (3, 7, 30, 40)])
def test_the_score_statistic_is_z_at_the_ends_where_the_shares_are_the_most_likely_ones(counts):
    s_1, n_1, s_2, n_2 = counts
    estimate = miettinen_nurminen(*counts, bias_correction=False)
    for delta in (estimate.low, estimate.high):

        def unlikely(second, delta=delta):
            chances = [(s_1, n_1, second + delta), (s_2, n_2, second)]
            return -sum(binom.logpmf(s, n, min(max(share, 0), 1)) for s, n, share in chances)

        bounds = (max(0, -delta) + 1e-9, min(1, 1 - delta) - 1e-9)
        second = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-10}).x
        first = second + delta
        error = np.sqrt(first * (1 - first) / n_1 + second * (1 - second) / n_2)
        assert abs(estimate.value - delta) / error == pytest.approx(1.959964, abs=1e-4)


@pytest.mark.parametrize("method", [newcombe, miettinen_nurminen])
@given(n_1=st.integers(1, 60), n_2=st.integers(1, 60), data=st.data())
def test_the_difference_turned_round_is_its_negative(method, n_1, n_2, data):
    s_1, s_2 = data.draw(st.integers(0, n_1)), data.draw(st.integers(0, n_2))
    there, back = method(s_1, n_1, s_2, n_2), method(s_2, n_2, s_1, n_1)
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high, abs=1e-9)
    assert -1 <= there.low <= there.value <= there.high <= 1


def test_no_rows_give_no_share_but_a_reason():
    for estimate in (wilson(0, 0), clopper_pearson(0, 0), newcombe(1, 2, 0, 0), miettinen_nurminen(0, 0, 1, 2)):
        assert estimate.value is None
        assert "no rows" in estimate.undefined_because


@pytest.mark.parametrize("counts", [(3, 2), (-1, 5), (1.5, 4), (float("nan"), 4), (1, float("inf"))])
def test_counts_that_are_no_share_are_refused(counts):
    with pytest.raises(BadSample, match=r"no share|whole number"):
        wilson(*counts)


def test_a_level_or_side_that_does_not_exist_is_refused():
    with pytest.raises(BadSample, match="level"):
        wilson(1, 2, level=95)
    with pytest.raises(BadSample, match="side"):
        clopper_pearson(1, 2, side="left")
