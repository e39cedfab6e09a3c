"""How nearly the value of a column determines the class of the label, from counts; and exact tests of shares."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammaln

__all__ = ["Determination", "chance_of_determining", "determination", "excess_p", "repetition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """Of `rows` rows in `levels` values, `agreed` have the class that is the most frequent one of their value.

    `largest` rows would agree if the most frequent class were guessed for all. `chance` bounds the probability that
    a column with nothing to do with the label determined it on every row. `winners` names the most frequent class of
    each bin, -1 for a bin that was left out.
    """

    rows: int
    agreed: int
    levels: int
    largest: int
    chance: float
    winners: tuple[int, ...]


def determination(counts: NDArray[np.float64]) -> Determination:
    """Count how nearly the bins determine the class. `counts` has shape (bins + 1, classes), the last bin is null.

    Null counts as a value like others where all its rows have one class; otherwise its rows are left out.

    >>> found = determination(np.array([[60, 0], [1, 39], [5, 5]]))
    >>> found.rows, found.agreed, found.levels, found.largest, found.winners
    (100, 99, 2, 61, (0, 1, -1))
    """
    null_is_pure = np.count_nonzero(counts[-1]) == 1
    kept = counts if null_is_pure else np.vstack([counts[:-1], np.zeros_like(counts[-1:])])
    filled = kept.sum(axis=1) > 0
    per_class = kept.sum(axis=0)
    levels = int(filled.sum())
    return Determination(
        rows=int(kept.sum()),
        agreed=int(kept.max(axis=1).sum()),
        levels=levels,
        largest=int(per_class.max()),
        chance=chance_of_determining(per_class, levels),
        winners=tuple(int(w) for w in np.where(filled, kept.argmax(axis=1), -1)),
    )


def repetition(equal: int, rows_of_value: NDArray[np.float64]) -> Determination:
    """Count how nearly a column repeats a numeric label: `equal` rows of those whose values `rows_of_value` counts.

    `rows_of_value` has shape (values,); a bin of several values may stand for one and makes `largest` and `chance`
    larger, never smaller. A column with nothing to do with the label equals it in a row with at most the chance of its
    own most frequent value, and `winners` is empty.

    >>> repetition(99, np.array([60, 40])).largest
    60
    """
    rows, largest = int(rows_of_value.sum()), int(rows_of_value.max(initial=0))
    return Determination(
        rows=rows,
        agreed=equal,
        levels=int(np.count_nonzero(rows_of_value)),
        largest=largest,
        chance=(largest / rows) ** rows if rows else 1.0,
        winners=(),
    )


def chance_of_determining(class_rows: Iterable[float], levels: int) -> float:
    """Bound the chance that a column of `levels` values determines a label that it has nothing to do with.

    `class_rows` are the label's rows per class. Of the ways to deal the classes to the rows, at most one in each
    assignment of classes to levels is determined by the column: the bound is classes^levels · Πn_c! / n!.

    >>> round(chance_of_determining([3, 3], levels=2), 6)  # 4 assignments, 20 ways
    0.2
    >>> chance_of_determining([3, 3], levels=6)  # an id determines everything
    1.0
    """
    rows = np.array([count for count in class_rows if count > 0], dtype=np.float64)
    log_bound = levels * np.log(max(rows.size, 1)) + gammaln(rows + 1).sum() - gammaln(rows.sum() + 1)
    return float(np.exp(min(log_bound, 0.0)))


def excess_p(successes: ArrayLike, n: ArrayLike, share: ArrayLike) -> NDArray[np.float64]:
    """Return the exact one-sided p of "the true share is at most `share`", elementwise; n ≥ 1, 0 < share < 1.

    At most α exactly where the Clopper-Pearson lower bound at one-sided level 1 - α is at least `share`.

    >>> excess_p([10, 9, 0], 10, 0.9).round(3)
    array([0.349, 0.736, 1.   ])
    """
    k, n, share = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), n, share)
    p: NDArray[np.float64] = np.where(k <= 0, 1.0, betainc(np.maximum(k, 1), n - k + 1, share))
    return p
