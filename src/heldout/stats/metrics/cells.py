"""Ratios of the four cells of a class against the rest: precision, recall, F, ..., and how each cell moves them.

Cells are counts (..., 4) in the order true negatives, false positives, false negatives, true positives, so that
2 · (the row is of the class) + (the row is called so) is the place of a row's cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from heldout.stats.magnitude import moderate
from heldout.stats.sample import BadSample, Floats

__all__ = ["RATIOS", "Ratio", "f_ratio", "ratio_named", "unseen"]

Four = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A metric numerator · cells / denominator · cells; `missing` says what there is none of when that divides by 0."""

    numerator: Four
    denominator: Four
    missing: str

    def of(self, cells: Floats) -> tuple[Floats, Floats]:
        """Return the values (k,) of cells (k, 4), NaN where they do not exist, and their gradients (k, 4).

        >>> RATIOS["recall"].of(np.array([[5.0, 1.0, 1.0, 3.0]]))
        (array([0.75]), array([[ 0.    ,  0.    , -0.1875,  0.0625]]))
        """
        above, below = np.array(self.numerator), np.array(self.denominator)
        total = cells @ below
        exists = total > 0
        safe = np.where(exists, total, 1.0)
        value = (cells @ above) / safe
        gradient = (above - value[:, np.newaxis] * below) / safe[:, np.newaxis]
        return np.where(exists, value, np.nan), gradient


RATIOS: Mapping[str, Ratio] = MappingProxyType(
    {
        "precision": Ratio(numerator=(0, 0, 0, 1), denominator=(0, 1, 0, 1), missing="no row is called {it}"),
        "recall": Ratio(numerator=(0, 0, 0, 1), denominator=(0, 0, 1, 1), missing="no row is {it}"),
        "specificity": Ratio(numerator=(1, 0, 0, 0), denominator=(1, 1, 0, 0), missing="every row is {it}"),
        "negative_predictive_value": Ratio(
            numerator=(1, 0, 0, 0), denominator=(1, 0, 1, 0), missing="every row is called {it}"
        ),
        "jaccard": Ratio(numerator=(0, 0, 0, 1), denominator=(0, 1, 1, 1), missing="no row is or is called {it}"),
        "accuracy": Ratio(numerator=(1, 0, 0, 1), denominator=(1, 1, 1, 1), missing="there are no rows"),
    }
)


def unseen(ratio: Ratio, cells: Floats) -> Floats:
    """Return the variance (k,) that a ratio of exactly 0 or 1 has and does not show; 0 for the others.

    In a mean over classes, a class whose rows all fare alike would add no variance, and the mean's interval would be
    far too narrow. It is given that of n rows with one more of either kind (Agresti & Coull 1998, Am. Stat. 52:119).
    `cells` (k, 4) count rows, not weights.

    >>> unseen(RATIOS["recall"], np.array([[5.0, 1.0, 0.0, 8.0], [5.0, 1.0, 1.0, 7.0]]))
    array([0.01125, 0.     ])
    """
    values, _ = ratio.of(cells)
    n = cells @ (np.array(ratio.denominator) > 0)
    flat = (values == 0) | (values == 1)
    return np.where(flat, (n + 1) / ((n + 2) ** 2 * np.where(flat, n, 1.0)), 0.0)


def f_ratio(beta: float) -> Ratio:
    """Return F-beta: precision and recall as one, recall weighing `beta` times as much (van Rijsbergen 1979).

    (1 + β²) TP / ((1 + β²) TP + β² FN + FP): 0 without a hit, and missing only where no row is or is called positive.
    Raises BadSample unless beta is a number above 0.

    >>> f_ratio(1).of(np.array([[5.0, 1.0, 1.0, 3.0]]))[0]
    array([0.75])
    """
    if not 0 < beta < np.inf:
        raise BadSample(f"{beta} is no beta of an F score", expected="a number above 0")
    square = moderate(float(beta), "beta") ** 2
    return Ratio(
        numerator=(0, 0, 0, 1 + square),
        denominator=(0, 1, square, 1 + square),
        missing="no row is or is called {it}",
    )


def ratio_named(name: str) -> Ratio:
    """Return the ratio called `name`, "f1" and "f_beta:2" among them. Raises BadSample naming those that exist.

    >>> ratio_named("f_beta:2") == f_ratio(2)
    True
    """
    kind, _, beta = name.partition(":")
    if name == "f1":
        return f_ratio(1)
    if kind == "f_beta":
        try:
            return f_ratio(float(beta))
        except ValueError as error:
            raise BadSample(f"{name!r} names no beta", expected="f_beta:2, for one") from error
    if name not in RATIOS:
        raise BadSample(f"there is no metric {name!r} of classes", expected=", ".join((*RATIOS, "f1", "f_beta:2")))
    return RATIOS[name]
