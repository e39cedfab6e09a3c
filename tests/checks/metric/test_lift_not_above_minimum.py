from dataclasses import replace

import pytest

from heldout.checks.metric.lift_not_above_minimum import FEWEST_CLUSTERS, lift_not_above_minimum
from heldout.core.estimate import undefined
from heldout.core.finding import Certainty, Ending
from heldout.core.lift import LiftScale
from heldout.engine import run
from heldout.faults.metric import PLANTERS

WORLD = PLANTERS["MET002"][0].build(0, 0.0)
MINIMUM = WORLD["target"].minimum


def asked(distance_in_standard_errors, **changes):
    lift = WORLD["lift"]
    value = MINIMUM + distance_in_standard_errors * lift.standard_error
    lift = replace(lift, estimate=replace(lift.estimate, value=value, low=value - 1, high=value + 1), **changes)
    (finding,) = run([lift_not_above_minimum], {"lift": lift, "target": WORLD["target"]})
    return finding


@pytest.mark.parametrize(
    ("distance", "ending", "certainty"),
    [
        (2, Ending.CLEAR, None),
        (1, Ending.CAUTION, None),
        (-1, Ending.CAUTION, None),
        (-2, Ending.PROBLEM, Certainty.SUSPECT),
        (-5, Ending.PROBLEM, Certainty.STRONG),
    ],
)
def test_the_ending_follows_the_distance_from_the_minimum(distance, ending, certainty):
    finding = asked(distance)
    assert (finding.ending, finding.certainty) == (ending, certainty)


def test_too_few_clusters_are_relied_on_for_neither_answer():
    assert asked(9, clusters=FEWEST_CLUSTERS - 1).ending is Ending.CAUTION
    assert asked(-9, clusters=FEWEST_CLUSTERS - 1).ending is Ending.CAUTION


def test_a_lift_without_an_interval_says_why():
    gone = undefined("19 rows of a class", n=500, method="t", value=0.1)
    finding = run(
        [lift_not_above_minimum],
        {"lift": replace(WORLD["lift"], estimate=gone, standard_error=None), "target": WORLD["target"]},
    )[0]
    assert finding.ending is Ending.CAUTION
    assert "19 rows of a class" in finding.answer.claim


def test_a_lift_is_measured_in_percent_as_the_claims_and_the_card_write_it():
    (measure,) = asked(2).answer.measures
    assert (measure.name, measure.unit) == ("relative lift", "share")
    target = replace(WORLD["target"], scale=LiftScale.ABSOLUTE)
    finding = run(
        [lift_not_above_minimum], {"lift": replace(WORLD["lift"], scale=LiftScale.ABSOLUTE), "target": target}
    )[0]
    assert (finding.answer.measures[0].name, finding.answer.measures[0].unit) == ("absolute lift", "")
