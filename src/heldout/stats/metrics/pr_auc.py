"""Average precision: the precision at each positive row's score, averaged over the positive rows."""

import numpy as np

from heldout.stats.metrics.intake import Numbers
from heldout.stats.metrics.metric import Linearised, Metric, Summed
from heldout.stats.sample import Floats, Undefined

__all__ = ["PR_AUC"]


def _linearised(label: Numbers, score: Numbers, weight: Floats | None = None) -> Linearised:
    """Return Σ over positives i of T(s_i) / N(s_i) / P: T and N weigh the positive and all rows that score ≥ s_i.

    A row k moves it by its own share of P and, if positive, by its own term; and it stands in N, and if positive in T,
    of every positive that scores no higher.

    >>> _linearised(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])).influence.round(4)
    array([-0.    , -0.1111, -0.0278,  0.1389])
    """
    order = np.argsort(score)[::-1]
    ranked, positive = score[order], label[order].astype(np.float64)
    of_row = np.ones(label.size) if weight is None else weight[order]
    is_last = np.append(ranked[1:] != ranked[:-1], True)
    hits_upto = np.cumsum(positive * of_row)[is_last]
    rows_upto = np.cumsum(of_row)[is_last]
    positives = hits_upto[-1]
    _check_classes(positives, rows_upto[-1])
    hits, precision = np.diff(hits_upto, prepend=0.0), hits_upto / rows_upto
    value = float(hits @ precision / positives)
    by_row = -np.cumsum((hits * precision / rows_upto)[::-1])[::-1] / positives
    by_hit = (precision + np.cumsum((hits / rows_upto)[::-1])[::-1] - value) / positives
    tie = np.cumsum(is_last) - is_last
    influence = np.empty(label.size)
    influence[order] = (by_row[tie] + positive * by_hit[tie]) * of_row
    return Linearised(value=value, influence=influence)


def _summed(label: Numbers, score: Numbers) -> Summed:
    """Return the same from two sorts of values, which cost a fraction of one sort of rows.

    >>> _summed(np.array([False, False, True, True]), np.array([0.1, 0.4, 0.35, 0.8])).value
    0.8333333333333333
    """
    positive, negative = np.sort(score[label]), np.sort(score[~label])
    hits, others = positive.size, negative.size
    _check_classes(hits, hits + others)
    is_first = np.append(True, positive[1:] != positive[:-1])
    first = np.flatnonzero(is_first)
    sizes = np.diff(first, append=hits)
    below = np.searchsorted(negative, positive[first], side="left")
    hits_above = (hits - first).astype(np.float64)
    rows_above = hits_above + others - below
    precision = hits_above / rows_above
    value = float(sizes @ precision / hits)
    as_row = np.cumsum(sizes * precision / rows_above) / hits
    as_hit = (precision + np.cumsum(sizes / rows_above) - value) / hits - as_row
    squares = sizes @ as_hit**2 + np.diff(below, append=others) @ as_row**2
    return Summed(value=value, squares=float(squares))


def _check_classes(positives: float, rows: float) -> None:
    if positives == 0:
        raise Undefined("no row is positive, and average precision is a mean over positive rows")
    if positives == rows:
        raise Undefined("all rows are positive, and average precision tells two classes apart")


PR_AUC = Metric(
    name="pr_auc",
    higher_is_better=True,
    task="binary",
    perfect=1.0,
    highest=1.0,
    fewest_per_class=20,
    kernel=_linearised,
    summed=_summed,
)
"""Average precision with ties as one step, as scikit-learn's `average_precision_score`; no trapezoids between steps.

Its value without skill is the share of positives, so it compares only between samples of one prevalence. The interval
takes 20 rows of each class; it is made on the logit scale (Boyd, Eng & Page 2013, ECML PKDD).
"""
