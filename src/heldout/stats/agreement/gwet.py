"""AC1, AC2 and their kin: they differ in the agreement that they expect of chance."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heldout.stats.agreement.chance_corrected import Expected, Units, coefficient
from heldout.stats.agreement.ratings import SHAPE, Ratings, as_ratings, ratings_from_table
from heldout.stats.agreement.result import FLOOR, Agreement
from heldout.stats.sample import BadSample

__all__ = [
    "brennan_prediger",
    "conger_kappa",
    "gwet_ac1",
    "gwet_ac1_from_table",
    "gwet_ac2",
    "gwet_ac2_from_table",
]


def gwet_ac1(
    ratings: ArrayLike | Ratings,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Gwet's AC1 of ratings (raters, units) with missing values, and its t interval over units.

    Gwet 2008, Br. J. Math. Stat. Psychol. 61:29. Stays near raw agreement where one category is common and kappa
    falls. It depends on how many categories there are: list `categories` if one of them was never given. Undefined with
    one category, one rater, or no unit rated twice; without an interval below `floor` units. Raises BadSample as
    `as_ratings`.

    >>> ac1 = gwet_ac1([[1, 2, 3, 3, 2, None], [1, 2, 3, 3, 1, 4], [1, 2, 3, 2, 2, 4]], floor=0)
    >>> round(ac1.estimate.value, 4), round(ac1.standard_error, 4)
    (0.7057, 0.1837)
    """
    return coefficient(ratings, None, categories, name="Gwet's AC1", by_chance=_by_gwet, level=level, floor=floor)


def gwet_ac2(
    ratings: ArrayLike | Ratings,
    weights: str | ArrayLike = "quadratic",
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Gwet's AC2: AC1 in which near categories agree in part, by `weights` (see `agreement_weights`).

    Gwet 2014, Handbook of Inter-Rater Reliability, ch. 5. Distances are those of the categories' values, or of their
    places for texts that `categories` lists. High whenever few ratings lie far apart: compare AC2 only with AC2 of the
    same weights. As `gwet_ac1` in all else; raises BadSample for texts without `categories`.

    >>> ac2 = gwet_ac2([[1, 2, 3, 3, 2, None], [1, 2, 3, 3, 1, 4], [1, 2, 3, 2, 2, 4]], floor=0)
    >>> round(ac2.estimate.value, 4)
    0.9156
    """
    return coefficient(ratings, weights, categories, name="Gwet's AC2", by_chance=_by_gwet, level=level, floor=floor)


def brennan_prediger(
    ratings: ArrayLike | Ratings,
    weights: str | ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Brennan and Prediger's coefficient: chance gives every category alike (two categories: PABAK, S).

    Brennan & Prediger 1981, Educ. Psychol. Meas. 41:687. A category that nobody uses raises it: list `categories`
    on purpose. Arguments, floor and errors as `gwet_ac2`.

    >>> round(brennan_prediger([[1, 2, 2, 1], [1, 2, 1, 1]]).estimate.value, 4)
    0.5
    """
    return coefficient(
        ratings, weights, categories, name="Brennan-Prediger", by_chance=_alike, level=level, floor=floor
    )


def conger_kappa(
    ratings: ArrayLike | Ratings,
    weights: str | ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Conger's kappa: Cohen's kappa for two raters or more, each with their own habits.

    Conger 1980, Psychol. Bull. 88:322 ("exact" kappa in R's irr). Needs to know who gave which rating, and suffers
    from the kappa paradox as Cohen's does. Arguments, floor and errors as `gwet_ac2`.

    >>> round(conger_kappa([[1, 1, 2, 2, 3], [1, 1, 2, 3, 3]]).estimate.value, 4)
    0.7059
    """
    coded = as_ratings(ratings, categories)
    if not coded.named:
        raise BadSample("Conger's kappa needs to know who gave which rating", expected=SHAPE)
    return coefficient(coded, weights, None, name="Conger's kappa", by_chance=_by_rater, level=level, floor=floor)


def gwet_ac1_from_table(table: ArrayLike, *, level: float = 0.95, floor: int = FLOOR) -> Agreement:
    """Return Gwet's AC1 of a contingency table (q, q) of two raters' counts, its standard error over n.

    As `gwet_ac1`; raises BadSample as `ratings_from_table`.

    >>> ac1 = gwet_ac1_from_table([[80, 10], [5, 5]])
    >>> round(ac1.estimate.value, 4), round(ac1.standard_error, 4)
    (0.808, 0.0521)
    """
    return gwet_ac1(ratings_from_table(table), level=level, floor=floor)


def gwet_ac2_from_table(
    table: ArrayLike, weights: str | ArrayLike = "quadratic", *, level: float = 0.95, floor: int = FLOOR
) -> Agreement:
    """Return Gwet's AC2 of a contingency table (q, q) of two raters' counts, categories in order.

    As `gwet_ac2`; raises BadSample as `ratings_from_table`.

    >>> round(gwet_ac2_from_table([[40, 9, 1], [6, 45, 3], [0, 4, 12]], "linear").estimate.value, 4)
    0.7985
    """
    return gwet_ac2(ratings_from_table(table), weights, level=level, floor=floor)


def _by_gwet(units: Units) -> Expected:
    q = units.share.size
    factor = float(units.weights.sum()) / (q * (q - 1))
    pe = factor * float((units.share * (1 - units.share)).sum())
    return Expected(value=pe, per_unit=factor * (units.counts @ (1 - units.share)) / units.per_unit)


def _alike(units: Units) -> Expected:
    pe = float(units.weights.mean())
    return Expected(value=pe, per_unit=np.full(len(units.counts), pe))


def _by_rater(units: Units) -> Expected:
    given = units.ratings.codes[(units.ratings.codes >= 0).any(axis=1)]
    rated, r, q = given >= 0, len(given), units.share.size
    share = np.stack([np.bincount(row[row >= 0], weights=units.times[row >= 0], minlength=q) for row in given])
    part = share.sum(axis=1) / units.n
    share = share / share.sum(axis=1, keepdims=True)
    mean = share.mean(axis=0)
    apart = share - mean
    pe = float(mean @ units.weights @ mean - (units.weights * (apart.T @ apart)).sum() / (r * (r - 1)))
    others = r * mean - share
    reach = others @ units.weights
    own = (reach * share).sum(axis=1)
    found = np.take_along_axis(reach, np.maximum(given, 0), axis=1)
    pulls = (np.where(rated, found, 0.0) - (rated - part[:, None]) * own[:, None]) / part[:, None]
    return Expected(value=pe, per_unit=pulls.sum(axis=0) / (r * (r - 1)))
