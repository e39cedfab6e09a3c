"""Fleiss' kappa: agreement of interchangeable raters, overall and category by category."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from heldout.stats.agreement.chance_corrected import Expected, Units, coefficient
from heldout.stats.agreement.ratings import Ratings, as_ratings
from heldout.stats.agreement.result import FLOOR, Agreement
from heldout.stats.sample import Floats, Undefined

__all__ = ["CategoryKappa", "fleiss_kappa", "fleiss_kappa_by_category"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryKappa:
    """Kappa of one category against all others; `statistic` is it over its standard error without agreement.

    `kappa` and what follows are None for a category that nobody or everybody gave.
    """

    category: Any
    share: float
    kappa: float | None
    null_standard_error: float | None
    statistic: float | None
    p_value: float | None


def fleiss_kappa(
    ratings: ArrayLike | Ratings,
    weights: str | ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Agreement:
    """Return Fleiss' kappa of ratings (raters, units) with missing values, and its t interval over units.

    Fleiss 1971, Psychol. Bull. 76:378; for two raters it is Scott's pi. Variance and weights of Gwet 2014, as
    `gwet_ac2`. Where every unit has equally many ratings and there are no weights, `statistic` is z over the standard
    error without agreement (Fleiss, Nee & Landis 1979, Psychol. Bull. 86:974), as R's irr prints it. Counts of units ×
    categories come in through `ratings_from_counts`. Falls where one category is common though the
    raters agree. Undefined with one category, one rater, or no unit rated twice; without an interval below `floor`
    units. Raises BadSample as `as_ratings`.

    >>> kappa = fleiss_kappa([[1, 2, 2, 1, 3], [1, 2, 1, 1, 3], [1, 2, 2, 3, 3]])
    >>> round(kappa.estimate.value, 4), round(kappa.statistic, 4)
    (0.5946, 3.2344)
    """
    return coefficient(
        ratings,
        weights,
        categories,
        name="Fleiss' kappa",
        by_chance=_by_share,
        level=level,
        floor=floor,
        null=_null_standard_error if weights is None else None,
    )


def fleiss_kappa_by_category(
    ratings: ArrayLike | Ratings, *, categories: Sequence[Any] | None = None
) -> tuple[CategoryKappa, ...]:
    """Return Fleiss' kappa of each category against the others, with z and p under no agreement.

    Fleiss 1971; Fleiss, Nee & Landis 1979. Units without a rating are left out. Raises Undefined unless the
    others have equally many, two or more, and BadSample as `as_ratings`.

    >>> [round(c.kappa, 4) for c in fleiss_kappa_by_category([[1, 2, 2, 1], [1, 2, 1, 1], [1, 2, 2, 2]])]
    [0.3333, 0.3333]
    """
    units = Units.of(as_ratings(ratings, categories), None)
    m = units.per_unit[0]
    if (units.per_unit != m).any() or m < 2:
        raise Undefined("units have different numbers of ratings, or one each")
    share, pairs = units.share, units.n * m * (m - 1)
    spread = pairs * share * (1 - share)
    apart = units.times @ (units.counts * (m - units.counts))
    error = math.sqrt(2 / pairs)
    kappas = [1 - float(a / s) if s > 0 else None for a, s in zip(apart, spread, strict=True)]
    return tuple(
        CategoryKappa(
            category=category.item() if hasattr(category, "item") else category,
            share=float(part),
            kappa=kappa,
            null_standard_error=None if kappa is None else error,
            statistic=None if kappa is None else kappa / error,
            p_value=None if kappa is None else math.erfc(abs(kappa) / error / math.sqrt(2)),
        )
        for category, part, kappa in zip(units.ratings.categories, share, kappas, strict=True)
    )


def _by_share(units: Units) -> Expected:
    reach: Floats = units.weights @ units.share
    return Expected(value=float(units.share @ reach), per_unit=units.counts @ reach / units.per_unit)


def _null_standard_error(units: Units) -> float | None:
    m, share = units.per_unit[0], units.share
    if (units.per_unit != m).any():
        return None
    room = float((share * (1 - share)).sum())
    spread = room**2 - float((share * (1 - share) * (1 - 2 * share)).sum())
    return math.sqrt(2 * max(spread, 0.0) / (units.n * m * (m - 1))) / room
