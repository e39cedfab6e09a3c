import pytest

from heldout.checks.reproducibility.rerun_class import rerun_class
from heldout.core.evidence import Rerun
from heldout.core.finding import Certainty, Ending
from heldout.engine import run


def asked(reached, lowest, reruns=2, difference=0.25):
    rerun = Rerun(
        reproducibility=reached,
        lowest=lowest,
        reruns=reruns,
        largest_difference=difference,
        tolerance=1e-6,
        explanation="12 of 40 predictions differ.",
    )
    return run([rerun_class], {"rerun": rerun})[0]


@pytest.mark.parametrize(
    ("reached", "lowest", "ending"),
    [
        ("bitwise", "tolerance", Ending.CLEAR),
        ("tolerance", "tolerance", Ending.CLEAR),
        ("statistical", "tolerance", Ending.PROBLEM),
        ("fails", "statistical", Ending.PROBLEM),
        ("fails", "fails", Ending.CLEAR),
        ("tolerance", "bitwise", Ending.PROBLEM),
        ("sometimes", "bitwise", Ending.CRASHED),
    ],
)
def test_the_class_reached_is_held_against_the_lowest_that_the_brief_accepts(reached, lowest, ending):
    assert asked(reached, lowest).ending is ending


def test_the_claim_says_what_differed_and_both_classes():
    finding = asked("fails", "tolerance", reruns=5)
    assert finding.certainty is Certainty.PROVEN
    assert finding.answer.claim == (
        "5 runs with the same seed reached the class fails; the brief asks for tolerance: 12 of 40 predictions differ."
    )
    assert finding.answer.measures[0].estimate.value == 0.25


def test_a_difference_that_could_not_be_measured_is_undefined_and_not_zero():
    finding = asked("fails", "tolerance", reruns=1, difference=None)
    assert finding.ending is Ending.PROBLEM
    assert finding.answer.measures[0].estimate.value is None


def test_a_submission_that_was_not_run_again_is_not_asked():
    assert asked("bitwise", "bitwise", reruns=0).ending is Ending.NOT_APPLICABLE
