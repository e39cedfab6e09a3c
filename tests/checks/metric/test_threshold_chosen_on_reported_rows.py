from dataclasses import replace

import numpy as np
import pytest

from heldout.checks.metric.threshold_chosen_on_reported_rows import threshold_chosen_on_reported_rows
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.metric import PLANTERS
from heldout.stats.thresholds import best_threshold

WORLD = PLANTERS["MET008"][0].build(0, 1.0)


def asked(predictions=WORLD["predictions"], **threshold):
    given = replace(WORLD["threshold"], **threshold)
    (finding,) = run([threshold_chosen_on_reported_rows], {"predictions": predictions, "threshold": given})
    return finding


def test_the_certainty_follows_what_is_declared():
    assert asked().certainty is Certainty.SUSPECT
    assert asked(chosen_on=" Test ").certainty is Certainty.PROVEN
    assert asked(chosen_on="validation").ending is Ending.CAUTION
    assert asked(chosen_on="validation", value=0.5).ending is Ending.CLEAR
    assert asked(value=0.5).ending is Ending.CLEAR


def test_a_problem_tells_what_choosing_there_was_worth():
    price = asked(chosen_on="test").answer.measures[0]
    assert price.name == "f1 gained by choosing here"
    assert 0 < price.estimate.value < 0.05


def test_an_unknown_metric_is_tried_by_several():
    assert asked(metric="").certainty is Certainty.SUSPECT
    rows = WORLD["predictions"]
    best = best_threshold(rows.label, rows.score, "youden")
    finding = asked(metric="", value=best.threshold)
    assert "better youden" in finding.answer.claim


def test_few_different_scores_may_meet_the_best_by_chance():
    rows = replace(WORLD["predictions"], score=np.round(WORLD["predictions"].score, 1))
    best = best_threshold(rows.label, rows.score, "f1").threshold
    assert asked(rows, value=best).ending is Ending.CAUTION


def test_one_class_or_a_regression_has_no_threshold():
    for label in (np.zeros(2000), np.linspace(0, 9, 2000)):
        assert asked(replace(WORLD["predictions"], label=label)).ending is Ending.NOT_APPLICABLE


@pytest.mark.parametrize(
    "where",
    ["test data", "the Test-Set.", "hold-out rows", "Holdout", "final evaluation", "test split 2023", "Testing"],
)
def test_the_reported_rows_are_recognised_by_other_names(where):
    finding = asked(chosen_on=where)
    assert finding.certainty is Certainty.PROVEN
    assert f"“{where}”" in finding.answer.claim


def test_a_name_that_is_nearly_known_is_said_to_be_read_as_it():
    finding = asked(chosen_on="holdot", value=0.5)
    assert finding.certainty is Certainty.SUSPECT
    assert "“holdot” was read as the reported rows" in finding.answer.claim
    named = asked(chosen_on="the clinic's test rows")
    assert named.certainty is Certainty.SUSPECT
    assert "was read as the reported rows" in named.answer.claim
    assert asked(chosen_on="validaton", value=0.5).ending is Ending.CLEAR


@pytest.mark.parametrize("where", ["somewhere", "validation, then test", "not on test", "train/test"])
def test_what_is_not_known_is_asked(where):
    finding = asked(chosen_on=where, value=0.5)
    assert finding.ending is Ending.CAUTION
    assert f"“{where}”" in finding.answer.claim
    assert finding.answer.to_do


@pytest.mark.parametrize("where", ["validation", "Dev set", "training data", "cross-validation on train", "by costs"])
def test_other_rows_are_taken_at_their_word(where):
    assert asked(chosen_on=where, value=0.5).ending is Ending.CLEAR
