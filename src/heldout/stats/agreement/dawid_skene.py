"""True classes out of many raters' labels, by how often each rater confuses which classes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heldout.stats.agreement.ratings import read_ratings
from heldout.stats.sample import BadSample, Floats, Undefined, as_array

__all__ = ["DawidSkene", "MajorityVote", "dawid_skene", "majority_vote"]

Codes = NDArray[np.intp]

CELLS = 50_000_000
"""Raters × classes × classes, or items × classes, beyond which nothing is allocated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MajorityVote:
    """Each item's votes: `shares` (items, classes), and the class with most, `labels` (items,).

    `tied` (items,) marks items whose label is only the first of equals; `counts` (items,) holds their ratings.
    """

    items: NDArray[Any]
    classes: NDArray[Any]
    labels: NDArray[Any]
    shares: Floats
    tied: NDArray[np.bool_]
    counts: Codes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DawidSkene:
    """Classes fitted by `dawid_skene`; arrays follow the order of `items`, `raters` and `classes`.

    `prevalence` (classes,), `posterior` (items, classes), its likeliest class `labels` (items,), `confusion` (raters,
    true class, given class) with rows that sum to 1, and `evidence` (raters, true class): how many ratings each row
    rests on; where it is 0 the row is even, and means nothing. `fewest_ratings` is the least number of an item's
    ratings.
    """

    items: NDArray[Any]
    raters: NDArray[Any]
    classes: NDArray[Any]
    prevalence: Floats
    posterior: Floats
    labels: NDArray[Any]
    confusion: Floats
    evidence: Floats
    log_likelihood: float
    iterations: int
    converged: bool
    fewest_ratings: int


def majority_vote(item: ArrayLike, rating: ArrayLike) -> MajorityVote:
    """Return the commonest rating of each item from columns item and rating (n,), numbers or texts, none missing.

    A tie goes to the first of the sorted classes, and is marked in `tied`. Raises BadSample for unequal lengths, no
    row, or a missing value.

    >>> majority_vote([1, 1, 1, 2, 2], ["a", "b", "a", "b", "a"]).labels.tolist()
    ['a', 'a']
    """
    (items, classes), (i, c) = _columns({"item": item, "rating": rating})
    votes = _counted(i, c, len(items), len(classes))
    most = votes.max(axis=1)
    counts = votes.sum(axis=1)
    return MajorityVote(
        items=items,
        classes=classes,
        labels=classes[votes.argmax(axis=1)],
        shares=votes / counts[:, None],
        tied=(votes == most[:, None]).sum(axis=1) > 1,
        counts=counts.astype(np.intp),
    )


