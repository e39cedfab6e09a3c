"""What scores say against what happens, bin by bin: reliability curve, calibration errors, Hosmer-Lemeshow."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate
from heldout.stats.calibration.bins import BinRows, Bins, binned, bins_of
from heldout.stats.labelled import labelled
from heldout.stats.proportions import wilson
from heldout.stats.sample import BadSample, Floats, Undefined, checked_level, whole_number

__all__ = [
    "CalibrationError",
    "HosmerLemeshow",
    "ReliabilityBin",
    "expected_calibration_error",
    "hosmer_lemeshow",
    "reliability_curve",
]

ROW_BY_ROW = 20_000
"""Up to this many rows worlds without miscalibration are drawn row by row, beyond by bin."""

NEARLY_NORMAL = 25.0
"""A bin whose positives have this variance or more is drawn from a normal."""

Norm = Literal["l1", "l2", "max"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """One bin: its edges, rows, mean score, and the share of positives with its interval."""

    low_edge: float
    high_edge: float
    rows: int
    mean_score: float
    observed: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationError:
    """A binned calibration error, what it would be on average with calibrated scores, and its rank among such worlds.

    `value` in probability by `norm` over `bins` bins that hold rows. `expected_if_calibrated` is its mean over
    simulated worlds where each row is positive with its own score, `high_if_calibrated` their 95 % point, `p_value`
    the share of worlds that reach `value` (one added to both counts); None where no worlds were drawn.
    """

    value: float
    norm: str
    bins: int
    n: int
    expected_if_calibrated: float | None
    high_if_calibrated: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HosmerLemeshow:
    """The Hosmer-Lemeshow statistic over `groups` groups, its degrees of freedom and p."""

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: int
    n: int


def reliability_curve(
    label: ArrayLike,
    score: ArrayLike,
    *,
    bins: int | ArrayLike = 10,
    strategy: Literal["uniform", "quantile"] = "quantile",
    closed: Literal["left", "right"] | None = None,
    level: float = 0.95,
) -> tuple[ReliabilityBin, ...]:
    """Return the bins of probabilities (n,) that hold rows, each with mean score, count and Wilson interval.

    `strategy` "quantile" makes bins of nearly equal rows, "uniform" of equal width; `bins` may be edges. Intervals hold
    one bin at a time, for independent rows. `closed` is the side whose edge belongs to a bin: by default the right for
    "quantile" (R's `cut`) and the left, [low, high), for "uniform" and given edges (torchmetrics). scikit-learn's
    `calibration_curve` is closed on the right always, (low, high]: a score on an edge of equal bins is a bin lower
    there. Raises BadSample for bad arrays or bins.

    >>> curve = reliability_curve([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9], bins=2)
    >>> [(bin.rows, round(bin.mean_score, 2), bin.observed.value) for bin in curve]
    [(2, 0.15, 0.0), (2, 0.8, 1.0)]
    """
    checked_level(level)
    labels, scores = labelled(label, score, probability=True)
    cut = bins_of(scores, bins, strategy, closed)
    rows = binned(labels, scores, cut)
    return tuple(
        ReliabilityBin(
            low_edge=float(cut.edges[place]),
            high_edge=float(cut.edges[place + 1]),
            rows=int(count),
            mean_score=float(total / count),
            observed=wilson(int(positives), int(count), level),
        )
        for place, count, positives, total in zip(rows.place, rows.rows, rows.positives, rows.score_sum, strict=True)
    )


def expected_calibration_error(
    label: ArrayLike,
    score: ArrayLike,
    *,
    bins: int | ArrayLike = 15,
    norm: Norm = "l1",
    strategy: Literal["uniform", "quantile"] = "uniform",
    closed: Literal["left", "right"] | None = None,
    worlds: int = 200,
    seed: int = 0,
) -> CalibrationError:
    """Return the expected calibration error: how far bins' mean scores lie from their shares of positives.

    Norm "l1" is ECE, the mean gap weighted by rows (Naeini, Cooper & Hauskrecht 2015, AAAI); "l2" RMSCE, its root mean
    square; "max" MCE, the largest gap. A display, not a test of size: it is biased upward, and moves with the bins; so
    `worlds` worlds (0: none) in which the scores are true are drawn with `seed` and told beside it. Rows count as
    independent there. Bins are closed on the left, [low, high), by equal width and given edges (torchmetrics), on the
    right by quantiles; Guo et al. 2017 (ICML) close equal bins on the right, (low, high], as scikit-learn's
    `calibration_curve` does: `closed="right"`. It matters where scores lie on edges. Raises BadSample for bad arrays,
    bins or norms.

    >>> error = expected_calibration_error([0, 0, 1, 1, 1], [0.25, 0.25, 0.55, 0.75, 0.75], bins=2)
    >>> round(error.value, 4)
    0.29
    """
    labels, scores = labelled(label, score, probability=True)
    if norm not in ("l1", "l2", "max"):
        raise BadSample(f"there is no norm {norm!r}", expected="l1, l2 or max")
    worlds, seed = whole_number(worlds, "worlds"), whole_number(seed, "seed")
    cut = bins_of(scores, bins, strategy, closed)
    rows = binned(labels, scores, cut)
    value = float(_size((rows.score_sum - rows.positives)[None], rows.rows, norm)[0])
    drawn = _size(rows.score_sum - _calibrated(rows, cut, scores, worlds, seed), rows.rows, norm) if worlds else None
    return CalibrationError(
        value=value,
        norm=norm,
        bins=rows.rows.size,
        n=labels.size,
        expected_if_calibrated=None if drawn is None else float(drawn.mean()),
        high_if_calibrated=None if drawn is None else float(np.quantile(drawn, 0.95)),
        p_value=None if drawn is None else float((1 + np.count_nonzero(drawn >= value)) / (1 + worlds)),
    )


def hosmer_lemeshow(label: ArrayLike, score: ArrayLike, *, groups: int = 10, external: bool = False) -> HosmerLemeshow:
    """Return the Hosmer-Lemeshow test over quantile groups (Hosmer & Lemeshow 1980, Commun. Stat. A9:1043).

    groups - 2 degrees of freedom, or with `external`, for scores that were not fitted on these rows, groups. Groups
    are R's `cut` at quantiles; equal ones are merged. With many rows it rejects every model: look at the effect too.
    Raises BadSample for bad arrays, Undefined where fewer than three groups are left (one if external), or a group
    expects no positives or no negatives.

    >>> label = [0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1]
    >>> test = hosmer_lemeshow(label, [0.1, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9], groups=4)
    >>> round(test.statistic, 4), test.degrees_of_freedom
    (2.9334, 2)
    """
    labels, scores = labelled(label, score, probability=True)
    cut = bins_of(scores, groups, "quantile")
    rows = binned(labels, scores, cut)
    degrees = rows.rows.size - (0 if external else 2)
    if degrees < 1:
        raise Undefined(f"the scores fall into {rows.rows.size} groups, too few for the test")
    expected, missed = rows.score_sum, rows.rows - rows.score_sum
    if (expected <= 0).any() or (missed <= 0).any():
        raise Undefined("the scores of a group are all 0 or all 1, so nothing else is expected of it")
    gap = (rows.positives - expected) ** 2
    statistic = float((gap / expected + gap / missed).sum())
    return HosmerLemeshow(
        statistic=statistic,
        degrees_of_freedom=degrees,
        p_value=float(special.chdtrc(degrees, statistic)),
        groups=rows.rows.size,
        n=labels.size,
    )


def _size(gaps: Floats, rows: Floats, norm: str) -> Floats:
    """Return the norm of gap sums (worlds, bins), each over its bin's rows."""
    n = float(rows.sum())
    if norm == "max":
        largest: Floats = np.abs(gaps / rows).max(axis=1)
        return largest
    if norm == "l2":
        root: Floats = np.sqrt((gaps**2 / rows).sum(axis=1) / n)
        return root
    total: Floats = np.abs(gaps).sum(axis=1) / n
    return total


def _calibrated(rows: BinRows, cut: Bins, scores: Floats, worlds: int, seed: int) -> Floats:
    """Draw the positives (worlds, bins) where each row is positive with its score."""
    rng = np.random.default_rng(seed)
    if scores.size <= ROW_BY_ROW:
        order = np.argsort(cut.codes, kind="stable")
        ordered = scores[order]
        starts = np.concatenate([[0], np.cumsum(rows.rows)[:-1]]).astype(np.intp)
        step = max(1, 2_000_000 // scores.size)
        parts = [
            np.add.reduceat(rng.random((min(step, worlds - first), scores.size)) < ordered, starts, axis=1, dtype=float)
            for first in range(0, worlds, step)
        ]
        return np.vstack(parts)
    share = np.clip(rows.score_sum / rows.rows, 0.0, 1.0)
    few = rng.binomial(rows.rows.astype(np.int64), share, (worlds, rows.rows.size))
    many = rng.normal(rows.score_sum, np.sqrt(rows.variance), (worlds, rows.rows.size))
    return np.where(rows.variance >= NEARLY_NORMAL, many, few)
