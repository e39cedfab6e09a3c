import math

import pytest
from scipy import stats as scipy_stats

from heldout.stats.sample import BadSample
from heldout.stats.t_interval import t_estimate, t_p_value


@pytest.mark.parametrize("df", [1, 2.5, 30, math.inf])
def test_p_values_are_those_of_scipys_t(df):
    assert t_p_value(1.3, df) == pytest.approx(2 * scipy_stats.t.sf(1.3, df))
    assert t_p_value(1.3, df, "greater") == pytest.approx(scipy_stats.t.sf(1.3, df))
    assert t_p_value(1.3, df, "less") == pytest.approx(scipy_stats.t.cdf(1.3, df))


@pytest.mark.parametrize("df", [1, 2.5, 30, math.inf])
def test_the_interval_is_that_of_scipys_t(df):
    estimate = t_estimate(0.3, 0.1, df, n=9, method="t", level=0.9)
    assert (estimate.low, estimate.high) == pytest.approx(scipy_stats.t.interval(0.9, df, 0.3, 0.1))


@pytest.mark.parametrize("error", [0.0, 1e-14, math.inf])
def test_no_variance_makes_no_interval(error):
    estimate = t_estimate(3.0, error, 9, n=10, method="t", scale=3.0)
    assert estimate.value == 3.0
    assert not estimate.is_defined
    assert "no variance" in estimate.undefined_because


def test_levels_and_alternatives_that_do_not_exist_are_refused():
    with pytest.raises(BadSample, match="level"):
        t_estimate(0, 1, 9, n=10, method="t", level=1)
    with pytest.raises(BadSample, match="alternative"):
        t_p_value(1, 9, "larger")
