"""Cohen's kappa: agreement of two named raters beyond what their own habits would give by chance."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.agreement.ratings import Ratings, as_ratings, ratings_from_table
from heldout.stats.agreement.result import FLOOR, NO_CHANCE, Agreement, Asked
from heldout.stats.agreement.weights import agreement_weights, needs_scores
from heldout.stats.sample import BadSample, Floats, as_array

__all__ = ["cohen_kappa", "cohen_kappa_from_table"]


def cohen_kappa(
    first: ArrayLike,
    second: ArrayLike,
    weights: str | ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Cohen's kappa of two raters' ratings (n,) of the same units, with the asymptotic interval.

    Cohen 1960, Educ. Psychol. Meas. 20:37; standard errors of Fleiss, Cohen & Everitt 1969, Psychol. Bull. 72:323.
    `weights` is None, "linear", "quadratic" or another kind of `agreement_weights`, or a matrix of agreement. Distances
    are counted in steps of the ordered categories, as in scikit-learn and R's irr; list `categories` if one of them was
    never given. A unit that either rater left out (NaN or None) is dropped.

    Low where one category is common though the raters agree (the kappa paradox): read it beside raw agreement and
    `gwet_ac1`. Undefined where both raters gave one and the same category throughout, or share no unit; without
    an interval below `floor` units. Raises BadSample for unequal lengths, infinity, or nothing rated.

    >>> round(cohen_kappa([1, 1, 2, 2, 3], [1, 1, 2, 3, 3]).estimate.value, 4)
    0.7059
    """
    return _kappa(as_ratings(_pair(first, second), categories), weights, level, floor)


def cohen_kappa_from_table(
    table: ArrayLike,
    weights: str | ArrayLike | None = None,
    *,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Cohen's kappa of a contingency table (q, q) of counts, the first rater's categories in rows.

    As `cohen_kappa`, categories in order. Raises BadSample for an empty table, one that is not square, or counts that
    are not whole numbers.

    >>> kappa = cohen_kappa_from_table([[80, 10], [5, 5]])
    >>> round(kappa.estimate.value, 4), round(kappa.standard_error, 4), round(kappa.observed, 4)
    (0.3182, 0.1335, 0.85)
    """
    return _kappa(ratings_from_table(table), weights, level, floor)


def _pair(first: Any, second: Any) -> Any:
    shape, other = as_array(first, "first").shape, as_array(second, "second").shape
    if shape != other or len(shape) != 1:
        raise BadSample(f"ratings have shapes {shape} and {other}", expected="two lists of equal length")
    if all(isinstance(side, np.ndarray) and side.dtype.kind in "fiub" for side in (first, second)):
        return np.stack([first, second])
    return [_listed(first), _listed(second)]


def _listed(side: Any) -> list[Any]:
    return list(side.tolist() if hasattr(side, "tolist") else side)


def _kappa(ratings: Ratings, weights: Any, level: float, floor: int) -> Agreement:
    if needs_scores(weights) and not ratings.ordered:
        raise BadSample("texts have no order and no distance", expected="categories=[...], lowest first")
    q, both = ratings.categories.size, ratings.rated(2)
    agree = agreement_weights(np.arange(1.0, q + 1), weights)
    first, second = both.codes
    table = np.bincount(first * q + second, weights=both.weight, minlength=q * q).reshape(q, q)
    n = int(table.sum())
    method = "Cohen's kappa" if weights is None else "weighted kappa"
    asked = Asked(method=f"{method}, asymptotic", level=level, floor=floor, units=n, raters=ratings.raters)
    if reason := asked.why_nothing():
        return asked.without_value(reason)
    return _of_shares(table / n, agree, asked)


def _of_shares(joint: Floats, agree: Floats, asked: Asked) -> Agreement:
    row, column = joint.sum(axis=1), joint.sum(axis=0)
    observed, expected = float((agree * joint).sum()), float(row @ agree @ column)
    if 1 - expected <= NO_CHANCE:
        reason = "both raters gave one category throughout, so chance alone explains their agreement"
        return asked.without_value(reason, observed=observed, expected=expected)
    kappa = (observed - expected) / (1 - expected)
    margins = (agree @ column)[:, None] + (row @ agree)[None, :]
    scale = asked.units * (1 - expected) ** 2
    spread = (joint * (agree - (1 - kappa) * margins) ** 2).sum() - (observed - 2 * (1 - kappa) * expected) ** 2
    by_chance = (np.outer(row, column) * (agree - margins) ** 2).sum() - expected**2
    return asked.result(
        kappa,
        math.sqrt(max(spread, 0.0) / scale),
        observed=observed,
        expected=expected,
        null_standard_error=math.sqrt(max(by_chance, 0.0) / scale) or None,
    )
