"""A threshold chosen on the rows that it is told of: the best one by a criterion, and how much too good it looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.labelled import ScoreCounts, labelled, score_counts
from heldout.stats.sample import BadSample, Floats, Undefined, as_numbers, whole_number

__all__ = ["CRITERIA", "BestThreshold", "best_threshold", "threshold_optimism", "value_at"]

MOST_CUTS = 4096
"""Folds know at most this many different scores; finer ones are put together by rank."""

FEWEST_OF_A_CLASS = 20
"""Below this many rows of a class the gain of a chosen threshold is not estimated."""


def _accuracy(hits: Floats, alarms: Floats, positives: Floats, negatives: Floats) -> Floats:
    return (hits + negatives - alarms) / (positives + negatives)


def _balanced(hits: Floats, alarms: Floats, positives: Floats, negatives: Floats) -> Floats:
    return (hits / positives + 1 - alarms / negatives) / 2


def _youden(hits: Floats, alarms: Floats, positives: Floats, negatives: Floats) -> Floats:
    return hits / positives - alarms / negatives


def _f1(hits: Floats, alarms: Floats, positives: Floats, _negatives: Floats) -> Floats:
    return 2 * hits / (positives + hits + alarms)


Criterion = Callable[[Floats, Floats, Floats, Floats], Floats]
CRITERIA: Mapping[str, Criterion] = MappingProxyType(
    {"accuracy": _accuracy, "balanced_accuracy": _balanced, "f1": _f1, "youden": _youden}
)
"""What a threshold may be chosen by, from true and false positives, positives and negatives; higher is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestThreshold:
    """The best value of a criterion over all thresholds, and the scores between which a threshold reaches it.

    Every threshold above `above` and up to `threshold` calls the same rows positive; `above` is None below the lowest
    score. `threshold` is None where calling no row positive is the best. `ties` counts the other such gaps.
    """

    threshold: float | None
    above: float | None
    value: float
    ties: int
    n: int


def best_threshold(label: ArrayLike, score: ArrayLike, criterion: str = "f1") -> BestThreshold:
    """Return the threshold on score (n,) with the best `criterion` of `CRITERIA` on these rows; of several the lowest.

    Raises BadSample for an unknown criterion or bad arrays, Undefined with one class.

    >>> best = best_threshold([0, 1, 0, 1], [0.1, 0.4, 0.6, 0.8], "accuracy")
    >>> best.threshold, best.above, best.value, best.ties
    (0.4, 0.1, 0.75, 1)
    """
    counts, rate = _checked(label, score, criterion)
    values = _values(counts, rate)
    places = np.flatnonzero(values >= values.max() - 1e-12)
    place = int(places[0])
    return BestThreshold(
        threshold=None if place == counts.score.size else float(counts.score[place]),
        above=None if place == 0 else float(counts.score[place - 1]),
        value=float(values[place]),
        ties=places.size - 1,
        n=int((counts.negatives + counts.positives).sum()),
    )


def value_at(label: ArrayLike, score: ArrayLike, threshold: float, criterion: str = "f1") -> float:
    """Return `criterion` where scores of at least `threshold` are called positive. Raises as `best_threshold` does.

    >>> value_at([0, 1, 0, 1], [0.1, 0.4, 0.6, 0.8], 0.5, "accuracy")
    0.5
    """
    (at,) = as_numbers([threshold], "threshold")
    counts, rate = _checked(label, score, criterion)
    return float(_values(counts, rate)[np.searchsorted(counts.score, at)])


def threshold_optimism(
    label: ArrayLike, score: ArrayLike, criterion: str = "f1", *, folds: int = 10, repeats: int = 20, seed: int = 0
) -> Estimate:
    """Return by how much the best `criterion` on these rows exceeds what a threshold so chosen has on other rows.

    By cross-fitting: rows are dealt to `folds` folds with `seed`, `repeats` times; each fold is called by the best
    threshold of the others, and the counts of all folds make one value (Stone 1974, JRSS B 36:111). The bootstrap is
    not used, as it understates what an argmax gains. For independent rows. The value comes without an interval;
    undefined where fewer than 20 rows are of a class. Raises as `best_threshold` does.

    >>> label = [0, 1] * 50
    >>> round(threshold_optimism(label, np.arange(100) * 37 % 100, "accuracy").value, 2)
    0.2
    """
    folds, repeats = whole_number(folds, "folds", least=2), whole_number(repeats, "repeats", least=1)
    seed = whole_number(seed, "seed")
    counts, rate = _checked(label, score, criterion)
    n = int((counts.negatives + counts.positives).sum())
    method = f"cross-fitting over {folds} folds, {repeats} times"
    fewest = int(min(counts.negatives.sum(), counts.positives.sum()))
    if fewest < FEWEST_OF_A_CLASS:
        reason = f"the smaller class has {fewest} rows, and {FEWEST_OF_A_CLASS} are needed"
        return undefined(reason, n=n, method=method)
    counts = _coarser(counts)
    rng = np.random.default_rng(seed)
    fitted = float(np.mean([_across_folds(counts, rate, folds, rng) for _ in range(repeats)]))
    value = float(_values(counts, rate).max()) - fitted
    return undefined("a mean over folds has no interval of its own", n=n, method=method, value=value)


def _across_folds(counts: ScoreCounts, rate: Criterion, folds: int, rng: np.random.Generator) -> float:
    """Return the criterion where each fold is called by the best threshold of the others."""
    dealt = [
        rng.multinomial(side.astype(np.int64), np.full(folds, 1 / folds)).T.astype(np.float64)
        for side in (counts.negatives, counts.positives)
    ]
    hits = alarms = 0.0
    for negatives, positives in zip(*dealt, strict=True):
        others = replace(counts, negatives=counts.negatives - negatives, positives=counts.positives - positives)
        place = int(np.argmax(_values(others, rate)))
        hits += float(positives[place:].sum())
        alarms += float(negatives[place:].sum())
    positives, negatives = counts.positives.sum(keepdims=True), counts.negatives.sum(keepdims=True)
    return float(rate(np.array([hits]), np.array([alarms]), positives, negatives)[0])


def _checked(label: ArrayLike, score: ArrayLike, criterion: str) -> tuple[ScoreCounts, Criterion]:
    if criterion not in CRITERIA:
        raise BadSample(f"there is no criterion {criterion!r}", expected="one of " + ", ".join(CRITERIA))
    labels, scores = labelled(label, score, probability=False)
    if labels.min() == labels.max():
        raise Undefined(f"all {labels.size} rows are of one class")
    return score_counts(labels, scores), CRITERIA[criterion]


def _values(counts: ScoreCounts, rate: Criterion) -> Floats:
    """Return the criterion at each distinct score as threshold, and, last, above all of them, shape (k + 1,)."""
    hits, alarms = counts.called_positive
    return rate(hits, alarms, hits[:1], alarms[:1])


def _coarser(counts: ScoreCounts) -> ScoreCounts:
    if counts.score.size <= MOST_CUTS:
        return counts
    rows = np.cumsum(counts.negatives + counts.positives)
    cell = np.minimum((rows / rows[-1] * MOST_CUTS).astype(np.intp), MOST_CUTS - 1)
    starts = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
    return ScoreCounts(
        score=counts.score[starts],
        negatives=np.add.reduceat(counts.negatives, starts),
        positives=np.add.reduceat(counts.positives, starts),
    )
