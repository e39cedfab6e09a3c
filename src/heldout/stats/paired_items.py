"""Two systems' scores on the same items: the paired difference, whatever the scores are and however items cluster."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Uncertainty, largest_share, variance_of_sum
from heldout.stats.paired_proportions import PairedCounts, mcnemar, paired_counts, tango
from heldout.stats.permutation import sign_flip_test
from heldout.stats.proportions import wilson
from heldout.stats.resampling.studentised import studentised_interval
from heldout.stats.sample import BadSample, Floats, as_numbers
from heldout.stats.sample_size import minimum_detectable_effect
from heldout.stats.t_interval import Alternative, t_estimate, t_p_value

__all__ = ["BOOTSTRAP_BELOW", "FEWEST_THAT_DIFFER", "SIGN_FLIPS_UP_TO", "PairedItems", "compare_items", "items_mean"]

BOOTSTRAP_BELOW = 100
"""Below this many clusters the interval is the studentised cluster bootstrap's."""

SIGN_FLIPS_UP_TO = 10_000
"""Up to this many independent units the p-value is the sign-flip permutation's; above, t is as good and free."""

FEWEST_THAT_DIFFER = 10
"""Fewer items or clusters that differ show too little of how they vary for t or a bootstrap."""

NO_SPREAD = 1e-10
WORLDS = 4999
POWER = 0.8

