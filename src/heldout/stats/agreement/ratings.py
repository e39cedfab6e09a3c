"""Ratings of units by raters, coded once: numbers or texts, with gaps, as a matrix, a table or counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.magnitude import whole_enough
from heldout.stats.sample import BadSample, Floats, as_numbers

__all__ = ["Ratings", "as_ratings", "ratings_from_counts", "ratings_from_table"]

Codes = NDArray[np.intp]
Mask = NDArray[np.bool_]

MOST_RATINGS = 100_000_000
"""A table of counts that stands for more ratings than this is refused before memory is taken."""

SHAPE = "a matrix of raters × units"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratings:
    """Coded ratings: `codes` (raters, units) point into `categories` (q,), −1 where a rating is missing.

    `ordered` says whether the categories have an order (numbers do; texts only when the caller listed them). `times`
    (units,) tells how often each column occurs (None: once). `named` is False when only counts per unit are known, so
    that no rater can be told from another.
    """

    codes: Codes
    categories: NDArray[Any]
    ordered: bool
    times: Floats | None = None
    named: bool = True

    @property
    def weight(self) -> Floats:
        """How often each column of `codes` occurs (units,)."""
        return np.ones(self.codes.shape[1]) if self.times is None else self.times

    @property
    def raters(self) -> int:
        """How many raters gave a rating."""
        return int((self.codes >= 0).any(axis=1).sum())

    @property
    def scores(self) -> Floats:
        """The categories as numbers: themselves, or 1..q for texts that were listed in order."""
        if not self.ordered:
            raise BadSample("texts have no order and no distance", expected="categories=[...], lowest first")
        if self.categories.dtype.kind == "f":
            return self.categories
        return np.arange(1.0, self.categories.size + 1)

    def rated(self, fewest: int) -> "Ratings":
        """Return the units that have at least `fewest` ratings."""
        keep = (self.codes >= 0).sum(axis=0) >= fewest
        if keep.all():
            return self
        times = None if self.times is None else self.times[keep]
        return Ratings(
            codes=self.codes[:, keep], categories=self.categories, ordered=self.ordered, times=times, named=self.named
        )

    def counts(self) -> Floats:
        """Return how often each unit got each category, shape (units, q)."""
        units, q = self.codes.shape[1], self.categories.size
        if units * q > MOST_RATINGS:
            raise BadSample(f"{q} categories of {units} units are too many to count", expected="categories, not values")
        places = self.codes + q * np.arange(units)
        found = np.bincount(places[self.codes >= 0], minlength=units * q)
        return found.reshape(units, q).astype(np.float64)

    def summed(self, by_category: Floats) -> Floats:
        """Return the sum of `by_category` (q,) over each unit's ratings, shape (units,)."""
        sums: Floats = np.append(by_category, 0.0)[self.codes].sum(axis=0)  # a missing rating's −1 finds the 0
        return sums


def as_ratings(ratings: ArrayLike | Ratings, categories: Sequence[Any] | None = None) -> Ratings:
    """Return ratings (raters, units) as coded Ratings.

    Accepts numbers with NaN, or lists of numbers or of texts with None, where a rating is missing. `categories` lists
    every category, lowest first: needed for one that nobody gave, and for the order of texts. Raises BadSample for
    another shape, nothing rated, infinity, empty texts, numbers mixed with texts, or a rating that `categories` lacks.

    >>> as_ratings([["a", "b", None], ["a", "a", "b"]]).codes
    array([[ 0,  1, -1],
           [ 0,  0,  1]])
    """
    if isinstance(ratings, Ratings):
        return ratings if categories is None else _recoded(ratings, categories)
    values, missing = read_ratings(ratings)
    if categories is None:
        codes, found = _coded_integers(values, missing) or _coded(values, missing)
        return Ratings(codes=codes, categories=found, ordered=values.dtype.kind == "f")
    listed = _listed(categories, values.dtype.kind)
    return Ratings(codes=_looked_up(values, missing, listed), categories=listed, ordered=True)


