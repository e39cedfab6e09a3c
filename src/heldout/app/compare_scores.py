"""Each system's score on the common items, as values whose mean it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heldout.core.comparison import ScoreKind
from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate
from heldout.stats.clusters import Clusters
from heldout.stats.metrics import Metric
from heldout.stats.paired_items import items_mean
from heldout.stats.sample import BadSample, Floats, Undefined
from heldout.stats.score import seeded_estimate
from heldout.stats.seeded import Seeded
from heldout.tables import counted, shortened
from heldout.tables.results import Matched, Own

__all__ = ["Scored", "kind_of_scores", "run_part", "scored"]

DRAWN_PER_ITEM = frozenset({"epoch", "repeat", "replicate", "trial", "attempt"})
"""Repeat columns whose runs are independent draws for each item; a seed or a run is drawn for all items at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One system: `values` (items,) whose mean is its score, what is shown of an item, and the variance of its runs.

    For a metric, `values` are it plus n times each item's influence, and `predictions` (S, items) what it scored.
    `by_run` (S, items) are the scores of runs of the whole, None where an item's rows are draws for itself; `run_count`
    is how many such runs there are.
    """

    values: Floats
    shown: Floats
    score: Estimate
    runs: tuple[tuple[float, int], ...]
    why_no_interval: str | None = None
    predictions: Floats | None = None
    by_run: Floats | None = None
    run_count: int = 1


def kind_of_scores(own: Sequence[Own], metric: Metric | None) -> ScoreKind:
    """Return what the scores are: binary where every one of every system is 0 or 1."""
    if metric is not None:
        return ScoreKind.METRIC
    is_binary = all(bool(((one.scores == 0) | (one.scores == 1)).all()) for one in own)
    return ScoreKind.BINARY if is_binary else ScoreKind.NUMERIC


def scored(own: Own, matched: Matched, *, metric: Metric | None, repeat: str, level: float, name: str) -> Scored:
    """Score one system. Raises BadInput where the metric does not take these labels and scores."""
    if metric is not None and matched.label is not None:
        return _by_metric(own, matched, metric, matched.label, level=level, name=name, repeat=repeat)
    is_drawn = repeat.strip().lower() in DRAWN_PER_ITEM
    if own.most_rows > 1 and own.runs is None and not is_drawn:
        raise _uneven_runs(own, name, repeat)
    by_run = None if is_drawn else own.runs
    runs = () if by_run is None else run_part(by_run)
    return Scored(
        values=own.scores,
        shown=own.scores,
        score=items_mean(own.scores, matched.cluster, level, runs),
        runs=runs,
        by_run=by_run,
        run_count=1 if by_run is None else len(by_run),
    )


def run_part(by_run: Floats) -> tuple[tuple[float, int], ...]:
    """Return s² / S of the means of runs (S, items), with its degrees of freedom; nothing where all score alike."""
    means = by_run.mean(axis=1)
    return ((float(means.var(ddof=1)) / means.size, means.size - 1),) if np.ptp(means) > 0 else ()


def _uneven_runs(own: Own, name: str, repeat: str) -> BadInput:
    return BadInput(
        f"the runs of {name} do not cover the same items: {counted(own.uneven, 'item has', 'items have')} fewer than "
        f"{own.most_rows} rows, such as {shortened(own.uneven_examples)}",
        expected="every item in every run, or how the runs vary cannot be told",
        mend=f"leave these items or the incomplete run out; where {repeat!r} counts draws of each item for itself, "
        "call the column epoch",
    )


def _by_metric(
    own: Own, matched: Matched, metric: Metric, label: Floats, *, level: float, name: str, repeat: str
) -> Scored:
    if own.runs is None and own.most_rows > 1:
        raise _uneven_runs(own, name, repeat)
    runs = own.scores[None, :] if own.runs is None else own.runs
    try:
        labels, checked = metric.checked(label, runs)
        seeded = Seeded.of(metric, labels, checked)
    except Undefined as reason:
        raise BadInput(f"{metric.name} does not exist here: {reason}", where=name) from reason
    except BadSample as error:
        raise BadInput(error.what, where=f"{name}: {error.where}", expected=error.expected, mend=error.mend) from error
    clusters = Clusters.of(matched.cluster, labels.size)
    return Scored(
        values=seeded.value + labels.size * seeded.influence,
        shown=own.scores,
        score=seeded_estimate(metric, labels, seeded, clusters, level),
        runs=seeded.seed_part(),
        why_no_interval=metric.why_no_interval(labels),
        predictions=checked,
        run_count=len(checked),
    )
