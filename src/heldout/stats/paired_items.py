"""Two systems' scores on the same items: the paired difference, whatever the scores are and however items cluster."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import Clusters, Uncertainty, largest_share, variance_of_sum
from heldout.stats.paired_proportions import mcnemar, paired_counts, tango
from heldout.stats.permutation import sign_flip_test
from heldout.stats.proportions import wilson
from heldout.stats.sample import BadSample, Floats, Undefined, as_numbers
from heldout.stats.sample_size import minimum_detectable_effect
from heldout.stats.studentised import FEWEST_CLUSTERS, studentised_quantiles
from heldout.stats.t_interval import t_estimate, t_p_value

__all__ = ["BOOTSTRAP_BELOW", "SIGN_FLIPS_UP_TO", "PairedItems", "compare_items", "items_mean"]

BOOTSTRAP_BELOW = 100
"""Below this many clusters the interval is the studentised cluster bootstrap's."""

SIGN_FLIPS_UP_TO = 10_000
"""Up to this many independent units the p-value is the sign-flip permutation's; above, t is as good and free."""

NO_SPREAD = 1e-10
POWER = 0.8

Runs = Sequence[tuple[float, int]]
"""(variance, degrees of freedom) that the choice of runs adds to a side's mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedItems:
    """Candidate minus reference (turned where lower is better), with what its interval rests on.

    `inner` is the interval at 2 × level - 1, that of two one-sided tests. `p_value` is None where `test` says why.
    """

    difference: Estimate
    inner: Estimate
    unpaired: Estimate
    standard_error: float | None
    degrees_of_freedom: float | None
    p_value: float | None
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
    seed: int = 0,
) -> PairedItems:
    """Return the difference of the means of two scores (n,) of the same items, above 0 where the candidate is better.

    Scores of 0 and 1 on independent items: Tango's interval and McNemar's mid-p. Otherwise t over items or clusters
    (n,); below 100 clusters the studentised cluster bootstrap. The p-value is the sign-flip permutation's up to 10,000
    independent units, then t's. `runs` adds the variance of runs. Where all items score alike in both, the difference
    is 0 exactly, and of 0/1 scores each cluster counts as one item. Undefined below two items or clusters.
    Raises BadSample for bad arrays.

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
    is_binary = _is_binary(one) and _is_binary(two)
    if spread is None:
        interval: Callable[[float], Estimate] = _none(float(gain.mean()), one.size, clusters)
    elif is_binary and not runs and (clusters.codes is None or not gain.any()):
        interval = _of_counts(one, two, clusters, higher_is_better)
    elif not gain.any() and not runs:
        interval = _alike(one.size)
    else:
        interval = _of_means(gain, clusters, spread, has_runs=bool(runs), seed=seed)
    p_value, test = _p_value(one, two, gain, clusters, spread, is_binary=is_binary, has_runs=bool(runs), seed=seed)
    parts = _parts(gain, clusters)
    moved = spread is not None and spread.standard_error > NO_SPREAD * float(np.abs(gain).max(initial=0.0))
    difference = interval(level)
    return PairedItems(
        difference=difference,
        inner=interval(2 * level - 1),
        unpaired=_unpaired(one, two, clusters, difference, runs),
        standard_error=spread.standard_error if spread else None,
        degrees_of_freedom=spread.degrees_of_freedom if spread else None,
        p_value=p_value,
        test=test,
        clusters=clusters.count,
        design_effect=_design_effect(parts, gain) if moved and clusters.codes is not None else None,
        largest_clusters_share=largest_share(parts) if moved and clusters.codes is not None else None,
        correlation=_correlation(one, two),
        detectable=_detectable(spread, level, most=1.0 if is_binary else math.inf) if spread and moved else None,
    )


