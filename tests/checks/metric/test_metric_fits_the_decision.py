from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.worlds import profiled

from heldout.app.audit_metric import SYNONYMS
from heldout.checks.metric import metric_fits_the_decision as module
from heldout.checks.metric.metric_fits_the_decision import metric_fits_the_decision
from heldout.core.evidence import DecisionContext, Predictions
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.planter import Table
from heldout.stats import METRICS


def rows(positives, n=1000, metric="roc_auc"):
    label = (np.arange(n) < positives).astype(float)
    return Predictions(metric=metric, label=label, score=np.linspace(1, 0, n), cluster=None)


def asked(decision, **evidence):
    return run([metric_fits_the_decision], {"decision": decision, **evidence})


@pytest.mark.parametrize(
    ("positives", "ending"), [(20, Ending.PROBLEM), (980, Ending.PROBLEM), (100, Ending.CAUTION), (400, Ending.CLEAR)]
)
def test_accuracy_is_asked_about_the_commonest_class_whichever_it_is(positives, ending):
    (finding,) = asked(DecisionContext(metric="accuracy"), predictions=rows(positives, metric="accuracy"))
    assert finding.ending is ending
    assert finding.certainty in (None, Certainty.SUSPECT)


def test_without_predictions_the_profile_tells_the_classes():
    rng = np.random.default_rng(0)
    label = (np.arange(2000) < 40).astype(int)
    profile = profiled(Table(columns={"x": rng.normal(size=2000), "label": label}, target="label"))
    (finding,) = asked(DecisionContext(metric="accuracy"), profile=profile)
    assert finding.certainty is Certainty.SUSPECT
    assert "98.0%" in finding.answer.claim


def test_a_small_capacity_is_told_with_the_precision_that_the_top_has():
    decision = DecisionContext(metric="roc_auc", capacity=50)
    (finding,) = asked(decision, predictions=rows(30))
    assert finding.certainty is Certainty.SUSPECT
    assert finding.answer.measures[1].estimate.value == 0.6
    (unknown,) = asked(decision)
    assert unknown.ending is Ending.CAUTION
    (top,) = asked(replace(decision, metric="pr_auc"), predictions=rows(30))
    assert top.ending is Ending.CLEAR


def test_costs_ask_for_a_metric_of_probabilities_and_tell_their_threshold():
    decision = DecisionContext(metric="roc_auc", false_positive_cost=1, false_negative_cost=4)
    (finding,) = asked(decision)
    assert finding.certainty is Certainty.SUSPECT
    assert "probability of 0.2" in finding.answer.to_do
    (finding,) = asked(DecisionContext(metric="accuracy", needs_probability=True))
    assert "Brier" in finding.answer.to_do
    assert asked(replace(decision, metric="brier_loss"))[0].ending is Ending.CLEAR


def test_every_misfit_is_answered_for_itself():
    decision = DecisionContext(metric="accuracy", capacity=10, needs_probability=True, horizon="90 days")
    findings = asked(decision, predictions=rows(20, metric="accuracy"))
    assert [finding.ending for finding in findings] == [Ending.PROBLEM] * 3 + [Ending.CAUTION]


def test_a_horizon_is_compared_as_text_whatever_its_case():
    same = DecisionContext(metric="roc_auc", horizon="30 days", scored_horizon=" 30 Days")
    assert asked(same)[0].ending is Ending.CLEAR
    assert asked(replace(same, scored_horizon="7 days"))[0].certainty is Certainty.PROVEN


def test_where_nothing_was_said_nothing_is_passed():
    assert asked(DecisionContext(metric="roc_auc"), predictions=rows(20))[0].ending is Ending.NOT_APPLICABLE


def test_every_metric_that_is_classed_or_recommended_is_one_that_an_audit_takes():
    classed = {*module.OF_PROBABILITIES, *module.OF_THE_TOP, *module.OF_THE_CALLED}
    assert classed - {"f_beta"} <= set(METRICS)
    assert set(SYNONYMS.values()) <= set(METRICS)
    decision = DecisionContext(metric="accuracy", capacity=10, false_positive_cost=1, false_negative_cost=9)
    told = " ".join(finding.answer.to_do for finding in asked(decision, predictions=rows(20, metric="accuracy")))
    for name in ("pr_auc", "log_loss", "brier_loss"):
        assert name in told


def test_a_metric_that_nobody_here_knows_is_not_said_to_be_made_of_all():
    (finding,) = asked(DecisionContext(metric="ndcg", capacity=50))
    assert finding.ending is Ending.CAUTION
    (finding,) = asked(DecisionContext(metric="precision", capacity=50))
    assert finding.ending is Ending.CAUTION


def test_the_guide_lists_every_metric_and_synonym():
    guide = (Path(__file__).parents[3] / "docs/guide/audit.md").read_text(encoding="utf-8")
    assert [name for name in (*METRICS, *SYNONYMS) if f"`{name}`" not in guide] == []