def ratings_from_table(table: ArrayLike, categories: Sequence[Any] | None = None) -> Ratings:
    """Return the ratings behind a table (q, q) of two raters' counts, the first's categories in rows.

    `categories` (q,) names them, lowest first, else 1..q. Standard errors of a table divide by n, as the published
    formulas for tables do; those of a matrix of ratings divide by n − 1. Raises BadSample for an empty table, one that
    is not square, or counts that are not whole numbers of at least 0.

    >>> ratings_from_table([[40, 9], [6, 45]]).times
    array([40.,  9.,  6., 45.])
    """
    counts = _whole(table, "table")
    if counts.shape[0] != counts.shape[1]:
        raise BadSample(f"the table has shape {counts.shape}", expected="a row and a column for each category")
    first, second = np.nonzero(counts)
    return Ratings(
        codes=np.stack([first, second]),
        categories=_named(categories, len(counts)),
        ordered=True,
        times=counts[first, second],
    )


def ratings_from_counts(counts: ArrayLike, categories: Sequence[Any] | None = None) -> Ratings:
    """Return the ratings behind counts (units, q) of how many raters gave each unit each category.

    As in Fleiss 1971, Table 1. Which rater gave which rating is not known, so that Conger's kappa refuses them.
    `categories` (q,) names them, lowest first, else 1..q. Raises BadSample as `ratings_from_table`.

    >>> ratings_from_counts([[2, 0], [1, 1]]).codes
    array([[0, 0],
           [0, 1]])
    """
    found = _whole(counts, "counts").astype(np.intp)
    ratings = found.sum(axis=1)
    if int(ratings.max()) * len(found) > MOST_RATINGS:
        raise BadSample(f"{ratings.max()} ratings of a unit are too many", expected="counts of raters")
    unit = np.repeat(np.arange(len(found)), ratings)
    place = np.arange(unit.size) - np.repeat(np.cumsum(ratings) - ratings, ratings)
    codes = np.full((int(ratings.max()), len(found)), -1, dtype=np.intp)
    codes[place, unit] = np.repeat(np.tile(np.arange(found.shape[1]), len(found)), found.ravel())
    return Ratings(codes=codes, categories=_named(categories, found.shape[1]), ordered=True, named=False)


def read_ratings(ratings: Any) -> tuple[NDArray[Any], Mask]:
    """Return floats or texts (raters, units), and where they are missing; raise BadSample as `as_ratings`."""
    masked = np.ma.getmaskarray(ratings) if isinstance(ratings, np.ma.MaskedArray) else None
    try:
        # a list goes through objects, because numpy would turn [["a", nan]] into the text "nan"
        array = np.asarray(ratings) if hasattr(ratings, "__array__") else np.array(ratings, dtype=object)
    except ValueError as error:
        raise BadSample("ratings are no rectangle", expected=SHAPE) from error
    if array.ndim != 2:
        raise BadSample(f"ratings have {array.ndim} axes, or rows of different lengths", expected=SHAPE)
    if not array.size:
        raise BadSample("ratings are empty", expected=SHAPE)
    values, missing = _typed(array)
    missing = missing if masked is None else missing | masked
    if missing.all():
        raise BadSample("every rating is missing", expected="one rating at least")
    wrong = ~missing & (np.isinf(values) if values.dtype.kind == "f" else values == "")
    if wrong.any():
        what = "is not finite" if values.dtype.kind == "f" else "is an empty text"
        raise BadSample(f"a rating {what}", where=_at(wrong), expected="a rating, or None where it is missing")
    return values, missing


def _whole(counts: ArrayLike, name: str) -> Floats:
    numbers = as_numbers(counts, name, dimensions=2)
    wrong = (numbers < 0) | (numbers != np.floor(numbers))
    if wrong.any():
        raise BadSample(f"{name} holds {numbers[wrong][0]:g}", where=_at(wrong), expected="whole numbers of at least 0")
    with np.errstate(over="ignore"):
        whole_enough(float(numbers.sum()), f"the counts of {name}")
    if not numbers.any():
        raise BadSample(f"{name} is empty", expected="one rating at least")
    return numbers


def _named(categories: Sequence[Any] | None, q: int) -> NDArray[Any]:
    if categories is None:
        return np.arange(1.0, q + 1)
    listed = _listed(categories, None)
    if listed.size != q:
        raise BadSample(f"{listed.size} categories are named and {q} are counted", expected="a name for each")
    return listed


