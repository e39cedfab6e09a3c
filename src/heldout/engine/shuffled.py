"""What an estimator knows of the true labels of test rows after it was fitted on shuffled ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import LabelKind
from heldout.core.runs_evidence import ShuffledRuns
from heldout.engine.fitting import CloneFitter, NotFitted
from heldout.stats.metrics.roc_auc import roc_auc

__all__ = ["shuffled_runs"]

Floats = NDArray[np.float64]

PAIRS = 6
"""Shuffles, each fitted as it is and mirrored: binary labels swapped, numbers turned round their mean."""

MOST_CLASSES = 6
"""Of several classes, each shuffle is fitted once per rotation of them."""

JITTER = 1e-7
"""Test values that are no whole numbers are moved by so much of their column's spread: no model of them cares."""

FEWEST, FEWEST_OF_A_CLASS = 20, 5
"""Rows on each side, and of each class there, below which nothing is fitted."""


def shuffled_runs(
    estimator: object, values: Floats, label: Floats, kind: LabelKind, *, group: NDArray[np.int64], seed: int = 0
) -> ShuffledRuns:
    """Fit on half of the rows with shuffled labels and score the other half against its true labels.

    `values` (n, k), `label` (n,) class codes or numbers, `group` (n,) rows that stay on one side. An estimator that
    knows only what it was fitted on is right as often as it is wrong, over a shuffle and its mirror image.
    """
    rng = np.random.default_rng([seed, 14])  # a stream of its own: the rows may have been drawn by the same seed
    sides = rng.random(int(group.max(initial=0)) + 1) < 0.5
    train, test = np.flatnonzero(sides[group]), np.flatnonzero(~sides[group])
    classes = 0 if kind is LabelKind.REGRESSION else int(label.max()) + 1
    metric = {0: "correlation", 2: "AUC"}.get(classes, "accuracy")
    chance = {"correlation": 0.0, "AUC": 0.5}.get(metric, 1 / max(classes, 1))
    scores: list[float] = []
    jittered: list[float] = []
    failed = _why_not(label, (train, test), classes)
    fitter = CloneFitter(estimator=estimator, is_classifier=classes > 0, seed=seed)
    moved = _moved(values[test], values, rng)
    try:
        for _ in range(0 if failed else PAIRS):
            runs = [
                _scored(fitter.fitted(values[train], shuffled), fitter, (values[test], moved), label[test])
                for shuffled in _mirrored(rng.permutation(label[train]), classes)
            ]
            scores.append(float(np.mean([run[0] for run in runs])))
            jittered.append(float(np.mean([run[1] for run in runs])))
    except NotFitted as reason:
        failed = str(reason)
    return ShuffledRuns(
        metric=metric,
        chance=chance,
        test_rows=len(test),
        scores=() if failed else tuple(scores),
        jittered=() if failed else tuple(jittered),
        failed=failed,
    )


def _why_not(label: Floats, sides: tuple[NDArray[np.int64], ...], classes: int) -> str:
    if classes > MOST_CLASSES:
        return f"it takes {classes} rotations of the classes per shuffle, and {MOST_CLASSES} are the most"
    if min(map(len, sides)) < FEWEST:
        return f"there are fewer than {FEWEST} rows to fit or to score"
    if (
        classes
        and min(np.bincount(label[s].astype(np.int64), minlength=classes).min() for s in sides) < FEWEST_OF_A_CLASS
    ):
        return f"a class has fewer than {FEWEST_OF_A_CLASS} rows to fit or to score"
    return ""


def _moved(test: Floats, values: Floats, rng: np.random.Generator) -> Floats:
    """Return test values changed in the last digits, but for columns of whole numbers, which may be codes."""
    is_whole = (values == np.floor(values)).all(axis=0)
    return test + np.where(is_whole, 0.0, JITTER * values.std(axis=0)) * rng.standard_normal(test.shape)


def _mirrored(shuffled: Floats, classes: int) -> list[NDArray[Any]]:
    if not classes:
        return [shuffled, 2 * shuffled.mean() - shuffled]
    return [((shuffled + turn) % classes).astype(np.int64) for turn in range(classes)]


def _scored(model: Any, fitter: CloneFitter, tests: tuple[Floats, Floats], truth: Floats) -> tuple[float, float]:
    one, other = (_right(fitter.scores(model, rows), truth) for rows in tests)
    return one, other


def _right(said: Floats, truth: Floats) -> float:
    """Return how right scores (n, classes), or numbers (n, 1), are: AUC of two classes, accuracy, correlation."""
    if said.shape[1] == 1:
        is_flat = said[:, 0].std() <= 1e-12 * (1 + np.abs(said).max())
        return 0.0 if is_flat else float(np.corrcoef(said[:, 0], truth)[0, 1])
    if said.shape[1] == 2:
        return roc_auc(truth, said[:, -1])
    best = said == said.max(axis=1, keepdims=True)  # ties share the call
    return float((best[np.arange(len(truth)), truth.astype(np.int64)] / best.sum(axis=1)).mean())