def items_mean(scores: ArrayLike, cluster: ArrayLike | None = None, level: float = 0.95, runs: Runs = ()) -> Estimate:
    """Return the mean of scores (n,) with its interval: Wilson's for 0/1 scores of independent items, else t.

    Raises BadSample for bad arrays.

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
    scale = float(np.abs(values).max())
    return t_estimate(
        mean, spread.standard_error, spread.degrees_of_freedom, n=values.size, method=method, level=level, scale=scale
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


def _alike(n: int) -> Callable[[float], Estimate]:
    return lambda level: Estimate(value=0.0, low=0.0, high=0.0, n=n, method="equal scores on every item", level=level)


def _of_counts(one: Floats, two: Floats, clusters: Clusters, higher_is_better: bool) -> Callable[[float], Estimate]:
    counts = paired_counts(two, one) if higher_is_better else paired_counts(one, two)
    if clusters.codes is None:
        return lambda level: tango(*counts, level=level)
    # no item differs, and of each cluster we have seen as much as of one item
    return lambda level: tango(clusters.count, 0, 0, 0, level=level)


def _of_means(
    gain: Floats, clusters: Clusters, spread: Uncertainty, *, has_runs: bool, seed: int
) -> Callable[[float], Estimate]:
    n, value, scale = gain.size, float(gain.mean()), float(np.abs(gain).max())
    if clusters.codes is None or clusters.count >= BOOTSTRAP_BELOW or clusters.count < FEWEST_CLUSTERS or has_runs:
        method = f"paired t over {clusters.count:,} {_unit(clusters)}"
        return lambda level: t_estimate(
            value, spread.standard_error, spread.degrees_of_freedom, n=n, method=method, level=level, scale=scale
        )
    sizes = clusters.sums(np.ones(n))
    method = f"studentised bootstrap of {clusters.count} clusters"

    def interval(level: float) -> Estimate:
        try:
            low, high = studentised_quantiles(clusters.sums(gain), sizes, level=level, seed=seed)
        except Undefined as reason:
            return undefined(str(reason), n=n, method=method, value=value, level=level)
        ends = value - high * spread.standard_error, value - low * spread.standard_error
        return Estimate(value=value, low=ends[0], high=ends[1], n=n, method=method, level=level)

    return interval


def _p_value(
    one: Floats,
    two: Floats,
    gain: Floats,
    clusters: Clusters,
    spread: Uncertainty | None,
    *,
    is_binary: bool,
    has_runs: bool,
    seed: int,
) -> tuple[float | None, str]:
    if spread is None:
        return None, f"no test: there is {clusters.count} of the {_unit(clusters)}"
    if not gain.any():
        return None, "no test: the two score alike on every item"
    if is_binary and clusters.codes is None and not has_runs:
        counts = paired_counts(one, two)
        return mcnemar(counts.first_only, counts.second_only).p_value, "McNemar, mid-p"
    if clusters.count <= SIGN_FLIPS_UP_TO and not has_runs:
        test = sign_flip_test(gain, cluster=clusters.codes, seed=seed)
        return test.p_value, f"sign-flip permutation of {clusters.count:,} {_unit(clusters)}"
    if spread.standard_error == 0:
        return None, "no test: every item differs by the same amount"
    p_value = t_p_value(float(gain.mean()) / spread.standard_error, spread.degrees_of_freedom)
    return p_value, f"paired t over {clusters.count:,} {_unit(clusters)}"


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


def _detectable(spread: Uncertainty, level: float, *, most: float) -> float | None:
    """Return the true difference that is found with power .8; None where it is above `most`."""
    degrees = spread.degrees_of_freedom
    size = minimum_detectable_effect(spread.standard_error, degrees, alpha=1 - level, power=POWER)
    return size if size <= most else None


def _design_effect(parts: Floats, gain: Floats) -> float:
    return variance_of_sum(parts) / variance_of_sum((gain - gain.mean()) / gain.size)


def _correlation(one: Floats, two: Floats) -> float | None:
    first, second = one - one.mean(), two - two.mean()
    size = math.sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / size if size > 0 else None
