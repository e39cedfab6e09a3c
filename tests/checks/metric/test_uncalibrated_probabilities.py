from dataclasses import replace

import numpy as np

from heldout.checks.metric.uncalibrated_probabilities import uncalibrated_probabilities
from heldout.core.evidence import DecisionContext, Predictions
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.metric import PLANTERS

EXTREME = PLANTERS["MET007"][0].build(0, 1.0)["predictions"]


def asked(predictions, **evidence):
    (finding,) = run([uncalibrated_probabilities], {"predictions": predictions, **evidence})
    return finding


def test_scores_that_only_rank_are_not_asked_unless_a_use_reads_them_as_probabilities():
    ranking = replace(EXTREME, metric="roc_auc")
    assert asked(ranking).ending is Ending.NOT_APPLICABLE
    costs = DecisionContext(metric="roc_auc", false_positive_cost=1, false_negative_cost=9)
    for decision in (DecisionContext(metric="roc_auc", needs_probability=True), costs):
        assert asked(ranking, decision=decision).certainty is Certainty.SUSPECT


def test_at_two_million_rows_a_difference_that_no_decision_feels_is_clear():
    rng = np.random.default_rng(0)
    score = rng.beta(2, 5, 2_000_000)
    label = (rng.random(2_000_000) < np.clip(score + 0.004, 0, 1)).astype(float)
    finding = asked(Predictions(metric="log_loss", label=label, score=score, cluster=None))
    assert finding.ending is Ending.CLEAR
    low = finding.answer.measures[2].estimate.low
    assert low is not None
    assert low > 0, "the shift differs from zero beyond doubt"


def test_a_rare_class_is_measured_by_its_own_spread():
    rng = np.random.default_rng(1)
    score = rng.uniform(0.001, 0.009, 200_000)
    label = (rng.random(200_000) < 4 * score).astype(float)
    assert asked(Predictions(metric="brier_loss", label=label, score=score, cluster=None)).certainty is not None


def test_waves_that_a_slope_does_not_see_are_a_caution():
    rng = np.random.default_rng(2)
    score = rng.uniform(0.02, 0.98, 200_000)
    label = (rng.random(200_000) < np.clip(score + 0.08 * np.sin(8 * np.pi * score), 0, 1)).astype(float)
    finding = asked(Predictions(metric="brier_loss", label=label, score=score, cluster=None))
    assert finding.ending is Ending.CAUTION
    assert "bins of scores" in finding.answer.claim


def test_what_cannot_be_known_is_a_caution_with_its_reason():
    finding = asked(replace(EXTREME, label=np.ones(4000)))
    assert finding.ending is Ending.CAUTION
    assert "one class" in finding.answer.claim
    tiny = Predictions(
        metric="log_loss", label=np.array([0.0, 1, 0, 1]), score=np.array([0.1, 0.2, 0.3, 1.0]), cluster=None
    )
    assert "10 are needed" in asked(tiny).answer.claim