def dawid_skene(
    item: ArrayLike,
    rater: ArrayLike,
    rating: ArrayLike,
    *,
    smoothing: float = 0.01,
    tolerance: float = 1e-6,
    max_iterations: int = 1000,
) -> DawidSkene:
    """Return each item's likeliest class and each rater's confusions from columns item, rater and rating (n,).

    Dawid & Skene 1979, Appl. Stat. 28:20, by EM from the shares of votes until no posterior moves by more than
    `tolerance` (`converged` tells). `smoothing` is added to every cell of a rater's confusions, so that a class never
    seen is unlikely and not impossible; 0 gives the maximum likelihood of the paper. A rater may rate an item again.

    Assumes that raters err independently given the class. Below about three ratings an item, or with few items a
    rater and class, confusions are not identified and the posterior is overconfident: use `majority_vote` there (see
    `fewest_ratings` and `evidence`). Raises BadSample for unequal lengths, no row, a missing value, infinity, or
    parameters out of range, and Undefined for one rater.

    >>> item, rater = [1, 1, 1, 2, 2, 2, 3, 3, 3], ["x", "y", "z"] * 3
    >>> fit = dawid_skene(item, rater, [0, 0, 0, 1, 1, 0, 1, 1, 1])
    >>> fit.labels.tolist(), fit.prevalence.round(2).tolist()
    ([0, 1, 1], [0.33, 0.67])
    """
    _check(smoothing, tolerance, max_iterations)
    (items, raters, classes), (i, r, c) = _columns({"item": item, "rater": rater, "rating": rating})
    if len(raters) < 2:
        raise Undefined("there is one rater, and nobody to compare with")
    k = len(classes)
    if len(raters) * k * k > CELLS:
        raise BadSample(f"{len(raters)} raters and {k} classes are too many", expected="classes, not values")
    votes = _counted(i, c, len(items), k)
    model = _Model.of(i, r * k + c, len(items), len(raters), k)
    posterior = votes / votes.sum(axis=1, keepdims=True)
    moved, iterations, likelihood = np.inf, 0, 0.0
    while moved > tolerance and iterations < max_iterations:
        before = posterior
        fitted = model.fitted(before, smoothing)
        posterior, likelihood = model.posterior(fitted)
        moved, iterations = float(np.abs(posterior - before).max()), iterations + 1
    fitted = model.fitted(posterior, smoothing)
    return DawidSkene(
        items=items,
        raters=raters,
        classes=classes,
        prevalence=fitted.prevalence,
        posterior=posterior,
        labels=classes[posterior.argmax(axis=1)],
        confusion=fitted.confusion.transpose(0, 2, 1),
        evidence=fitted.evidence,
        log_likelihood=likelihood,
        iterations=iterations,
        converged=moved <= tolerance,
        fewest_ratings=int(votes.sum(axis=1).min()),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fitted:
    """`prevalence` (k,), `confusion` (raters, given, true), `evidence` (raters, true)."""

    prevalence: Floats
    confusion: Floats
    evidence: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Model:
    """Ratings as a sparse matrix of items × (rater, given class), so that each EM step is one product."""

    given: Any
    turned: Any
    raters: int
    k: int

    @staticmethod
    def of(item: Codes, place: Codes, items: int, raters: int, k: int) -> "_Model":
        from scipy import sparse  # loaded where it is used: it adds to the start of the program

        given = sparse.csr_matrix((np.ones(item.size), (item, place)), shape=(items, raters * k))
        return _Model(given=given, turned=given.T.tocsr(), raters=raters, k=k)

    def fitted(self, posterior: Floats, smoothing: float) -> _Fitted:
        """The M step."""
        counts = (self.turned @ posterior).reshape(self.raters, self.k, self.k)
        smoothed = counts + smoothing
        total = smoothed.sum(axis=1, keepdims=True)
        even = np.full_like(smoothed, 1 / self.k)
        return _Fitted(
            prevalence=posterior.mean(axis=0),
            confusion=np.divide(smoothed, total, out=even, where=total > 0),
            evidence=counts.sum(axis=1),
        )

    def posterior(self, fitted: _Fitted) -> tuple[Floats, float]:
        """The E step, and the log likelihood of the parameters that it used."""
        with np.errstate(divide="ignore"):
            likely = self.given @ np.log(fitted.confusion).reshape(self.raters * self.k, self.k)
            likely += np.log(fitted.prevalence)
        most = likely.max(axis=1, keepdims=True)
        shares = np.exp(likely - most)
        total = shares.sum(axis=1, keepdims=True)
        return shares / total, float((most + np.log(total)).sum())


def _check(smoothing: float, tolerance: float, max_iterations: int) -> None:
    if not 0 <= smoothing < np.inf:
        raise BadSample(f"the smoothing {smoothing} is no count", expected="a number of at least 0")
    if not 0 < tolerance < 1:
        raise BadSample(f"the tolerance {tolerance} is no change of a probability", expected="between 0 and 1")
    if max_iterations < 1:
        raise BadSample(f"{max_iterations} iterations fit nothing", expected="1 or more")


def _counted(item: Codes, rating: Codes, items: int, k: int) -> Floats:
    if items * k > CELLS:
        raise BadSample(f"{items} items and {k} classes are too many", expected="classes, not values")
    return np.bincount(item * k + rating, minlength=items * k).reshape(items, k).astype(np.float64)


def _columns(columns: dict[str, Any]) -> tuple[list[NDArray[Any]], list[Codes]]:
    """Return the distinct values of each column, sorted, and the codes of its rows."""
    sizes = {name: as_array(values, name).shape for name, values in columns.items()}
    if len(set(sizes.values())) > 1 or any(len(shape) != 1 for shape in sizes.values()):
        told = ", ".join(f"{name} {shape}" for name, shape in sizes.items())
        raise BadSample(f"columns have shapes {told}", expected="one value a row in each")
    values, codes = [], []
    for name, column in columns.items():
        coded = _coded(name, column)
        values.append(coded[0])
        codes.append(coded[1])
    return values, codes


def _coded(name: str, column: Any) -> tuple[NDArray[Any], Codes]:
    if not len(column):
        raise BadSample(f"{name} is empty", expected="one row at least")
    array = np.asarray(column) if hasattr(column, "__array__") else np.array(list(column), dtype=object)
    if all(type(value) is int for value in array) if array.dtype.kind == "O" else array.dtype.kind in "iu":
        # whole numbers are often long identifiers, which floats would run together
        return np.unique(np.array(array.tolist()), return_inverse=True)
    try:
        values, missing = read_ratings(array[None, :])
    except BadSample as error:
        where = error.where.replace("row 0, column", "row")
        raise BadSample(f"{name}: {error.what}", where=where, expected=error.expected) from error
    if missing.any():
        raise BadSample(f"{name} is missing", where=f"row {int(np.argmax(missing))}", expected="a value in each row")
    return np.unique(values[0], return_inverse=True)
