"""Predictions row by row stay what they are beside strange rows; those by the batch change."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler

from heldout.core.profile import LabelKind
from heldout.engine.batch import batch_run


class Ranked(TransformerMixin, BaseEstimator):
    """Ranks rows within the batch."""

    def fit(self, values, label=None):
        return self

    def transform(self, values):
        return values.argsort(axis=0).argsort(axis=0) / len(values)


class Restless(BaseEstimator):
    """Predicts by chance."""

    def fit(self, values, label):
        return self

    def predict(self, values):
        return np.random.default_rng().normal(size=len(values))


@pytest.mark.parametrize(
    "estimator",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),
        make_pipeline(QuantileTransformer(n_quantiles=50), LogisticRegression()),
        HistGradientBoostingClassifier(max_iter=5),
    ],
    ids=["standardised", "quantiles of fit", "boosting"],
)
def test_what_was_learned_in_fit_does_not_change_with_the_batch(estimator):
    values, label = load_breast_cancer(return_X_y=True)
    run = batch_run(estimator, values, label.astype(float), LabelKind.BINARY)
    assert run.rows > 100
    assert run.changed == run.repeated == 0


@pytest.mark.parametrize(("load", "kind"), [(load_breast_cancer, "binary"), (load_diabetes, "regression")])
def test_ranks_within_the_batch_change(load, kind):
    values, label = load(return_X_y=True)
    model = LogisticRegression() if kind == "binary" else LinearRegression()
    run = batch_run(make_pipeline(Ranked(), model), values, label.astype(float), LabelKind(kind))
    assert run.changed > run.rows / 2
    assert run.repeated == 0
    assert run.largest > 0


def test_chance_is_told_from_the_batch():
    values, label = load_diabetes(return_X_y=True)
    run = batch_run(Restless(), values, label, LabelKind.REGRESSION)
    assert run.repeated == run.rows


def test_an_estimator_that_cannot_be_fitted_says_why():
    values, label = load_breast_cancer(return_X_y=True)
    assert "C" in batch_run(LogisticRegression(C=-1), values, label.astype(float), LabelKind.BINARY).failed