Runs = Sequence[tuple[float, int]]
"""(variance, degrees of freedom) that the choice of runs adds to a side's mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedItems:
    """Candidate minus reference (turned where lower is better), with what its interval rests on.

    `inner` is the interval at 2 × level - 1, that of two one-sided tests. `p_value` is None where `test` says why.
    `one_sided_p_value` is of the difference being above the threshold asked about; None without one, and where the
    interval is that test's inversion (Tango's) or nothing can be tested.
    """

    difference: Estimate
    inner: Estimate
    unpaired: Estimate
    standard_error: float | None
    degrees_of_freedom: float | None
    p_value: float | None
    one_sided_p_value: float | None
    test: str
    clusters: int
    design_effect: float | None
    largest_clusters_share: float | None
    correlation: float | None
    detectable: float | None


def compare_items(
    reference: ArrayLike,
    candidate: ArrayLike,
    cluster: ArrayLike | None = None,
    *,
    higher_is_better: bool = True,
    level: float = 0.95,
    runs: Runs = (),
    threshold: float | None = None,
    pairs: int = 1,
    seed: int = 0,
) -> PairedItems:
    """Return the difference of the means of two scores (n,) of the same items, above 0 where the candidate is better.

    Scores of 0 and 1 on independent items: Tango's interval and McNemar's mid-p. Otherwise t over items or clusters
    (n,); below 100 clusters the studentised cluster bootstrap. The p-value is the sign-flip permutation's up to 10,000
    independent units, then t's. An interval alone claims too much where differences are rare or clusters unlike each
    other: claim a difference where the p-value agrees. `threshold` is a difference to be held against, one-sided.
    `runs` adds the variance of runs, `pairs` are those that the test is corrected for, which the detectable difference
    then is too (by Bonferroni, where Holm begins). t and bootstrap are undefined where fewer than 10 items or clusters
    differ, and where all differ by the same amount. Raises BadSample for bad arrays.

    >>> rng = np.random.default_rng(0)
    >>> easy = rng.normal(0, 1, 400)
    >>> pair = compare_items(easy, easy + rng.normal(0.1, 0.5, 400))
    >>> f"{pair.difference.value:.2f} [{pair.difference.low:.2f}, {pair.difference.high:.2f}] p = {pair.p_value:.4f}"
    '0.09 [0.04, 0.14] p = 0.0002'
    """
    one, two = as_numbers(reference, "reference"), as_numbers(candidate, "candidate")
    if one.size != two.size:
        raise BadSample(f"{one.size} and {two.size} scores", expected="two scores of each item")
    if not one.size:
        raise BadSample("there are no items", expected="one item at least")
    clusters = Clusters.of(cluster, one.size)
    gain = two - one if higher_is_better else one - two
    spread = None if clusters.why_no_variance() else Uncertainty.of(_parts(gain, clusters), runs)
    sample = _Sample(
        one=one,
        two=two,
        gain=gain,
        clusters=clusters,
        spread=spread,
        is_counted=clusters.codes is None and not runs and _is_binary(one) and _is_binary(two),
        has_runs=bool(runs),
        seed=seed,
    )
    interval = _interval(sample)
    difference = interval(level)
    p_value, test = _p_value(sample)
    parts = _parts(gain, clusters)
    moved = spread is not None and not sample.is_constant
    most = 1.0 if _is_binary(one) and _is_binary(two) else math.inf
    return PairedItems(
        difference=difference,
        inner=interval(2 * level - 1),
        unpaired=_unpaired(one, two, clusters, difference, runs),
        standard_error=spread.standard_error if spread else None,
        degrees_of_freedom=spread.degrees_of_freedom if spread else None,
        p_value=p_value,
        one_sided_p_value=None if threshold is None else _one_sided(sample, threshold, p_value),
        test=test,
        clusters=clusters.count,
        design_effect=_design_effect(parts, gain) if moved and clusters.codes is not None else None,
        largest_clusters_share=largest_share(parts) if moved and clusters.codes is not None else None,
        correlation=_correlation(one, two),
        detectable=_detectable(spread, (1 - level) / pairs, most=most)
        if spread and moved and difference.is_defined
        else None,
    )


def items_mean(scores: ArrayLike, cluster: ArrayLike | None = None, level: float = 0.95, runs: Runs = ()) -> Estimate:
    """Return the mean of scores (n,) with its interval: Wilson's for 0/1 scores of independent items, else t.

    Of scores between 0 and 1 the t interval is on the logit scale, so that it stays there. Raises BadSample for bad
    arrays.

    >>> items_mean([1, 1, 0, 1]).method
    'Wilson'
    """
    values = as_numbers(scores, "score")
    clusters = Clusters.of(cluster, values.size)
    if clusters.codes is None and not runs and _is_binary(values):
        return wilson(int(values.sum()), values.size, level)
    mean = float(values.mean())
    if reason := clusters.why_no_variance():
        return undefined(reason, n=values.size, method="t", value=mean, level=level)
    spread = Uncertainty.of(_parts(values, clusters), runs)
    method = f"t over {clusters.count:,} {_unit(clusters)}"
    scale, n, degrees = float(np.abs(values).max()), values.size, spread.degrees_of_freedom
    plain = t_estimate(mean, spread.standard_error, degrees, n=n, method=method, level=level, scale=scale)
    if not plain.is_defined or not 0 < mean < 1 or values.min() < 0 or values.max() > 1:
        return plain
    half = spread.t_quantile(level) * spread.standard_error / (mean * (1 - mean))
    low, high = (float(special.expit(special.logit(mean) + side * half)) for side in (-1, 1))
    return replace(plain, low=low, high=high, method=f"{method}, logit scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """Both scores (n,) of the items, what the candidate gains, and how much that varies.

    `is_counted` says that the items are independent and right or wrong, so that four counts hold everything.
    """

    one: Floats
    two: Floats
    gain: Floats
    clusters: Clusters
    spread: Uncertainty | None
    is_counted: bool
    has_runs: bool
    seed: int

    @property
    def counts(self) -> PairedCounts:
        """Items by outcome, those that only the better direction has first."""
        is_turned = float((self.two - self.one) @ self.gain) < 0
        return paired_counts(self.one, self.two) if is_turned else paired_counts(self.two, self.one)

    @property
    def is_constant(self) -> bool:
        """Whether every item differs by the same amount, 0 included, and nothing else adds variance."""
        largest = float(np.abs(self.gain).max(initial=0.0))
        return self.spread is None or self.spread.standard_error <= NO_SPREAD * largest

    def why_no_interval(self) -> str | None:
        """Say why these differences show too little of how they vary, or None where they show enough."""
        clusters, largest = self.clusters, float(np.abs(self.gain).max(initial=0.0))
        size = np.maximum(np.abs(self.one), np.abs(self.two)).max(initial=0.0)
        rounding = 1e-12 * max(largest, float(size))
        different = int(np.count_nonzero(np.abs(clusters.sums(self.gain)) > rounding))
        unit = _unit(clusters)
        if not different:
            return f"none of {clusters.count:,} {unit} differs, so they do not tell how far others may"
        if self.is_constant:
            return "every item differs by the same amount, so nothing tells how far others may differ"
        if different >= FEWEST_THAT_DIFFER:
            return None
        verb = "differs" if different == 1 else "differ"
        return (
            f"only {different} of {clusters.count:,} {unit} {verb}: "
            f"an interval takes {FEWEST_THAT_DIFFER} that do, for fewer do not tell how they vary"
        )


def _is_binary(values: Floats) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def _unit(clusters: Clusters) -> str:
    return "items" if clusters.codes is None else "clusters"


def _parts(values: Floats, clusters: Clusters) -> Floats:
    """Return what each cluster adds to the error of the mean, as `Clusters.sums` of its influence."""
    return clusters.sums((values - values.mean()) / values.size)


def _none(value: float, n: int, clusters: Clusters) -> Callable[[float], Estimate]:
    reason = f"an interval takes two {_unit(clusters)}, and there is {clusters.count}"
    return lambda level: undefined(reason, n=n, method="paired", value=value, level=level)


def _interval(sample: _Sample) -> Callable[[float], Estimate]:
    """Return what makes the interval at a level; it is undefined at every level where it is at one."""
    clusters, gain, spread = sample.clusters, sample.gain, sample.spread
    n, value = gain.size, float(gain.mean())
    if spread is None:
        return _none(value, n, clusters)
    if sample.is_counted:
        counts = sample.counts
        return lambda level: tango(*counts, level=level)
    scale = float(np.abs(gain).max())
    is_redrawn = clusters.codes is not None and clusters.count < BOOTSTRAP_BELOW and not sample.has_runs
    method = f"paired t over {clusters.count:,} {_unit(clusters)}"
    if is_redrawn:
        method = f"studentised bootstrap of {clusters.count} clusters"
    if reason := sample.why_no_interval():
        return lambda level: undefined(reason, n=n, method=method, value=value, level=level)
    if not is_redrawn:
        return lambda level: t_estimate(
            value, spread.standard_error, spread.degrees_of_freedom, n=n, method=method, level=level, scale=scale
        )
    parts, sizes = _parts(gain, clusters), clusters.sums(np.ones(n))

    def redrawn(level: float) -> Estimate:
        found = studentised_interval(parts, value, level, WORLDS, sample.seed, sizes=sizes)
        return replace(found, n=n, method=method)

    return redrawn


def _p_value(sample: _Sample) -> tuple[float | None, str]:
    clusters, gain, spread = sample.clusters, sample.gain, sample.spread
    if spread is None:
        return None, f"no test: there is {clusters.count} of the {_unit(clusters)}"
    if not gain.any():
        return None, "no test: the two score alike on every item"
    if sample.is_counted:
        _, first_only, second_only, _ = sample.counts
        return mcnemar(first_only, second_only).p_value, "McNemar, mid-p"
    if clusters.count <= SIGN_FLIPS_UP_TO and not sample.has_runs:
        test = sign_flip_test(gain, cluster=clusters.codes, seed=sample.seed)
        return test.p_value, f"sign-flip permutation of {clusters.count:,} {_unit(clusters)}"
    if spread.standard_error == 0:
        return None, "no test: every item differs by the same amount"
    p_value = t_p_value(float(gain.mean()) / spread.standard_error, spread.degrees_of_freedom)
    return p_value, f"paired t over {clusters.count:,} {_unit(clusters)}"


def _one_sided(sample: _Sample, threshold: float, p_value: float | None) -> float | None:
    """Return the p-value of "not above the threshold"."""
    spread, value = sample.spread, float(sample.gain.mean())
    if threshold == 0:
        return None if p_value is None else p_value / 2 if value > 0 else 1 - p_value / 2
    if spread is None or sample.is_counted:
        return None
    greater: Alternative = "greater"
    if sample.clusters.count <= SIGN_FLIPS_UP_TO and not sample.has_runs:
        shifted = sample.gain - threshold
        test = sign_flip_test(shifted, cluster=sample.clusters.codes, alternative=greater, seed=sample.seed)
        return test.p_value
    if spread.standard_error == 0:
        return None
    return t_p_value((value - threshold) / spread.standard_error, spread.degrees_of_freedom, greater)


def _unpaired(one: Floats, two: Floats, clusters: Clusters, difference: Estimate, runs: Runs) -> Estimate:
    if clusters.why_no_variance() or difference.value is None:
        return difference
    first, second = _parts(one, clusters), _parts(two, clusters)
    spread = Uncertainty.of(first, [(variance_of_sum(second), second.size - 1), *runs])
    return t_estimate(
        difference.value,
        spread.standard_error,
        spread.degrees_of_freedom,
        n=one.size,
        method="t, as if on items of their own",
        level=difference.level,
    )


def _detectable(spread: Uncertainty, alpha: float, *, most: float) -> float | None:
    """Return the true difference that is found with power .8; None where it is above `most`."""
    degrees = spread.degrees_of_freedom
    size = minimum_detectable_effect(spread.standard_error, degrees, alpha=alpha, power=POWER)
    return size if size <= most else None


def _design_effect(parts: Floats, gain: Floats) -> float:
    return variance_of_sum(parts) / variance_of_sum((gain - gain.mean()) / gain.size)


def _correlation(one: Floats, two: Floats) -> float | None:
    first, second = one - one.mean(), two - two.mean()
    size = math.sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / size if size > 0 else None
