"""Honest estimators know nothing after shuffled labels; those that were told before do."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from heldout.checks.leakage.shuffled_label_scores import shuffled_label_scores
from heldout.core.finding import Certainty, Ending
from heldout.core.profile import LabelKind
from heldout.engine import run
from heldout.engine.shuffled import shuffled_runs
from heldout.faults.leakage.runs import LookingUp

CASES = {
    "binary": (load_breast_cancer, LabelKind.BINARY),
    "classes": (load_iris, LabelKind.MULTICLASS),
    "numbers": (load_diabetes, LabelKind.REGRESSION),
}


def asked(estimator, case, seed=0):
    load, kind = CASES[case]
    values, label = load(return_X_y=True)
    runs = shuffled_runs(estimator, values, label.astype(float), kind, group=np.arange(len(label)), seed=seed)
    return runs, run([shuffled_label_scores], {"shuffled_runs": runs})[0]


@pytest.mark.parametrize(
    ("estimator", "case"),
    [
        (make_pipeline(StandardScaler(), LogisticRegression()), "binary"),
        (DecisionTreeClassifier(), "binary"),
        (RandomForestClassifier(10), "binary"),
        (GaussianNB(), "classes"),
        (KNeighborsClassifier(), "classes"),
        (LinearRegression(), "numbers"),
        (KNeighborsRegressor(), "numbers"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_honest_estimator_scores_at_chance(estimator, case):
    runs, finding = asked(estimator, case)
    assert np.mean(runs.scores) == pytest.approx(runs.chance, abs=0.06)
    assert finding.certainty is None


def test_a_part_that_was_fitted_on_all_rows_before_is_a_question():
    values, label = load_breast_cancer(return_X_y=True)
    runs, finding = asked(FrozenEstimator(KNeighborsClassifier(1).fit(values, label)), "binary")
    assert runs.scores == (1.0,) * 6
    assert finding.certainty is Certainty.SUSPECT


def test_a_look_up_of_rows_is_strong():
    values, label = load_breast_cancer(return_X_y=True)
    told = {row.tobytes(): float(y) for row, y in zip(values, label, strict=True)}
    assert asked(LookingUp(told), "binary")[1].certainty is Certainty.STRONG


def test_an_estimator_that_cannot_be_fitted_says_why():
    runs, finding = asked(LogisticRegression(C=-1), "binary")
    assert finding.ending is Ending.NOT_APPLICABLE
    assert "C" in runs.failed


def test_groups_stay_on_one_side():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(40), 10)
    values, label = rng.normal(size=(400, 2)), (rng.random(400) < 0.5).astype(float)
    runs = shuffled_runs(DecisionTreeClassifier(), values, label, LabelKind.BINARY, group=group)
    assert runs.test_rows % 10 == 0


@pytest.mark.parametrize(
    ("label", "said"),
    [(np.r_[np.ones(3), np.zeros(197)], "fewer than 5 rows"), (np.arange(200) % 10, "10 rotations")],
    ids=["a rare class", "too many classes"],
)
def test_what_cannot_be_told_is_not_fitted(label, said):
    values = np.random.default_rng(0).normal(size=(200, 2))
    runs = shuffled_runs(None, values, label.astype(float), LabelKind.MULTICLASS, group=np.arange(200))
    assert runs.scores == ()
    assert said in runs.failed