def _typed(array: NDArray[Any]) -> tuple[NDArray[Any], Mask]:
    if array.dtype.kind in "fiub":
        numbers = array.astype(np.float64, copy=False)
        if array.dtype.kind in "iu" and (np.abs(numbers) > 2**53).any():
            raise BadSample("a rating is too long a whole number", expected="at most 2**53, or texts")
        return numbers, np.isnan(numbers)
    if array.dtype.kind == "U":
        return array, np.zeros(array.shape, dtype=bool)
    flat = array.ravel().tolist() if array.dtype.kind == "O" else [None if x is None else str(x) for x in array.ravel()]
    gaps = [
        x is None
        or type(x).__name__ in ("NAType", "NaTType")
        or (isinstance(x, float) and math.isnan(x))
        or (isinstance(x, Decimal) and x.is_nan())
        for x in flat
    ]
    kinds = {type(x) for x, gap in zip(flat, gaps, strict=True) if not gap}
    missing = np.array(gaps).reshape(array.shape)
    if all(issubclass(kind, str) for kind in kinds):
        return np.array(["" if gap else x for x, gap in zip(flat, gaps, strict=True)]).reshape(array.shape), missing
    if not all(issubclass(kind, int | float | Decimal | Fraction | np.number | np.bool_) for kind in kinds):
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise BadSample(f"ratings hold {names}", expected="all numbers or all texts, and None where one is missing")
    return np.array([np.nan if gap else float(x) for x, gap in zip(flat, gaps, strict=True)]).reshape(
        array.shape
    ), missing


def _coded_integers(values: NDArray[Any], missing: Mask) -> tuple[Codes, NDArray[Any]] | None:
    """Code small whole numbers by counting, several times faster than by sorting; None where they are not."""
    if values.dtype.kind != "f":
        return None
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if high - low > max(values.size, 1024):
        return None
    present = np.where(missing, low, values)
    if (present != np.floor(present)).any():
        return None
    codes: Codes = (present - low).astype(np.intp)
    codes[missing] = int(high - low) + 1
    given = np.bincount(codes.ravel(), minlength=int(high - low) + 2)[:-1] > 0
    places = np.append(np.cumsum(given) - 1, -1)
    return places[codes], np.flatnonzero(given) + low


def _coded(values: NDArray[Any], missing: Mask) -> tuple[Codes, NDArray[Any]]:
    found, places = np.unique(values[~missing], return_inverse=True)
    codes: Codes = np.full(values.shape, -1, dtype=np.intp)
    codes[~missing] = places
    return codes, found


def _listed(categories: Sequence[Any], kind: str | None) -> NDArray[Any]:
    listed, missing = _typed(np.array(list(categories), dtype=object))
    if missing.any() or not listed.size or np.unique(listed).size != listed.size:
        raise BadSample("categories are missing or named twice", expected="each category once, lowest first")
    if kind is not None and listed.dtype.kind != kind:
        raise BadSample("categories and ratings are of different kinds", expected="all numbers or all texts")
    return listed


def _looked_up(values: NDArray[Any], missing: Mask, listed: NDArray[Any]) -> Codes:
    order = np.argsort(listed, kind="stable")
    places = np.searchsorted(listed[order], np.where(missing, listed[0], values))
    codes: Codes = order[np.minimum(places, listed.size - 1)]
    wrong = ~missing & (listed[codes] != values)
    if wrong.any():
        rating = values[wrong].ravel()[0]
        raise BadSample(f"the rating {rating} is no category", where=_at(wrong), expected="one of the categories")
    return np.where(missing, -1, codes)


def _recoded(ratings: Ratings, categories: Sequence[Any]) -> Ratings:
    listed = _listed(categories, ratings.categories.dtype.kind)
    missing = ratings.codes < 0
    return Ratings(
        codes=_looked_up(ratings.categories[ratings.codes], missing, listed),
        categories=listed,
        ordered=True,
        times=ratings.times,
        named=ratings.named,
    )


def _at(wrong: Mask) -> str:
    row, column = (int(i) for i in np.argwhere(wrong)[0])
    return f"row {row}, column {column}"
