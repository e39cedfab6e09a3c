import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stats.lifts import lift

from heldout.core.estimate import undefined
from heldout.core.lift import Band, LiftScale, LiftTarget
from heldout.stats import REPRODUCIBILITY_CLASSES, BadSample, confidence_at_least, decide

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)


@pytest.mark.parametrize(
    ("value", "band"),
    [(0.08, "target"), (0.045, "pass"), (0.03, "undecided"), (0.02, "undecided"), (0.004, "undecided"), (0.0, "fail")],
)
def test_the_band_follows_the_confidence_at_the_minimum_and_the_estimate(value, band):
    assert decide(lift(value), TARGET, "bitwise", "tolerance").band == band


def test_an_uncertain_estimate_above_the_target_is_undecided():
    decision = decide(lift(0.08, error=0.05), TARGET, "bitwise", "tolerance")
    assert decision.band is Band.UNDECIDED
    assert "a person decides" in decision.reasons[-1]


def test_a_class_below_the_lowest_fails_the_highest_lift_and_both_reasons_are_told():
    decision = decide(lift(0.1), TARGET, "statistical", "tolerance")
    assert decision.band is Band.FAIL
    assert decision.reasons == (
        'The reproducibility class is "statistical", and the brief asks for "tolerance" at least.',
        "The lift is 10 % [8, 12]; confidence that it is at least 2 % is above .999, and .95 is asked for.",
        "The estimate of 10 % reaches the target of 5 %.",
    )


def test_a_lift_below_the_minimum_is_told_as_such():
    decision = decide(lift(-0.083, error=0.021), TARGET, "bitwise", "tolerance")
    assert decision.band is Band.FAIL
    assert decision.reasons == (
        "The lift is −8.3 % [−12.5, −4.1]; confidence that it is below 2 % is above .999, and .95 is asked for.",
    )


def test_an_absolute_lift_is_told_in_the_metrics_units():
    target = LiftTarget(scale=LiftScale.ABSOLUTE, minimum=0.005, target=0.02, confidence=0.9)
    decision = decide(lift(0.0312, scale=LiftScale.ABSOLUTE), target, "bitwise", "fails")
    assert decision.reasons[0] == (
        "The lift is 0.0312 [0.0112, 0.0512]; confidence that it is at least 0.005 is .994, and .9 is asked for."
    )


def test_a_confidence_just_short_of_what_is_asked_is_not_rounded_up_to_it():
    decision = decide(lift(0.03666), TARGET, "bitwise", "tolerance")
    assert 0.9495 < decision.at_minimum < 0.95
    assert "is .949, and .95 is asked for" in decision.reasons[0]


def test_below_twenty_clusters_the_lift_decides_nothing_but_the_class_still_does():
    few = decide(lift(0.2, clusters=19), TARGET, "bitwise", "tolerance")
    assert few.band is Band.UNDECIDED
    assert "19 clusters" in few.reasons[-1]
    assert decide(lift(0.2, clusters=20), TARGET, "bitwise", "tolerance").band is Band.TARGET
    assert decide(lift(0.2, clusters=19), TARGET, "fails", "tolerance").band is Band.FAIL


def test_an_undefined_lift_is_undecided_and_says_why():
    nothing = undefined("all 9 rows are of one class", n=9, method="t")
    unknown = dataclasses.replace(lift(0.1), estimate=nothing, standard_error=None, degrees_of_freedom=None)
    decision = decide(unknown, TARGET, "bitwise", "tolerance")
    assert decision.band is Band.UNDECIDED
    assert decision.at_minimum is None
    assert decision.reasons == ("The lift has no interval: all 9 rows are of one class.",)


@given(st.floats(-0.2, 0.3), st.floats(0.001, 0.1), st.floats(0.6, 0.99))
def test_the_rule_is_the_one_written_down(value, error, confidence):
    target = dataclasses.replace(TARGET, confidence=confidence)
    decision = decide(lift(value, error), target, "tolerance", "tolerance")
    at_minimum = confidence_at_least(lift(value, error), 0.02)
    assert decision.at_minimum == at_minimum
    assert (decision.band is Band.FAIL) == (1 - at_minimum >= confidence)
    assert (decision.band in (Band.PASS, Band.TARGET)) == (at_minimum >= confidence)
    assert (decision.band is Band.TARGET) == (at_minimum >= confidence and value >= 0.05)


@pytest.mark.parametrize("reproducibility", REPRODUCIBILITY_CLASSES)
@pytest.mark.parametrize("lowest", REPRODUCIBILITY_CLASSES)
def test_a_class_fails_exactly_when_it_is_below_the_lowest(reproducibility, lowest):
    order = ["fails", "statistical", "tolerance", "bitwise"]
    failed = decide(lift(0.1), TARGET, reproducibility, lowest).band is Band.FAIL
    assert failed == (order.index(reproducibility) < order.index(lowest))


def test_another_scale_or_an_unknown_class_is_refused():
    with pytest.raises(BadSample, match="one scale for both"):
        decide(lift(0.1, scale=LiftScale.ABSOLUTE), TARGET, "bitwise", "tolerance")
    with pytest.raises(BadSample, match="no reproducibility class"):
        decide(lift(0.1), TARGET, "perfect", "tolerance")
