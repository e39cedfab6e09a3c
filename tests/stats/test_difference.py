import pytest

from heldout.core.estimate import Estimate, undefined
from heldout.stats.difference import interval_difference


def test_the_difference_of_independent_estimates_turns_with_the_metrics_direction() -> None:
    first = Estimate(value=0.9, low=0.88, high=0.92, n=100, method="t")
    second = Estimate(value=0.7, low=0.67, high=0.73, n=50, method="t")
    up, down = interval_difference(first, second), interval_difference(first, second, sign=-1)
    assert up.value is not None
    assert up.low is not None
    assert up.high is not None
    assert (up.value, up.n) == (pytest.approx(0.2), 150)
    assert up.high - up.value == pytest.approx((0.02**2 + 0.03**2) ** 0.5)
    assert (down.value, down.low, down.high) == pytest.approx((-up.value, -up.high, -up.low))
    gone = interval_difference(first, undefined("one class", n=50, method="t"))
    assert gone.value is None
    assert "one class" in str(gone.undefined_because)
