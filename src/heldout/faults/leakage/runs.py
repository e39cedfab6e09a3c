"""Tests and estimators that know too much: scored often, read before, told the labels, shown the other rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.tree import DecisionTreeClassifier

from heldout.core.evidence import Reported
from heldout.core.runs_evidence import Evaluations
from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS", "Fitted", "Texts"]

ROWS = 600
TEXTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of a test, one per row, and those of a training corpus."""

    test: tuple[str, ...]
    corpus: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """An estimator as its class and parameters, and the rows (n, k) with class labels (n,) that it is fitted on."""

    estimator: type
    parameters: Mapping[str, Any]
    values: NDArray[np.float64]
    label: NDArray[np.float64]


class LookingUp(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A tree that looks up the labels of rows that it was told of before it was fitted."""

    def __init__(self, told: Mapping[bytes, float] | None = None) -> None:
        self.told = told

    def fit(self, values: NDArray[np.float64], label: NDArray[np.int64]) -> "LookingUp":
        """Fit the tree."""
        self.classes_ = np.unique(label)
        self.tree_ = DecisionTreeClassifier(max_depth=4, random_state=0).fit(values, label)
        return self

    def predict_proba(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what is known of a row, else what the tree says."""
        learned = self.tree_.predict_proba(values)[:, 1]
        told = np.array([(self.told or {}).get(row.tobytes(), np.nan) for row in values])
        score = np.where(np.isnan(told), learned, told)
        return np.column_stack([1 - score, score])


class CentringBatches(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # as above
    """A tree on features less their mean, taken in part from the batch that is predicted."""

    def __init__(self, share: float = 0.0) -> None:
        self.share = share

    def fit(self, values: NDArray[np.float64], label: NDArray[np.int64]) -> "CentringBatches":
        """Fit the weights of a linear score on centred features."""
        self.classes_ = np.unique(label)
        self.mean_ = values.mean(axis=0)
        self.weight_ = np.linalg.lstsq(values - self.mean_, label - label.mean(), rcond=None)[0]
        return self

    def decision_function(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the linear score of features less the mean of fit and batch."""
        mean = (1 - self.share) * self.mean_ + self.share * values.mean(axis=0)
        score: NDArray[np.float64] = (values - mean) @ self.weight_
        return score


def _scored_often(seed: int, effect: float) -> World:
    """Settings are scored on the same test rows, beyond a first one, and the best accuracy is reported."""
    rng = np.random.default_rng(seed)
    count, rows = 1 + round(effect), int(rng.integers(300, 3000))
    accuracies = rng.binomial(rows, rng.uniform(0.7, 0.9), count) / rows
    return {
        "evaluations": Evaluations(count=count, rows=rows, positives=rows // 3),
        "reported": Reported(metric="accuracy", value=float(accuracies.max())),
    }


def _read_before(seed: int, effect: float) -> World:
    """A corpus quotes a boilerplate that test texts use too; a share of test texts is copied into it."""
    rng = np.random.default_rng(seed)
    words = np.array([f"w{i}" for i in range(3000)])
    weights = 1 / np.arange(1, 3001)
    weights /= weights.sum()
    polite = " please answer with the letter of the best of these four choices and say nothing else at all"

    def text() -> str:
        drawn = " ".join(rng.choice(words, int(rng.integers(20, 60)), p=weights))
        return drawn + (polite if rng.random() < 0.02 else "")

    test = tuple(text() for _ in range(TEXTS))
    other = [text() for _ in range(2 * TEXTS)]
    copied = [test[row].upper().replace(" ", ", ") for row in rng.permutation(TEXTS)[: round(effect * TEXTS)]]
    return {"corpus_overlap": Texts(test=test, corpus=tuple(map(str, rng.permutation(other + copied))))}


def _told_the_labels(seed: int, effect: float) -> World:
    """An estimator is told the labels of a share of rows before it is fitted."""
    rng, values, label = _rows(seed)
    told = {row.tobytes(): float(y) for row, y in zip(values, label, strict=True) if rng.random() < effect}
    return {"shuffled_runs": Fitted(estimator=LookingUp, parameters={"told": told}, values=values, label=label)}


def _shown_the_batch(seed: int, effect: float) -> World:
    """An estimator takes a share of the mean that it subtracts from the batch that it predicts."""
    _, values, label = _rows(seed)
    world = Fitted(estimator=CentringBatches, parameters={"share": effect}, values=values, label=label)
    return {"batch_run": world}


def _rows(seed: int) -> tuple[np.random.Generator, NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    label = (rng.random(ROWS) < rng.uniform(0.2, 0.5)).astype(np.float64)
    values = rng.normal(0, 1, (ROWS, 4))
    values[:, 0] += 2 * label
    values[:, 3] = rng.integers(0, 5, ROWS)
    return rng, values, label


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "LEK012": (
        Planter(fault="Settings are chosen on the test rows.", effect="settings beyond the first", build=_scored_often),
    ),
    "LEK013": (
        Planter(fault="Test texts stand in the training corpus.", effect="share of test texts", build=_read_before),
    ),
    "LEK014": (Planter(fault="An estimator was told labels before.", effect="share of rows", build=_told_the_labels),),
    "LEK015": (Planter(fault="A prediction hangs on its batch.", effect="share of the mean", build=_shown_the_batch),),
}
