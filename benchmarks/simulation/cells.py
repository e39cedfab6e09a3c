"""The table's cells: each method in worlds that differ in rows, prevalence and clusters, inside and outside its domain.

Exact coverage of discrete intervals comes from enumerating all outcomes; the rest is drawn.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy import special

from benchmarks.simulation.tally import Cell
from benchmarks.simulation.worlds import (
    World,
    binormal,
    clustered_binormal,
    clustered_values,
    paired_outcomes,
    probabilities,
    rated_items,
    skewed,
    two_groups,
)
from heldout import stats
from heldout.core.estimate import Estimate
from heldout.core.lift import LiftScale

__all__ = ["coverage_cells", "error_cells"]

Asks = Callable[..., Estimate | float | None]


def coverage_cells() -> tuple[Cell, ...]:
    """Return every cell whose intervals are counted."""
    groups = (_shares, _paired_shares, _values, _clusters, _ranking, _ranking_in_clusters, _at_a_threshold)
    more = (_probabilities, _experiments, _agreement, _lifts)
    return tuple(cell for group in (*groups, *more) for cell in group())


def error_cells() -> tuple[Cell, ...]:
    """Return every cell in which a true null is tested at .05."""
    return tuple(cell for group in (_null_pairs, _null_groups, _null_clusters, _null_scores) for cell in group())


def _shares() -> Iterator[Cell]:
    methods: dict[str, tuple[str, Callable[[int, int], Estimate]]] = {
        "Wilson": ("discrete", stats.wilson),
        "Wilson, continuity": ("discrete", partial(stats.wilson, continuity=True)),
        "Clopper-Pearson": ("guaranteed", stats.clopper_pearson),
    }
    for n in (20, 50, 200, 1000):
        for p in (0.01, 0.1, 0.5):
            world = World(where=f"n {n}, p {p:g}", draw=_binomial(n, p), truth=p)
            for name, (kind, method) in methods.items():
                intervals = [method(k, n) for k in range(n + 1)]
                covers = np.array([_covers(interval, p) for interval in intervals])
                exact = float(covers @ np.diff(special.bdtr(np.arange(n + 1), n, p), prepend=0.0))
                yield Cell(method=name, kind=kind, world=world, asks=intervals.__getitem__, exact=exact)


def _binomial(n: int, p: float) -> Callable[[np.random.Generator], tuple[int]]:
    return lambda rng: (int(rng.binomial(n, p)),)


def _covers(interval: Estimate, truth: float) -> bool:
    return interval.low is not None and interval.high is not None and interval.low <= truth <= interval.high


def _paired_shares() -> Iterator[Cell]:
    for n in (30, 200):
        for alike in (0.2, 0.8):
            world = World(where=f"n {n}, {alike:g} alike", draw=paired_outcomes(n, 0.8, 0.7, alike), truth=0.1)
            for name, method in (("Newcombe, paired", stats.newcombe_paired), ("Tango", stats.tango)):
                yield Cell(
                    method=name,
                    kind="approximate",
                    world=world,
                    asks=lambda a, b, m=method: m(*stats.paired_counts(a, b)),
                )
        apart = World(where=f"n {n}, .8 and .7", draw=paired_outcomes(n, 0.8, 0.7, 0.0), truth=0.1)
        yield Cell(
            method="Newcombe",
            kind="approximate",
            world=apart,
            asks=lambda a, b, n=n: stats.newcombe(int(a.sum()), n, int(b.sum()), n),
        )


def _values() -> Iterator[Cell]:
    for n in (20, 50, 200, 1000):
        mean = World(where=f"n {n}, exponential", draw=skewed(n), truth=1.0)
        kind = "approximate" if n >= 50 else "told"
        yield Cell(method="mean, t", kind=kind, world=mean, asks=stats.mean_estimate)
        middle = World(where=f"n {n}, exponential", draw=skewed(n), truth=float(np.log(2)))
        yield Cell(method="median, order statistics", kind="guaranteed", world=middle, asks=stats.median)


def _clusters() -> Iterator[Cell]:
    for clusters in (10, 25, 61, 150):
        for skew in ("even", "heavy"):
            where = f"{clusters} {skew} clusters"
            world = World(where=where, draw=clustered_values(clusters, skew=skew == "heavy"), truth=0.0)
            kind = "approximate" if skew == "even" and clusters >= 25 else "told"
            yield Cell(method="mean, clustered t", kind=kind, world=world, asks=stats.mean_estimate)
            yield Cell(
                method="mean, studentised bootstrap of clusters", kind=kind, world=world, asks=_studentised, worlds=1000
            )
        ratio = World(where=f"{clusters} even clusters", draw=_rate(clusters), truth=0.5)
        kind = "approximate" if clusters >= 25 else "told"
        yield Cell(method="ratio, clustered delta", kind=kind, world=ratio, asks=stats.ratio_estimate)


def _studentised(values: Any, cluster: Any) -> Estimate:
    mean = float(values.mean())
    parts = np.bincount(cluster, weights=(values - mean) / values.size)
    return stats.studentised_interval(parts, mean, worlds=1000)


def _rate(clusters: int) -> Callable[[np.random.Generator], tuple[Any, ...]]:
    def draw(rng: np.random.Generator) -> tuple[Any, ...]:
        cluster = np.repeat(np.arange(clusters), rng.integers(2, 12, clusters))
        views = rng.poisson(6 * rng.gamma(4.0, 0.25, clusters)[cluster]) + 1.0
        rate = np.clip(0.5 + 0.15 * rng.normal(0, 1, clusters), 0, 1)[cluster]
        # the truth is that of views, not of rows: views are drawn independently of the rate
        return rng.binomial(views.astype(int), rate).astype(float), views, cluster

    return draw


def _ranking() -> Iterator[Cell]:
    score = partial(stats.score_estimate, "roc_auc")
    for n in (50, 200, 1000, 5000):
        for prevalence in (0.5, 0.1, 0.01):
            for auc in (0.7, 0.9):
                drawn = binormal(n, prevalence, auc)
                world = World(where=f"n {n}, prevalence {prevalence:g}, AUC {auc:g}", draw=drawn.draw, truth=drawn.auc)
                wald = "told" if auc > 0.85 and n * prevalence < 200 else "approximate"
                for name, kind, method in (
                    ("AUC, DeLong, Wald", wald, stats.auc_delong),
                    ("AUC, influence, logit", "approximate", score),
                ):
                    yield Cell(method=name, kind=kind, world=world, asks=method, worlds=1000)
    for n, prevalence in ((1000, 0.5), (1000, 0.1), (5000, 0.02)):
        drawn = binormal(n, prevalence, 0.8)
        world = World(
            where=f"n {n}, prevalence {prevalence:g}, AUC 0.8",
            draw=drawn.draw,
            truth=drawn.of_many(stats.METRICS["pr_auc"].value),
        )
        yield Cell(
            method="PR AUC, influence, logit",
            kind="approximate",
            world=world,
            asks=partial(stats.score_estimate, "pr_auc"),
            worlds=1000,
        )


def _ranking_in_clusters() -> Iterator[Cell]:
    for clusters in (10, 25, 61, 150):
        for prevalence in (0.5, 0.1):
            world = clustered_binormal(clusters, 60, prevalence, 1.0, 0.3)
            yield Cell(
                method="AUC, clustered influence",
                kind="approximate" if clusters >= 25 else "told",
                world=world,
                asks=partial(stats.score_estimate, "roc_auc"),
                worlds=1000,
            )


def _at_a_threshold() -> Iterator[Cell]:
    for n in (200, 2000):
        for prevalence in (0.5, 0.1):
            drawn = binormal(n, prevalence, 0.85)
            for metric in ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "mcc"):
                yield Cell(
                    method=metric,
                    kind="approximate" if n * prevalence >= 100 else "told",
                    world=World(
                        where=f"n {n}, prevalence {prevalence:g}", draw=drawn.draw, truth=drawn.at_threshold(metric)
                    ),
                    asks=partial(stats.score_estimate, metric),
                    worlds=1000,
                )


def _probabilities() -> Iterator[Cell]:
    for n, prevalence in ((200, 0.5), (1000, 0.5), (1000, 0.1), (5000, 0.02)):
        draw = probabilities(n, prevalence)
        many = probabilities(2_000_000, prevalence)(np.random.default_rng(2))
        where = f"n {n}, prevalence {prevalence:g}"
        kind = "approximate" if n * prevalence >= 100 else "told"
        for metric in ("brier_loss", "log_loss"):
            world = World(where=where, draw=draw, truth=stats.METRICS[metric].value(*many))
            yield Cell(method=metric, kind=kind, world=world, asks=partial(stats.score_estimate, metric), worlds=1000)
        for name, truth in (("slope", 1.0), ("intercept", 0.0), ("in_the_large", 0.0)):
            yield Cell(
                method=f"calibration {name.replace('_', ' ')}",
                kind=kind,
                world=World(where=where, draw=draw, truth=truth),
                asks=lambda y, p, name=name: getattr(stats.calibration_slope(y, p), name),
                worlds=1000,
            )


def _experiments() -> Iterator[Cell]:
    for n in (30, 300):
        world = World(where=f"2 × {n}, gamma", draw=two_groups(n, 0.2), truth=0.2)
        for name, asks in (
            ("Welch", lambda y, x, t: stats.welch(y[t == 1], y[t == 0]).difference),
            ("CUPED", lambda y, x, t: stats.cuped(y, x, t).adjusted.difference),
            ("Lin, HC2", lambda y, x, t: stats.lin_adjusted(y, x, t).effect),
        ):
            yield Cell(method=name, kind="approximate", world=world, asks=asks)
        yield Cell(
            method="relative lift",
            kind="approximate",
            world=World(where=world.where, draw=world.draw, truth=0.2),
            asks=lambda y, x, t: stats.relative_lift(y[t == 1], y[t == 0]).relative,
        )


def _agreement() -> Iterator[Cell]:
    methods: dict[str, Asks] = {
        "Krippendorff's alpha": stats.krippendorff_alpha,
        "Gwet's AC1": stats.gwet_ac1,
        "Fleiss' kappa": stats.fleiss_kappa,
        "raw agreement": stats.raw_agreement,
    }
    for items in (15, 30, 60, 200):
        for raters in (2, 3):
            for name, method in methods.items():
                many = method(*rated_items(40_000, raters, 0.8)(np.random.default_rng(3))).estimate.value
                yield Cell(
                    method=name,
                    kind="approximate" if items >= 60 else "told",
                    world=World(
                        where=f"{items} items, {raters} raters", draw=rated_items(items, raters, 0.8), truth=many
                    ),
                    asks=lambda r, m=method: m(r).estimate,
                    worlds=1000,
                )


def _lifts() -> Iterator[Cell]:
    for clusters in (25, 61):
        world = World(where=f"{clusters} clusters of 40, AUC", draw=_two_models(clusters), truth=0.0)
        yield Cell(
            method="paired lift, absolute",
            kind="approximate",
            world=world,
            asks=lambda y, a, b, c: _lift(y, a, b, c).estimate,
            worlds=1000,
        )


def _two_models(clusters: int) -> Callable[[np.random.Generator], tuple[Any, ...]]:
    """Return labels and two models that rank equally well, which share the signal and the cluster's noise."""

    def draw(rng: np.random.Generator) -> tuple[Any, ...]:
        cluster = np.repeat(np.arange(clusters), 40)
        label = (rng.random(cluster.size) < 0.3).astype(np.int8)
        shared = label + 0.5 * rng.normal(0, 1, clusters)[cluster] + 0.5 * rng.normal(0, 1, cluster.size)
        first, second = shared + 0.7 * rng.normal(0, 1, (2, cluster.size))
        return label, first, second, cluster

    return draw


