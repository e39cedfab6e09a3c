"""Fits an estimator fold by fold and returns what it says of the rows that it did not learn from."""

import warnings
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from threadpoolctl import threadpool_limits

from heldout.engine.splits import Fold

__all__ = ["FEW_ROWS", "CannotFit", "Features", "Fitter", "Task", "predicted", "proxy_name"]

FEW_ROWS = 2_000
"""Below so many rows gradient boosting with leaves of 20 is too blunt, and the proxy is a forest."""
TREES, ROUNDS = 100, 100
FEWEST_IN_LEAF = 2
"""Leaves of one row overfit so much that an idle column helps by being there; two still tell a row by its copy."""
FEWEST_TO_LEARN = 20
QUICK_ROWS = 10_000
"""The user's own estimator is given one thread below so many rows, and as many as it takes above."""

Scores = NDArray[np.float64]
Task = Literal["binary", "multiclass", "regression"]


class CannotFit(Exception):
    """An evaluation has no score, with its reason."""


class Features(Protocol):
    """Rows and columns to fit on."""

    @property
    def names(self) -> Sequence[str]:
        """The columns."""
        ...

    def part(self, rows: NDArray[np.int64], without: Collection[str]) -> Any:
        """Return these rows, without what some columns tell."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitter:
    """What is fitted: the user's `estimator` on `features`, or a proxy where it is None.

    `categorical` (k,) marks the proxy's columns of codes. `label` (n,) are class codes from 0, or numbers.
    `needs_probability` tells that several classes are scored by the true one's probability, not by right calls.
    """

    features: Features
    label: NDArray[np.float64]
    task: Task
    estimator: Any = None
    categorical: NDArray[np.bool_] | None = None
    needs_probability: bool = False


def proxy_name(rows: int) -> str:
    """Say which model stands in for one that is not here.

    >>> proxy_name(195)
    'a forest of 100 extremely randomised trees'
    """
    if rows < FEW_ROWS:
        return f"a forest of {TREES} extremely randomised trees"
    return f"gradient boosting of at most {ROUNDS} rounds"


def predicted(fitter: Fitter, folds: Sequence[Fold], without: Collection[str], seed: int) -> Scores:
    """Return a score for each row, shape (n,), NaN for rows in no test fold.

    Binary: that of class 1. Several classes: 1 or 0 for a right or wrong call, or the true class's probability.
    Raises CannotFit where too little is left to learn from.
    """
    scores = np.full(len(fitter.label), np.nan)
    if all(name in without for name in fitter.features.names):
        raise CannotFit("no column is left to predict from")
    for fold in folds:
        if len(fold.train) < FEWEST_TO_LEARN:
            raise CannotFit(f"{len(fold.train)} rows are left to learn from, and {FEWEST_TO_LEARN} are needed")
        scores[fold.test] = _of_fold(fitter, fold, without, seed)
    return scores


def _of_fold(fitter: Fitter, fold: Fold, without: Collection[str], seed: int) -> Scores:
    label = fitter.label[fold.train]
    truth = fitter.label[fold.test]
    if fitter.task != "regression" and (label == label[0]).all():  # nothing to tell apart: the only class is certain
        certain = np.full(len(truth), float(label[0]))
        return certain if fitter.task == "binary" else (truth == certain).astype(np.float64)
    estimator = _proxy(fitter, label, without, seed) if fitter.estimator is None else clone(fitter.estimator)
    # threads that wait for each other on a busy machine take several times the CPU time of one
    is_quick = fitter.estimator is None or len(fitter.label) < QUICK_ROWS
    one_thread = threadpool_limits(1) if is_quick else nullcontext()
    with one_thread, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an estimator's advice on rows that are not its user's to change
        known = fitter.features.part(fold.train, without)
        if fitter.estimator is None:
            known = _without_gaps(known)
        learned = estimator.fit(known, _as_classes(label, fitter.task))
        return _answer(learned, fitter.features.part(fold.test, without), truth, fitter)


def _without_gaps(values: Scores) -> Scores:
    """Return rows to learn from in which no column lacks every value, as gradient boosting takes no such column."""
    empty = np.isnan(values).all(axis=0)
    return np.where(empty, 0.0, values) if empty.any() else values


def _as_classes(label: NDArray[np.float64], task: Task) -> NDArray[Any]:
    return label if task == "regression" else label.astype(np.int64)


def _answer(learned: Any, features: Any, truth: Scores, fitter: Fitter) -> Scores:
    if fitter.task == "regression":
        return _finite(learned.predict(features))
    if fitter.task == "multiclass" and not fitter.needs_probability:
        return _right(learned.predict(features), truth)
    if not hasattr(learned, "predict_proba"):
        if fitter.task == "binary" and hasattr(learned, "decision_function"):
            return _logistic(
                _finite(learned.decision_function(features))
            )  # a margin of 0 is the call's threshold, as .5 is
        return _right(learned.predict(features), np.ones(len(truth)) if fitter.task == "binary" else truth)
    probability, classes = np.asarray(learned.predict_proba(features), np.float64), np.asarray(learned.classes_)
    wanted = np.ones(len(truth)) if fitter.task == "binary" else truth
    place = np.searchsorted(classes, wanted)
    there = (place < len(classes)) & (classes[np.minimum(place, len(classes) - 1)] == wanted)
    of_class = probability[np.arange(len(truth)), np.where(there, place, 0)]
    return _finite(np.where(there, np.clip(of_class, 0, 1), 0.0))


def _right(calls: Any, truth: Scores) -> Scores:
    classes = np.asarray(calls).reshape(-1)
    if len(classes) != len(truth) or classes.dtype.kind not in "biuf" or not np.isfinite(classes).all():
        raise CannotFit("the model does not predict one class for each row")
    right: Scores = (classes == truth).astype(np.float64)
    return right


def _logistic(margin: Scores) -> Scores:
    return 1 / (1 + np.exp(-np.clip(margin, -500, 500)))


def _finite(scores: Any) -> Scores:
    values = np.asarray(scores, np.float64).reshape(-1)
    if not np.isfinite(values).all():
        raise CannotFit("the model predicts values that are no finite numbers")
    return values


def _proxy(fitter: Fitter, label: NDArray[np.float64], without: Collection[str], seed: int) -> Any:
    """Return an unfitted proxy for rows of these labels; which one depends on all rows, so every refit has the same."""
    is_class = fitter.task != "regression"
    if len(fitter.label) < FEW_ROWS:
        forest = ExtraTreesClassifier if is_class else ExtraTreesRegressor
        return forest(n_estimators=TREES, min_samples_leaf=FEWEST_IN_LEAF, random_state=seed)
    kept = np.array([name not in without for name in fitter.features.names], np.bool_)
    categories = None if fitter.categorical is None else fitter.categorical[kept]
    boosting = HistGradientBoostingClassifier if is_class else HistGradientBoostingRegressor
    stops = not is_class or _can_be_held_out(label)
    return boosting(max_iter=ROUNDS, early_stopping=stops, categorical_features=categories, random_state=seed)


def _can_be_held_out(label: NDArray[np.float64]) -> bool:
    """Tell whether a tenth of the rows can hold each class, as boosting asks that stops early."""
    counts = np.unique(label, return_counts=True)[1]
    return bool(counts.min() >= 2 and len(label) >= 10 * len(counts))
