import numpy as np

from heldout.checks.metric.reported_without_interval import reported_without_interval
from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Certainty, Ending
from heldout.core.verdict import ExitCode, Verdict
from heldout.engine import run


def asked(**evidence):
    (finding,) = run([reported_without_interval], evidence)
    return finding


def test_a_bare_score_is_a_question_that_fails_no_audit_by_itself():
    finding = asked(reported=Reported(metric="roc_auc", value=0.97))
    assert finding.certainty is Certainty.SUSPECT
    assert Verdict(title="t", findings=(finding,)).exit_code() != ExitCode.PROBLEM


def test_it_says_on_how_many_rows_the_interval_could_be_computed_where_predictions_are_given():
    rows = Predictions(metric="roc_auc", label=np.zeros(1234), score=np.zeros(1234), cluster=None)
    assert "1,234 rows" in asked(reported=Reported(metric="roc_auc", value=0.97), predictions=rows).answer.to_do


def test_half_an_interval_is_none():
    assert asked(reported=Reported(metric="roc_auc", value=0.97, low=0.9)).ending is Ending.PROBLEM


def test_an_interval_that_does_not_hold_its_score_is_proven_wrong():
    finding = asked(reported=Reported(metric="roc_auc", value=0.97, low=0.5, high=0.6))
    assert finding.certainty is Certainty.PROVEN


def test_a_score_within_its_interval_is_clear():
    assert asked(reported=Reported(metric="roc_auc", value=0.97, low=0.95, high=0.99)).ending is Ending.CLEAR
