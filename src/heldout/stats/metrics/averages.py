"""One number of a metric that every class has: its macro, weighted or micro average, and how each row moves it."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from heldout.stats.metrics.cells import Ratio, unseen
from heldout.stats.sample import BadSample, Floats, Undefined

__all__ = ["Average", "Missing", "averaged", "check_choice", "shares"]

Average = Literal["macro", "weighted", "micro"]
"""Macro: every class counts alike. Weighted: as its rows do. Micro: the cells of all classes are one table."""

Missing = Literal["undefined", "skip", "zero"]
"""What becomes of an average when a class has no value (no row of it, none called so): it is undefined, which is the
default; or the class is left out; or it counts as 0, which is scikit-learn's `zero_division=0`."""


def averaged(
    ratio: Ratio, cells: Floats, names: Sequence[str], average: Average, missing: Missing
) -> tuple[float, Floats, float]:
    """Return the average of a ratio over classes with cells (k, 4), its gradient (k, 4), and its unseen variance.

    A row moves the average by the sum, over classes, of the gradient at its cell of that class. Raises Undefined, and
    BadSample for an average or a treatment of missing classes that there is none of.

    >>> from heldout.stats.metrics.cells import RATIOS
    >>> cells = np.array([[5.0, 1.0, 1.0, 3.0], [6.0, 1.0, 1.0, 2.0]])
    >>> averaged(RATIOS["recall"], cells, ["a", "b"], "macro", "undefined")[0]
    0.7083333333333333
    """
    check_choice(average, Average, "average")
    check_choice(missing, Missing, "missing")
    if average == "micro":
        (value,), (gradient,) = ratio.of(cells.sum(axis=0)[np.newaxis])
        if np.isnan(value):
            raise Undefined(ratio.missing.format(it="of any class"))
        return float(value), np.broadcast_to(gradient, cells.shape), 0.0
    support = cells[:, 2] + cells[:, 3] if average == "weighted" else np.ones(len(cells))
    values, gradients = ratio.of(cells)
    absent = np.isnan(values)
    share = shares(absent, support, [ratio.missing.format(it=f"of class {name}") for name in names], missing)
    values, gradients = np.where(absent, 0.0, values), np.where(absent[:, np.newaxis], 0.0, gradients)
    value = float(share @ values)
    by_cell = gradients * share[:, np.newaxis]
    if average == "weighted":
        by_cell[:, 2:] += (((values - value) / (support @ (share > 0))) * (share > 0))[:, np.newaxis]
    alike = float(share**2 @ np.where(absent, 0.0, unseen(ratio, cells)))
    return value, by_cell, alike if by_cell.any() else 0.0


def shares(absent: np.typing.NDArray[np.bool_], support: Floats, reasons: Sequence[str], missing: Missing) -> Floats:
    """Return what each class counts for (k,), summing to 1, or raise Undefined with the reason of one that is absent.

    >>> shares(np.array([False, True]), np.ones(2), ["", "no row is of class b"], "skip")
    array([1., 0.])
    """
    gone = absent & (support > 0)
    if missing == "undefined" and gone.any():
        more = f", and {int(gone.sum()) - 1} more" if gone.sum() > 1 else ""
        raise Undefined(f"{reasons[int(np.argmax(gone))]}{more}")
    counts = np.where(absent, 0.0, support) if missing != "zero" else support
    if not counts.any():
        raise Undefined("no class has a value")
    share: Floats = counts / counts.sum()
    return share


def check_choice(given: str, choices: object, name: str) -> None:
    """Raise BadSample unless `given` is one of the strings of a Literal.

    >>> check_choice("macro", Average, "average")
    """
    if given not in get_args(choices):
        raise BadSample(f"there is no {name} {given!r}", expected=" or ".join(get_args(choices)))
