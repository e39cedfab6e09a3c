from dataclasses import replace

import numpy as np
import pytest
from tests.worlds import profiled

from heldout.checks.metric.baseline_missing import baseline_missing
from heldout.core.evidence import BaselineScores, Predictions
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.metric import PLANTERS
from heldout.faults.planter import Table

GOOD = PLANTERS["MET004"][0].build(0, 0.0)["predictions"]


def asked(predictions, **evidence):
    (finding,) = run([baseline_missing], {"predictions": predictions, **evidence})
    return finding


def regression(error, metric="root_mean_squared_error", n=500):
    rng = np.random.default_rng(0)
    label = rng.normal(10, 1, n)
    return Predictions(metric=metric, label=label, score=label + rng.normal(0, error, n), cluster=None)


def test_a_score_that_is_one_number_is_a_baseline_itself():
    finding = asked(replace(GOOD, score=np.full(len(GOOD.score), 0.3)))
    assert finding.certainty is Certainty.PROVEN


@pytest.mark.parametrize("metric", ["roc_auc", "accuracy", "brier_loss", "log_loss"])
def test_scores_turned_round_are_worse_than_a_constant_by_every_metric(metric):
    assert asked(replace(GOOD, metric=metric, score=1 - GOOD.score)).certainty is Certainty.STRONG


@pytest.mark.parametrize("metric", ["mean_absolute_error", "root_mean_squared_error"])
def test_a_regression_is_held_against_its_mean_or_median(metric):
    assert asked(regression(0.3, metric)).ending is Ending.CLEAR
    finding = asked(regression(1.5, metric))
    assert finding.certainty is Certainty.STRONG
    assert "the error of always predicting 9.9" in finding.answer.claim


def test_the_strongest_of_the_given_baselines_is_the_one_that_is_named():
    predictions = regression(0.3)
    near = BaselineScores(scores={"the week before": predictions.label + 0.01, "zero": np.zeros(500)})
    finding = asked(predictions, baselines=near)
    assert finding.certainty is Certainty.STRONG
    assert "the week before" in finding.answer.claim
    assert len(finding.answer.measures) == 3


def test_few_rows_of_a_class_or_few_clusters_cannot_be_relied_on():
    few = replace(GOOD, label=(np.arange(20_000) < 9).astype(float))
    finding = asked(few)
    assert finding.ending is Ending.CAUTION
    assert "9 rows" in finding.answer.claim
    dozen = replace(GOOD, score=1 - GOOD.score, cluster=np.arange(20_000) % 12)
    assert asked(dozen).ending is Ending.CAUTION


def test_noise_on_few_rows_is_a_caution_and_on_more_a_question():
    rng = np.random.default_rng(3)

    def noise(n):
        label = (rng.random(n) < 0.3).astype(float)
        return Predictions(metric="roc_auc", label=label, score=rng.random(n), cluster=None)

    assert asked(noise(200)).ending is Ending.CAUTION
    assert asked(noise(20_000)).certainty is Certainty.SUSPECT


def test_a_column_that_orders_better_alone_is_a_question():
    rng = np.random.default_rng(4)
    label = (rng.random(4000) < 0.3).astype(int)
    table = {"noise": rng.normal(size=4000), "strong": rng.normal(4 * label), "label": label}
    finding = asked(GOOD, profile=profiled(Table(columns=table, target="label")))
    assert finding.certainty is Certainty.SUSPECT
    assert finding.answer.claim.startswith("strong alone")
    weak = profiled(Table(columns=table | {"strong": rng.normal(0.5 * label)}, target="label"))
    assert asked(GOOD, profile=weak).ending is Ending.CLEAR


def test_more_of_what_is_independent_is_asked_for():
    rng = np.random.default_rng(3)
    label = (rng.random(200) < 0.3).astype(float)
    noise = Predictions(metric="roc_auc", label=label, score=rng.random(200), cluster=None)
    assert asked(noise).answer.to_do == "Score more rows."
    assert asked(replace(noise, cluster=np.arange(200) // 2)).answer.to_do == "Score more clusters."


@pytest.mark.parametrize(
    ("metric", "constant"), [("accuracy@0.8", "0"), ("f1", "1"), ("precision@0.3", "1"), ("roc_auc", "0.")]
)
def test_a_metric_of_calls_is_held_against_calling_all_rows_the_same(metric, constant):
    finding = asked(replace(GOOD, metric=metric))
    assert f"always predicting {constant}" in finding.answer.claim
    assert finding.ending is Ending.CLEAR


@pytest.mark.parametrize(("metric", "constant"), [("recall@0.3", "1"), ("specificity", "0")])
def test_a_metric_that_a_constant_makes_perfect_has_no_baseline(metric, constant):
    finding = asked(replace(GOOD, metric=metric))
    assert finding.ending is Ending.NOT_APPLICABLE
    assert f"always predicting {constant}" in finding.answer.claim
