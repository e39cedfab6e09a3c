import numpy as np
import pytest

from heldout.checks.leakage.test_reused import test_reused as reused
from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Certainty, Ending
from heldout.core.runs_evidence import Evaluations
from heldout.engine import run


def asked(count, reported=None, predictions=None, rows=1000, positives=300):
    evidence = {"evaluations": Evaluations(count=count, rows=rows, positives=positives)}
    evidence |= {"reported": reported, "predictions": predictions}
    return run([reused], evidence)[0]


def measure(finding, name):
    return [found.estimate.value for found in finding.answer.measures if found.name == name]


@pytest.mark.parametrize(
    ("count", "ending"), [(1, Ending.CLEAR), (2, Ending.CAUTION), (24, Ending.CAUTION), (26, Ending.PROBLEM)]
)
def test_it_is_a_problem_where_luck_exceeds_half_of_the_interval(count, ending):
    assert asked(count).ending is ending


def test_the_corrected_accuracy_takes_off_the_expected_maximum():
    finding = asked(50, Reported(metric="accuracy", value=0.8))
    assert finding.certainty is Certainty.PROVEN
    error = np.sqrt(0.8 * 0.2 / 1000)
    best = np.random.default_rng(0).normal(0.8, error, (4000, 50)).max(axis=1).mean()
    assert measure(finding, "score without that luck")[0] == pytest.approx(0.8 - (best - 0.8), abs=5e-4)


def test_a_loss_is_corrected_upwards():
    finding = asked(50, Reported(metric="brier_loss", value=0.2, low=0.18, high=0.22))
    assert measure(finding, "score without that luck")[0] > 0.22
    assert "at most" in finding.answer.claim


def test_the_error_comes_from_the_predictions_where_they_are_given():
    rng = np.random.default_rng(1)
    label = rng.integers(0, 2, 1000).astype(float)
    predictions = Predictions(metric="roc_auc", label=label, score=label + rng.normal(0, 1, 1000), cluster=None)
    claim = asked(40, Reported(metric="roc_auc", value=0.76), predictions).answer.claim
    assert "by the predictions; of 0.76 at least 0.7" in claim
    assert "Hanley" in asked(40, Reported(metric="roc_auc", value=0.76)).answer.claim


def test_without_a_score_the_luck_is_said_in_standard_errors_alone():
    finding = asked(40)
    assert finding.ending is Ending.PROBLEM
    assert not measure(finding, "score without that luck")
