"""Worlds whose truth is known: each draws one sample from a generator, and says what the estimate should be."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

__all__ = [
    "AT_THRESHOLD",
    "Sample",
    "World",
    "binormal",
    "clustered_binormal",
    "clustered_values",
    "paired_outcomes",
    "probabilities",
    "rated_items",
    "skewed",
    "two_groups",
]

Sample = tuple[Any, ...]

LARGE = 2_000_000
"""Rows of the sample that gives a truth for which no formula is at hand."""

AT_THRESHOLD = 0.5


@dataclass(frozen=True, kw_only=True)
class World:
    """How a sample is drawn, and the truth; `where` says it in the words of the table."""

    where: str
    draw: Callable[[np.random.Generator], Sample]
    truth: float


def skewed(n: int) -> Callable[[np.random.Generator], Sample]:
    """Return exponential values of mean 1: their median is log 2."""
    return lambda rng: (rng.exponential(1.0, n),)


def two_groups(n: int, difference: float = 0.0) -> Callable[[np.random.Generator], Sample]:
    """Return gamma values of mean 1 + `difference` and of mean 1, of different spread, and a covariate of each."""

    def draw(rng: np.random.Generator) -> Sample:
        before = rng.gamma(4.0, 0.25, 2 * n)
        treated = np.repeat([1, 0], n)
        after = 0.6 * before + 0.4 * rng.gamma(2.0, 0.5, 2 * n) + difference * treated
        return after, before, treated

    return draw


def paired_outcomes(n: int, first: float, second: float, alike: float) -> Callable[[np.random.Generator], Sample]:
    """Return 0/1 outcomes of two systems on n items; a share `alike` of the items decides for both."""

    def draw(rng: np.random.Generator) -> Sample:
        common, own = rng.random(n), rng.random((2, n))
        shared = rng.random(n) < alike
        return np.where(shared, common, own[0]) < first, np.where(shared, common, own[1]) < second

    return draw


def clustered_values(clusters: int, *, skew: bool, mean: float = 0.0) -> Callable[[np.random.Generator], Sample]:
    """Return values in clusters of 5 to 35 rows that share an effect: normal, or heavy to the right."""

    def draw(rng: np.random.Generator) -> Sample:
        sizes = rng.integers(5, 36, clusters)
        effect = (rng.lognormal(0.0, 1.0, clusters) - np.exp(0.5)) if skew else rng.normal(0, 1.0, clusters)
        cluster = np.repeat(np.arange(clusters), sizes)
        return mean + effect[cluster] + rng.normal(0, 1.0, cluster.size), cluster

    return draw


@dataclass(frozen=True, kw_only=True)
class Binormal:
    """Scores of two classes, normal on the logit scale, `apart` standard deviations from each other."""

    n: int
    prevalence: float
    apart: float

    def draw(self, rng: np.random.Generator) -> Sample:
        """Return labels and scores in (0, 1); the threshold of .5 lies midway between the classes."""
        label = (rng.random(self.n) < self.prevalence).astype(np.int8)
        return label, special.expit(self.apart * (label - 0.5) + rng.normal(0, 1, self.n))

    @property
    def auc(self) -> float:
        return float(special.ndtr(self.apart / np.sqrt(2)))

    @property
    def recall(self) -> float:
        """The share of positives above .5, which is also the share of negatives below it."""
        return float(special.ndtr(self.apart / 2))

    def at_threshold(self, metric: str) -> float:
        """Return the truth of a metric of the confusion table at .5."""
        right, p = self.recall, self.prevalence
        hits, alarms = right * p, (1 - right) * (1 - p)
        called = hits + alarms
        return float(
            {
                "accuracy": right,
                "balanced_accuracy": right,
                "recall": right,
                "precision": hits / called,
                "f1": 2 * hits / (called + p),
                "mcc": (hits - called * p) / np.sqrt(called * (1 - called) * p * (1 - p)),
            }[metric]
        )

    def of_many(self, metric: Callable[[Any, Any], float]) -> float:
        """Return the metric of a sample so large that its error is no matter."""
        return metric(*Binormal(n=LARGE, prevalence=self.prevalence, apart=self.apart).draw(np.random.default_rng(1)))


def binormal(n: int, prevalence: float, auc: float) -> Binormal:
    """Return a binormal world of this AUC."""
    return Binormal(n=n, prevalence=prevalence, apart=float(np.sqrt(2) * special.ndtri(auc)))


def clustered_binormal(clusters: int, rows: int, prevalence: float, apart: float, share: float) -> World:
    """Return scores whose noise is in part, `share` of the variance, that of the cluster; AUC is asked for."""

    def draw(rng: np.random.Generator) -> Sample:
        cluster = np.repeat(np.arange(clusters), rows)
        label = (rng.random(cluster.size) < prevalence).astype(np.int8)
        noise = np.sqrt(share) * rng.normal(0, 1, clusters)[cluster]
        return label, apart * label + noise + np.sqrt(1 - share) * rng.normal(0, 1, cluster.size), cluster

    # pairs within a cluster, one in `clusters`, are free of the cluster's noise
    across, within = special.ndtr(apart / np.sqrt(2)), special.ndtr(apart / np.sqrt(2 * (1 - share)))
    truth = float(across + (within - across) / clusters)
    return World(where=f"{clusters} clusters of {rows}, prevalence {prevalence:g}", draw=draw, truth=truth)


def probabilities(n: int, prevalence: float) -> Callable[[np.random.Generator], Sample]:
    """Return labels that come true exactly as often as their probabilities say."""

    def draw(rng: np.random.Generator) -> Sample:
        p = special.expit(special.logit(prevalence) + rng.normal(0, 1.2, n))
        return (rng.random(n) < p).astype(np.int8), p

    return draw


def rated_items(items: int, raters: int, right: float, *, classes: int = 3) -> Callable[[np.random.Generator], Sample]:
    """Return ratings (raters, items): each rater names an item's class with chance `right`, else any class."""

    def draw(rng: np.random.Generator) -> Sample:
        true = rng.choice(classes, items, p=_uneven(classes))
        guess = rng.choice(classes, (raters, items), p=_uneven(classes))
        return (np.where(rng.random((raters, items)) < right, true, guess).astype(np.float64),)

    return draw


@functools.cache
def _uneven(classes: int) -> tuple[float, ...]:
    weights = np.arange(classes, 0, -1, dtype=np.float64)
    return tuple(weights / weights.sum())
