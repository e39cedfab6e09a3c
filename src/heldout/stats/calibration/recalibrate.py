"""Maps from scores to probabilities, learned from rows whose labels are known: isotonic, and Platt's sigmoid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.stats.calibration.newton import fit_line
from heldout.stats.labelled import labelled
from heldout.stats.magnitude import same_scale, scalable
from heldout.stats.sample import BadSample, Floats, Undefined, as_numbers

__all__ = ["IsotonicFit", "PlattFit", "isotonic_fit", "platt_fit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IsotonicFit:
    """A monotone step fit: `y` (k,) at the distinct `x` (k,), rising in x; `fitted` (n,) at the rows that taught it."""

    x: Floats
    y: Floats
    fitted: Floats

    def predict(self, x: ArrayLike) -> Floats:
        """Return the fit at `x` (m,), linear between the distinct x, constant beyond them (as scikit-learn's)."""
        return np.interp(as_numbers(x, "x"), self.x, self.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlattFit:
    """P = 1 / (1 + exp(-(intercept + slope × score))); in Platt's letters A = -slope, B = -intercept."""

    intercept: float
    slope: float

    def predict(self, score: ArrayLike) -> Floats:
        """Return the probability (m,) of scores (m,)."""
        chance: Floats = special.expit(self.intercept + self.slope * as_numbers(score, "score"))
        return chance


def isotonic_fit(
    x: ArrayLike, y: ArrayLike, *, weight: ArrayLike | None = None, increasing: bool = True
) -> IsotonicFit:
    """Return the least-squares monotone fit of y (n,) on x (n,) by pooling adjacent violators (Ayer et al. 1955).

    Rows of equal x share one value, the weighted mean of their y, as in R's `isoreg` and scikit-learn. `weight` (n,)
    is above 0; y may be any numbers. Raises BadSample for bad arrays.

    >>> isotonic_fit([1, 2, 3, 4], [0, 1, 0, 1]).fitted
    array([0. , 0.5, 0.5, 1. ])
    """
    places, values = as_numbers(x, "x"), scalable(as_numbers(y, "y"), "y")
    weights = np.ones(values.size) if weight is None else as_numbers(weight, "weight")
    if not places.size:
        raise BadSample("x is empty", expected="one row at least")
    if not places.size == values.size == weights.size:
        sizes = f"{places.size} x, {values.size} y and {weights.size} weights"
        raise BadSample(sizes, expected="as many of each")
    if (weights <= 0).any():
        raise BadSample("a weight is not above 0", where=f"row {int(np.argmax(weights <= 0))}", expected="above 0")
    weights = same_scale(weights)
    from scipy.optimize import isotonic_regression  # slow to load

    distinct, codes = np.unique(places, return_inverse=True)
    total = np.bincount(codes, weights=weights)
    mean = np.bincount(codes, weights=weights * values) / total
    fit = np.asarray(isotonic_regression(mean, weights=total, increasing=increasing).x, dtype=np.float64)
    return IsotonicFit(x=distinct, y=fit, fitted=fit[codes])


def platt_fit(label: ArrayLike, score: ArrayLike, *, smoothed: bool = True) -> PlattFit:
    """Return Platt's sigmoid of score (n,), any finite numbers, for label (n,) (Platt 1999; Lin, Lin & Weng 2007).

    `smoothed` moves the labels to (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2), as Platt and scikit-learn do, so that a fit
    exists on separated classes too. Raises BadSample for bad arrays, and Undefined with one class, a constant score,
    or, unless smoothed, scores that separate the classes.

    >>> fit = platt_fit([0, 0, 1, 1], [-1.0, -0.5, 0.3, 2.0])
    >>> round(fit.slope, 3), round(fit.intercept, 3)
    (0.838, -0.125)
    """
    labels, scores = labelled(label, score, probability=False)
    positives = float(labels.sum())
    negatives = labels.size - positives
    if positives == 0 or negatives == 0:
        raise Undefined(f"all {labels.size} rows are of one class")
    target = np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2)) if smoothed else labels
    fit = fit_line(scores, target)
    return PlattFit(intercept=float(fit.coefficients[0]), slope=float(fit.coefficients[1]))
