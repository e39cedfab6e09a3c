"""Whether an estimator's prediction for a row hangs on the other rows that are predicted with it."""

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import LabelKind
from heldout.core.runs_evidence import BatchRun
from heldout.engine.fitting import CloneFitter, NotFitted

__all__ = ["batch_run"]

Floats = NDArray[np.float64]

SAME = 1e-6
"""Predictions that differ by less, in standard deviations, are the same: sums over batches round differently."""


def batch_run(estimator: object, values: Floats, label: Floats, kind: LabelKind, *, seed: int = 0) -> BatchRun:
    """Fit on half of the rows; predict the others twice, then a half of them beside strange rows in place of the rest.

    The strange rows hold each column's values in another order, moved to its upper end.
    """
    rng = np.random.default_rng([seed, 15])  # a stream of its own: the rows may have been drawn by the same seed
    order = rng.permutation(len(values))
    train, test = np.split(order, [len(order) // 2])
    kept = np.arange(len(test)) < len(test) // 2
    is_classifier = kind is not LabelKind.REGRESSION
    fitter = CloneFitter(estimator=estimator, is_classifier=is_classifier, seed=seed)
    try:
        model = fitter.fitted(values[train], label[train].astype(np.int64) if is_classifier else label[train])
        batch = values[test]
        first, again = fitter.scores(model, batch)[kept], fitter.scores(model, batch)[kept]
        poisoned = np.where(kept[:, None], batch, _strange(batch, rng))
        beside = fitter.scores(model, poisoned)[kept]
    except NotFitted as reason:
        return BatchRun(rows=0, changed=0, repeated=0, largest=0.0, spread=0.0, failed=str(reason))
    spread = float(first.std())
    slack = SAME * max(spread, 1e-9)
    return BatchRun(
        rows=len(first),
        changed=int((np.abs(beside - first).max(axis=1) > slack).sum()),
        repeated=int((np.abs(again - first).max(axis=1) > slack).sum()),
        largest=float(np.abs(beside - first).max()),
        spread=spread,
    )


def _strange(batch: Floats, rng: np.random.Generator) -> Floats:
    """Return as many rows of values that occur, each column shuffled and drawn towards its largest."""
    shuffled = rng.permuted(batch, axis=0)
    other = rng.permuted(batch, axis=0)
    larger: Floats = np.fmax(shuffled, other)
    return larger
