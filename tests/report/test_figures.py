import pytest
from hypothesis import given
from tests.report.random_reports import estimates

from heldout.core.estimate import Estimate, counted, undefined
from heldout.core.lift import LiftScale
from heldout.report.figures import (
    amount,
    confidence,
    interval,
    lift_unit,
    memory,
    number,
    part_of,
    said,
    seconds,
    short,
    value_only,
    with_n,
)


def between(value: float, low: float, high: float, *, n: int = 100, level: float = 0.95) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=n, method="test", level=level)


@pytest.mark.parametrize(
    ("estimate", "unit", "signed", "text"),
    [
        (between(0.81234, 0.79, 0.83), "", False, "0.812 [0.790, 0.830]"),
        (between(0.0634, 0.0426, 0.0842), "%", True, "+6.3 % [+4.3, +8.4]"),
        (between(-0.0745, -0.1097, -0.0393), "%", True, "−7.4 % [−11.0, −3.9]"),
        (between(0.0021, -0.004, 0.0082), "share", False, "0.2 % [−0.4, 0.8]"),
        (between(12_345.6, 12_000, 12_700), "", False, "12,346 [12,000, 12,700]"),
        (between(0.5, 0.4, 0.6, level=0.9), "", False, "0.50 [0.40, 0.60] at 90 %"),
        (counted(7, n=9), "files", False, "7"),
        (counted(0.25, n=4), "share", False, "25 %"),
        (undefined("no rows", n=0, method="test"), "", False, "undefined"),
        (undefined("one cluster", n=3, method="test", value=0.7), "", False, "0.7"),
        (between(-0.0001, -0.2, 0.2), "", True, "0.00 [−0.20, +0.20]"),
    ],
)
def test_an_estimate_has_the_digits_that_its_interval_supports(
    estimate: Estimate, unit: str, signed: bool, text: str
) -> None:
    assert short(estimate, unit, signed=signed) == text


def test_an_estimate_is_said_with_n_or_with_why_it_is_undefined() -> None:
    assert said(between(0.81, 0.79, 0.83, n=54_212)) == "0.810 [0.790, 0.830], n = 54,212"
    assert said(counted(0.25, n=4), "share") == "25 %, counted, n = 4"
    assert said(undefined("no positives", n=12, method="test")) == "undefined: no positives (n = 12)"
    one_cluster = undefined("one cluster", n=3, method="test", value=0.7)
    assert said(one_cluster) == "0.7, n = 3; no interval: one cluster"


@given(estimates())
def test_any_estimate_can_be_said_and_never_as_nan(estimate: Estimate) -> None:
    for unit in ("", "share", "rows"):
        text = said(estimate, unit, signed=True)
        assert "nan" not in text.replace(str(estimate.undefined_because), "")
        assert estimate.value is None or text.startswith(value_only(estimate, unit, signed=True))
        if estimate.is_defined and interval(estimate, unit):
            assert interval(estimate, unit, signed=True) in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "undefined"), (float("nan"), "not finite"), (float("inf"), "not finite"), (0.0, "0"), (0.95, "0.95"),
     (13.8, "13.8"), (1.1e-6, "1.1e−06"), (1_234_567.0, "1,234,567"), (3e12, "3e+12"), (-0.912, "−0.912")],
)  # fmt: skip
def test_a_bare_number_is_short_and_never_hides_what_it_is(value: float | None, text: str) -> None:
    assert number(value) == text


def test_units_of_shares_lifts_durations_and_sizes() -> None:
    assert amount(0.3, "share") == "30 %"
    assert amount(0.02, lift_unit(LiftScale.RELATIVE), signed=True) == "+2 %"
    assert amount(0.02, lift_unit(LiftScale.ABSOLUTE), signed=True) == "+0.02"
    assert [seconds(x) for x in (0.42, 9.96, 59.6, 192.0)] == ["0.4 s", "10 s", "1 min 0 s", "3 min 12 s"]
    assert [memory(x) for x in (None, 842.5, 2_048.0)] == ["not measured", "842 MB", "2.0 GB"]


def test_a_confidence_is_never_rounded_to_certainty() -> None:
    said = [confidence(x) for x in (None, 0.99999, 0.9512, 0.00001)]
    assert said == ["undefined", "above .999", ".951", "below .001"]


def test_a_counted_share_is_said_as_parts_of_a_whole() -> None:
    assert part_of(counted(2 / 3, n=3)) == "2 of 3"
    assert part_of(counted(0.5, n=3)) == "50 %, counted, n = 3"
    assert part_of(between(0.5, 0.25, 0.75, n=40)) == "50.0 % [25.0, 75.0], n = 40"


def test_a_number_of_rows_that_nobody_told_is_unknown_and_not_zero():
    assert with_n(between(0.9, 0.8, 0.95, n=0)) == "n unknown"
    assert said(undefined("none was reported", n=0, method="as reported", value=0.9)).startswith("0.9, n unknown")
    assert with_n(counted(0, n=0)) == "counted, n = 0"
    assert "n = 0" in said(undefined("no rows", n=0, method="test"))


def test_a_confidence_never_seems_to_reach_what_it_does_not():
    assert confidence(0.94996) == ".949"
    assert confidence(0.95) == ".95"
