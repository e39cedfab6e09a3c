from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from heldout.checks.metric.averaging_hides_a_class import averaging_hides_a_class
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.metric import PLANTERS

HIDDEN = PLANTERS["MET009"][0].build(0, 0.9)["class_predictions"]
EVEN = PLANTERS["MET009"][0].build(0, 0.0)["class_predictions"]


def asked(evidence):
    (finding,) = run([averaging_hides_a_class], {"class_predictions": evidence})
    return finding


@pytest.mark.parametrize("metric", ["recall", "f1", "accuracy"])
@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_the_hidden_class_is_named_under_every_average(metric, average):
    finding = asked(replace(HIDDEN, metric=metric, average=average))
    assert finding.certainty is Certainty.SUSPECT
    assert finding.answer.witnesses[0].where == "rare"


@pytest.mark.parametrize("place", [(0, "precision"), (1, "recall"), (2, "f1")])
def test_the_values_are_those_of_scikit_learn(place):
    column, metric = place
    oracle = precision_recall_fscore_support(EVEN.label, EVEN.predicted)[column]
    told = {m.name: m.estimate for m in asked(replace(EVEN, metric=metric)).answer.measures}
    for code, name in enumerate(EVEN.classes):
        estimate = told[f"{metric} of {name}"]
        assert estimate.value == pytest.approx(oracle[code])
        assert estimate.low < estimate.value < estimate.high


def test_the_average_in_the_claim_is_the_one_that_is_reported():
    for average in ("macro", "weighted"):
        value = precision_recall_fscore_support(HIDDEN.label, HIDDEN.predicted, average=average)[2]
        assert f"{value:.3g}" in asked(replace(HIDDEN, metric="f1", average=average)).answer.claim


def test_few_rows_of_a_class_cannot_tell_and_one_class_asks_nothing():
    keep = np.concatenate([np.arange(1900), np.arange(1900, 1903)])
    few = replace(EVEN, label=EVEN.label[keep], predicted=EVEN.predicted[keep])
    assert asked(few).ending is Ending.CAUTION
    assert asked(replace(EVEN, classes=("a",))).ending is Ending.NOT_APPLICABLE