def _lift(label: Any, first: Any, second: Any, cluster: Any) -> Any:
    return stats.paired_lift(
        label, first, second, metric="roc_auc", scale=LiftScale.ABSOLUTE, cluster=cluster, coverage_worlds=0
    )


def _null_pairs() -> Iterator[Cell]:
    for n in (30, 300):
        draw = paired_outcomes(n, 0.75, 0.75, 0.6)
        world = World(where=f"n {n}, pairs", draw=draw, truth=0.0)
        yield Cell(method="McNemar, mid-p", kind="test", world=world, asks=lambda a, b: _mcnemar(a, b, "p_value"))
        yield Cell(method="McNemar, exact", kind="test", world=world, asks=lambda a, b: _mcnemar(a, b, "exact_p_value"))
        for name, test in (
            ("paired t", lambda x: stats.paired_mean_test(x).p_value),
            ("sign flips", lambda x: stats.sign_flip_test(x, resamples=499).p_value),
            ("signed ranks", lambda x: stats.wilcoxon_signed_rank(x).p_value),
        ):
            even = World(where=f"n {n}, symmetric", draw=lambda rng, n=n: (rng.standard_t(4, n),), truth=0.0)
            yield Cell(method=name, kind="test", world=even, asks=test, worlds=1000)


def _mcnemar(first: Any, second: Any, which: str) -> float | None:
    counts = stats.paired_counts(first, second)
    if counts.first_only + counts.second_only == 0:
        return 1.0
    return float(getattr(stats.mcnemar(counts.first_only, counts.second_only), which))


