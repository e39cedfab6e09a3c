"""The score interval of a ratio of shares, against published values, statsmodels and the likelihood itself."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from heldout.stats import risk_ratio, risk_ratio_score
from heldout.stats.sample import BadSample

KOOPMAN = (36, 40, 16, 80)
"""Koopman 1984, Biometrics 40:513: 2.94 to 7.15."""

STATSMODELS = {
    (KOOPMAN, False): (2.9395691922149965, 7.15222343486603),
    (KOOPMAN, True): (2.934646459487796, 7.166298299460339),
    ((8, 15, 4, 15), False): (0.8150135393829575, 5.336316846323286),
    ((8, 15, 4, 15), True): (0.8033666472072128, 5.423096932741299),
    ((6, 10, 6, 20), False): (0.8435350765444203, 4.594078696559072),
    ((3, 22, 9, 31), True): (0.14582912093124142, 1.3976696138027405),
}
"""statsmodels 0.15.0, confint_proportions_2indep(..., compare="ratio", method="score", correction=...)."""

counts = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 30), st.integers(0, 30))


@pytest.mark.parametrize(("case", "expected"), STATSMODELS.items(), ids=str)
def test_the_interval_is_that_of_statsmodels(case, expected) -> None:
    numbers, correction = case
    ratio = risk_ratio_score(*numbers, bias_correction=correction)
    assert (ratio.low, ratio.high) == pytest.approx(expected, rel=1e-9)


def test_the_published_interval_of_koopman() -> None:
    ratio = risk_ratio_score(*KOOPMAN)
    assert (ratio.value, round(ratio.low, 2), round(ratio.high, 2)) == (4.5, 2.94, 7.15)


def score(a: int, n: int, c: int, m: int, ratio: float) -> float:
    """Return the statistic at a ratio, with shares that a search over the likelihood finds."""
    most = min(1.0, 1 / ratio)

    def loss(second: float) -> float:
        first = ratio * second
        return -float(
            special.xlogy(a, first)
            + special.xlogy(n - a, 1 - first)
            + special.xlogy(c, second)
            + special.xlogy(m - c, 1 - second)
        )

    second = optimize.minimize_scalar(loss, bounds=(0, most), method="bounded", options={"xatol": 1e-12}).x
    first = min(ratio * second, 1.0)
    variance = first * (1 - first) / n + ratio**2 * second * (1 - second) / m
    return abs(a / n - ratio * c / m) / math.sqrt(variance)


@pytest.mark.parametrize(
    "numbers", [(10, 10, 20, 25), (5, 5, 1, 5), (1, 5, 5, 5), (0, 12, 5, 10), (7, 7, 7, 7), (3, 22, 9, 31)]
)
def test_at_each_end_the_score_of_the_likeliest_shares_is_z(numbers) -> None:
    ratio = risk_ratio_score(*numbers)
    for end in (ratio.low, ratio.high):
        if end > 0:
            assert score(*numbers, end) == pytest.approx(1.959964, rel=2e-3)


@given(cells=counts, level=st.sampled_from([0.8, 0.95]))
def test_the_interval_holds_the_ratio_and_turns_round_with_the_groups(cells, level) -> None:
    a, b, c, d = cells
    n, m = a + b, c + d
    if n == 0:
        assert "no rows" in risk_ratio_score(a, n, c, m, level).undefined_because
        return
    there = risk_ratio_score(a, n, c, m, level)
    assert 0 <= there.low <= there.value <= there.high < math.inf
    if a:
        back = risk_ratio_score(c, m, a, n, level)
        assert (1 / back.high, 1 / back.low) == pytest.approx((there.low, there.high), rel=1e-7)


def test_nobody_selected_in_the_first_group_has_an_interval_and_in_the_second_is_undefined() -> None:
    none = risk_ratio_score(0, 10, 5, 10)
    assert (none.value, none.low) == (0, 0)
    assert 0.5 < none.high < 0.7
    assert risk_ratio(0, 10, 5, 10).low is None
    without = risk_ratio_score(3, 10, 0, 10)
    assert without.value is None
    assert "no success" in without.undefined_because


def test_in_large_groups_it_is_the_log_interval() -> None:
    many = (4000, 20_000, 5000, 20_000)
    score_ends, log_ends = risk_ratio_score(*many), risk_ratio(*many)
    assert np.allclose([score_ends.low, score_ends.high], [log_ends.low, log_ends.high], rtol=1e-3)


@pytest.mark.parametrize("wrong", [(3, 2, 1, 4), (1, 4, 5, 4), (-1, 4, 1, 4), (1.5, 4, 1, 4)])
def test_what_is_no_share_is_bad_input(wrong) -> None:
    with pytest.raises(BadSample):
        risk_ratio_score(*wrong)
