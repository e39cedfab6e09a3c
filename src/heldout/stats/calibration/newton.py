"""Fits a logistic line by Newton's method, and knows how each row moved it."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from heldout.stats.clusters import Clusters
from heldout.stats.sample import Floats, Undefined

__all__ = ["Fit", "fit_intercept", "fit_line", "log_likelihood"]

STEPS, HALVINGS = 100, 30
ENOUGH = 1e-8
"""Newton's method ends when no coefficient moves by more than this share of its standard error."""


SAMPLE = 20_000
"""Of more rows than twice this, about so many are fitted first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Coefficients (k,) at the maximum of the likelihood, its value there, and the Fisher information (k, k).

    `design` (k, n) and `residual` (n,) are what the rows' influence is made of.
    """

    coefficients: Floats
    information: Floats
    design: Floats
    residual: Floats
    log_likelihood: float

    @property
    def influence(self) -> Floats:
        """Return how far each row has moved each coefficient, shape (k, n)."""
        return np.asarray(np.linalg.solve(self.information, self.design * self.residual), dtype=np.float64)

    def covariance(self, clusters: Clusters) -> Floats:
        """Return the covariance (k, k): of the model for independent rows, else the sandwich with G / (G - 1)."""
        if clusters.codes is None:
            return np.asarray(np.linalg.inv(self.information), dtype=np.float64)
        sums = np.column_stack([clusters.sums(column) for column in self.influence])
        return sums.T @ sums * clusters.count / (clusters.count - 1)


def fit_line(x: Floats, target: Floats) -> Fit:
    """Fit logit P = intercept + slope × x to target (n,) in [0, 1]; raise Undefined where no finite fit exists.

    >>> fit_line(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.0, 1.0])).coefficients.round(4)
    array([-1.3623,  0.9082])
    """
    if x.min() == x.max():
        raise Undefined("the score is the same in every row, so it has no slope")
    zeros, ones = x[target == 0], x[target == 1]
    if zeros.size + ones.size == x.size and (zeros.max() <= ones.min() or ones.max() <= zeros.min()):
        raise Undefined("the scores separate the classes, so the slope has no finite value")
    centre, scale = float(x.mean()), float(x.std())
    fit = _newton(np.stack([np.ones(x.size), (x - centre) / scale]), np.zeros(x.size), target)
    turn = np.array([[1.0, -centre / scale], [0.0, 1 / scale]])  # from the standardised line to that of x
    back = np.linalg.inv(turn)
    return Fit(
        coefficients=turn @ fit.coefficients,
        information=back.T @ fit.information @ back,
        design=back.T @ fit.design,
        residual=fit.residual,
        log_likelihood=fit.log_likelihood,
    )


def fit_intercept(offset: Floats, target: Floats) -> Fit:
    """Fit logit P = intercept + offset to target (n,) in [0, 1].

    >>> fit_intercept(np.zeros(4), np.array([0.0, 1.0, 1.0, 1.0])).coefficients.round(4)
    array([1.0986])
    """
    return _newton(np.ones((1, offset.size)), offset, target)


def _newton(design: Floats, offset: Floats, target: Floats) -> Fit:
    """Maximise the likelihood, halving a step that lowers it."""
    coefficients = _start(design, offset, target)
    fitted = offset + coefficients @ design
    for _ in range(STEPS):
        chance = special.expit(fitted)
        residual = target - chance
        information = (design * (chance * (1 - chance))) @ design.T
        try:
            step = np.linalg.solve(information, design @ residual)
        except np.linalg.LinAlgError as error:
            raise Undefined("the likelihood is flat, so the recalibration has no single fit") from error
        distance = float(step @ information @ step)  # in squared standard errors
        if distance <= ENOUGH**2:
            return Fit(
                coefficients=coefficients,
                information=information,
                design=design,
                residual=residual,
                log_likelihood=log_likelihood(fitted, target),
            )
        if distance > 1:
            step = _halved(step, design=design, fitted=fitted, target=target)
        coefficients, fitted = coefficients + step, fitted + step @ design
    raise Undefined("the likelihood has no maximum at finite coefficients")


def _halved(step: Floats, *, design: Floats, fitted: Floats, target: Floats) -> Floats:
    """Halve a long step until it does not lower the likelihood."""
    before = log_likelihood(fitted, target)
    for _ in range(HALVINGS):
        if log_likelihood(fitted + step @ design, target) >= before:
            break
        step = step / 2
    return step


def _start(design: Floats, offset: Floats, target: Floats) -> Floats:
    """Return where to start: the fit of every so many rows of a long table, as its steps cost next to nothing."""
    stride = target.size // SAMPLE
    if stride > 1:
        try:
            return _newton(design[:, ::stride], offset[::stride], target[::stride]).coefficients
        except Undefined:
            pass
    return np.zeros(len(design))


def log_likelihood(fitted: Floats, target: Floats) -> float:
    """Return the log likelihood of log odds `fitted` (n,) for target (n,) in [0, 1].

    >>> round(log_likelihood(np.array([0.0, 2.0]), np.array([1.0, 0.0])), 4)
    -2.8201
    """
    # log(1 + eˣ), as max(x, 0) + log1p(e⁻ˡˣˡ), takes a third of the time of np.logaddexp
    return float(target @ fitted - np.maximum(fitted, 0).sum() - np.log1p(np.exp(-np.abs(fitted))).sum())