def _null_groups() -> Iterator[Cell]:
    for n in (30, 300):
        world = World(where=f"2 × {n}, gamma", draw=two_groups(n), truth=0.0)
        yield Cell(
            method="Welch", kind="test", world=world, asks=lambda y, x, t: stats.welch(y[t == 1], y[t == 0]).p_value
        )
        yield Cell(method="CUPED", kind="test", world=world, asks=lambda y, x, t: stats.cuped(y, x, t).adjusted.p_value)
        yield Cell(
            method="Lin, HC2", kind="test", world=world, asks=lambda y, x, t: stats.lin_adjusted(y, x, t).p_value
        )
        yield Cell(
            method="TOST at its margin",
            kind="test",
            world=World(where=world.where, draw=two_groups(n, 0.2), truth=0.2),
            asks=lambda y, x, t: stats.tost(y[t == 1], y[t == 0], 0.2).p_value,
        )
        yield Cell(
            method="minimum effect at its gate",
            kind="test",
            world=World(where=world.where, draw=two_groups(n, 0.2), truth=0.2),
            asks=lambda y, x, t: _minimum_effect(stats.welch(y[t == 1], y[t == 0])),
        )
        yield Cell(
            method="Kolmogorov-Smirnov, exact",
            kind="test",
            world=world,
            asks=lambda y, x, t: stats.ks_test(y[t == 1], y[t == 0], method="exact").p_value,
            worlds=500,
        )
    counts = World(where="10,000 users", draw=lambda rng: (rng.multinomial(10_000, (0.5, 0.5)),), truth=0.0)
    yield Cell(method="sample-ratio mismatch", kind="test", world=counts, asks=lambda c: stats.srm(c).p_value)


