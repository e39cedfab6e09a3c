import numpy as np
import pytest

from heldout.stats import BadSample, between_run_bound, reproducibility_class

BASE = np.linspace(0, 1, 50)


def classed(runs, metric_values=None, **more):
    values = [0.7] * len(runs) if metric_values is None else metric_values
    given = {"epsilon": 1e-6, "delta": 0.003, "lowest": "tolerance", "same_bytes": False} | more
    return reproducibility_class(runs, values, **given)


def test_equal_bytes_are_bitwise():
    rerun = classed([BASE, BASE], same_bytes=True)
    assert (rerun.reproducibility, rerun.reruns, rerun.largest_difference) == ("bitwise", 2, 0)


def test_equal_predictions_in_other_bytes_are_within_tolerance():
    assert classed([BASE, BASE]).reproducibility == "tolerance"


def test_the_largest_difference_between_any_two_runs_is_held_against_the_tolerance():
    rerun = classed([BASE, BASE + 6e-7, BASE - 6e-7])
    assert rerun.largest_difference == pytest.approx(1.2e-6)
    assert rerun.reproducibility == "fails"
    assert classed([BASE, BASE + 6e-7]).reproducibility == "tolerance"


def test_a_small_spread_over_five_runs_is_statistical():
    runs = BASE + np.arange(5)[:, None] * 0.01
    rerun = classed(runs, [0.7000, 0.7005, 0.6995, 0.7002, 0.6998])
    assert rerun.reproducibility == "statistical"
    assert "95 % upper bound" in rerun.explanation


def test_a_spread_whose_bound_is_too_large_fails_though_its_estimate_is_not():
    runs = BASE + np.arange(5)[:, None] * 0.01
    values = [0.702, 0.698, 0.7, 0.701, 0.699]
    assert np.std(values, ddof=1) < 0.003 < between_run_bound(values)
    rerun = classed(runs, values)
    assert rerun.reproducibility == "fails"
    assert "more than the allowed 0.003" in rerun.explanation


def test_fewer_than_five_runs_cannot_be_statistical_and_say_so():
    rerun = classed([BASE, BASE + 0.1, BASE, BASE])
    assert rerun.reproducibility == "fails"
    assert "5 runs are needed" in rerun.explanation


def test_the_bound_covers_the_true_spread_as_often_as_promised():
    rng = np.random.default_rng(11)
    covered = np.mean([between_run_bound(rng.normal(0.7, 0.01, 5)) >= 0.01 for _ in range(4000)])
    assert covered == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(
    ("runs", "values", "more", "says"),
    [
        ([BASE], [0.7], {}, "two runs at least"),
        ([BASE, BASE], [0.7], {}, "two runs at least"),
        ([BASE, BASE * np.nan], [0.7, 0.7], {}, "not finite"),
        ([BASE, BASE], [0.7, float("nan")], {}, "not finite"),
        ([BASE, BASE], [0.7, 0.7], {"epsilon": -1}, "bounds"),
        ([BASE, BASE], [0.7, 0.7], {"lowest": "some"}, "no reproducibility class"),
        ([BASE, BASE + 1], [0.7, 0.7], {"same_bytes": True}, "same bytes"),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, values, more, says):
    with pytest.raises(BadSample, match=says):
        classed(runs, values, **more)


def test_a_run_that_broke_off_fails_whatever_the_others_agree_on():
    alone = classed([BASE], failure="exit code 1")
    assert (alone.reproducibility, alone.reruns, alone.largest_difference) == ("fails", 1, None)
    assert "exit code 1" in alone.explanation
    several = classed([BASE, BASE + 1e-9], failure="exit code 1")
    assert several.reproducibility == "fails"
    assert several.largest_difference == pytest.approx(1e-9)
    with pytest.raises(BadSample):
        classed([BASE])
