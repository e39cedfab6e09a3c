"""The Brier score taken apart, and put on a scale."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.calibration.bins import Bins, binned, bins_of, distinct_bins
from heldout.stats.clusters import Clusters
from heldout.stats.labelled import labelled, linear_estimate
from heldout.stats.sample import BadSample

__all__ = ["BrierDecomposition", "brier_decomposition", "scaled_brier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrierDecomposition:
    """Brier score = reliability - resolution + uncertainty + within_bins; `skill` = 1 - brier / uncertainty.

    `reliability` (smaller is better) is miscalibration, `resolution` how far the bins' rates lie apart, `uncertainty`
    the variance of the label; `within_bins` what binning hides, 0 by distinct forecast values (Stephenson, Coelho &
    Jolliffe 2008). `skill` is None where the label is constant. `bins` counts those that hold rows, of `n` rows.
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    skill: float | None
    within_bins: float
    bins: int
    n: int


def brier_decomposition(
    label: ArrayLike,
    score: ArrayLike,
    *,
    bins: int | ArrayLike | None = None,
    strategy: Literal["uniform", "quantile"] = "uniform",
    representative: Literal["mean", "midpoint"] = "mean",
    bias_corrected: bool = False,
) -> BrierDecomposition:
    """Return the Brier score of probabilities (n,) for label (n,) with Murphy's three parts (Murphy 1973, JAM 12:595).

    Without `bins` rows are put together by distinct score, as the decomposition is exact there; with a number, or
    edges from 0 to 1, by bins (`strategy` for a number). A bin then forecasts the mean of its scores, or, as CRAN's
    `verification`, its midpoint: then `brier` is that of the midpoints. `bias_corrected` takes out what small bins
    add to reliability and resolution (Ferro & Fricker 2012, QJRMS 138:1954); it needs two rows and leaves bins of one
    row as they are. Raises BadSample for scores outside [0, 1], bad arrays, bins or options.

    >>> parts = brier_decomposition([0, 0, 1, 1], [0.2, 0.2, 0.2, 0.9])
    >>> round(parts.brier, 4), round(parts.reliability, 4), round(parts.resolution, 4), parts.uncertainty
    (0.1825, 0.0158, 0.0833, 0.25)
    """
    labels, scores = labelled(label, score, probability=True)
    if representative not in ("mean", "midpoint"):
        raise BadSample(f"there is no representative {representative!r}", expected="mean or midpoint")
    if strategy not in ("uniform", "quantile"):
        raise BadSample(f"there is no strategy {strategy!r}", expected="uniform or quantile")
    if strategy == "quantile" and (bins is None or np.ndim(bins)):
        raise BadSample("the strategy quantile makes a number of bins", expected="bins, a number")
    cut = distinct_bins(scores) if bins is None else bins_of(scores, bins, strategy)
    if representative == "midpoint":
        if bins is None:
            raise BadSample("a distinct score has no midpoint", expected="bins, or the representative mean")
        scores = cut.middle[cut.codes]
    return _parts(labels, scores, cut, bias_corrected=bias_corrected)


def _parts(labels: np.ndarray, scores: np.ndarray, cut: Bins, *, bias_corrected: bool) -> BrierDecomposition:
    n, rate = labels.size, float(labels.mean())
    rows = binned(labels, scores, cut)
    observed, forecast = rows.positives / rows.rows, rows.score_sum / rows.rows
    brier = float(np.mean((scores - labels) ** 2))
    reliability = float(rows.rows @ (forecast - observed) ** 2 / n)
    resolution = float(rows.rows @ (observed - rate) ** 2 / n)
    uncertainty = rate * (1 - rate)
    if bias_corrected:
        if n < 2:
            raise BadSample("a correction for bias takes two rows", expected="two rows at least")
        noise = float((rows.rows * observed * (1 - observed) / np.maximum(rows.rows - 1, 1)).sum() / n)
        of_rate = uncertainty / (n - 1)
        reliability, resolution = reliability - noise, resolution - noise + of_rate
        uncertainty += of_rate
    return BrierDecomposition(
        brier=brier,
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        skill=1 - brier / uncertainty if uncertainty else None,
        within_bins=brier - (reliability - resolution + uncertainty),
        bins=rows.rows.size,
        n=n,
    )


def scaled_brier(label: ArrayLike, score: ArrayLike, cluster: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Return 1 - Brier / (rate × (1 - rate)), the share of the label's variance explained, with a delta interval.

    Also called Brier skill score against the base rate, or index of prediction accuracy (Steyerberg et al. 2010,
    Epidemiology 21:128). 0 is as good as the base rate, 1 perfect, below 0 worse. Rows in `cluster` (n,) count as one
    unit. Undefined where the label is constant. Raises BadSample for bad arrays.

    >>> round(scaled_brier([0, 0, 1, 1], [0.2, 0.2, 0.2, 0.9]).value, 4)
    0.27
    """
    labels, scores = labelled(label, score, probability=True)
    clusters = Clusters.of(cluster, labels.size)
    n, rate = labels.size, float(labels.mean())
    uncertainty = rate * (1 - rate)
    if uncertainty == 0:
        return undefined("all rows are of one class", n=n, method="scaled Brier score", level=level)
    loss = (scores - labels) ** 2
    ratio = float(loss.mean()) / uncertainty
    influence = -((loss - loss.mean()) - ratio * (1 - 2 * rate) * (labels - rate)) / (uncertainty * n)
    return linear_estimate(1 - ratio, influence, clusters, level=level)