def _minimum_effect(test: Any) -> float:
    found = stats.minimum_effect_test(test.difference.value, test.standard_error, test.degrees_of_freedom, 0.2)
    return float(found.p_value)


def _null_clusters() -> Iterator[Cell]:
    for clusters in (25, 61, 150):
        for skew in ("even", "heavy"):
            world = World(
                where=f"{clusters} {skew} clusters", draw=clustered_values(clusters, skew=skew == "heavy"), truth=0.0
            )
            # the null of these is a mean of 0; the flips' own null, symmetry, does not hold where clusters are heavy
            kind = "test" if skew == "even" else "told"
            yield Cell(
                method="clustered t",
                kind=kind,
                world=world,
                asks=lambda x, c: stats.paired_mean_test(x, cluster=c).p_value,
            )
            yield Cell(
                method="sign flips of clusters",
                kind=kind,
                world=world,
                asks=lambda x, c: stats.sign_flip_test(x, cluster=c, resamples=499).p_value,
                worlds=1000,
            )


def _null_scores() -> Iterator[Cell]:
    for clusters in (25, 61):
        world = World(where=f"{clusters} clusters of 40", draw=_two_models(clusters), truth=0.0)
        yield Cell(
            method="DeLong, paired, on rows in clusters",
            kind="told",
            world=world,
            asks=lambda y, a, b, c: stats.delong_test(y, a, b).p_value,
            worlds=1000,
        )
        yield Cell(
            method="confidence(lift ≥ 0)",
            kind="test",
            world=world,
            asks=lambda y, a, b, c: 1 - (stats.confidence_at_least(_lift(y, a, b, c), 0.0) or 0.0),
            worlds=1000,
        )
    for n in (200, 2000):
        world = World(where=f"n {n}, calibrated", draw=probabilities(n, 0.3), truth=0.0)
        yield Cell(
            method="Spiegelhalter's z", kind="test", world=world, asks=lambda y, p: stats.spiegelhalter(y, p).p_value
        )
        yield Cell(
            method="slope 1 and intercept 0",
            kind="test",
            world=world,
            asks=lambda y, p: stats.calibration_slope(y, p).p_value,
            worlds=1000,
        )
