"""What graded predictions did by day, period, slice and cluster: a process that holds labels, for walkthroughs.

It returns a few numbers with their intervals, never a label. Runs in a process of its own (`sandbox.own`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.estimate import Estimate
from heldout.core.lift import LiftScale
from heldout.evals.calendar import Dates, dates_of
from heldout.evals.grading.rows import Rows
from heldout.sandbox import serve
from heldout.stats import METRICS, Metric, paired_lift, ratio_estimate, score_estimate, slice_contrast
from heldout.stats.sample import BadSample

__all__ = ["answer"]

Floats = NDArray[np.float64]
Plain = Mapping[str, Any]

FEWEST_DAYS, FEWEST_OF_A_DAY = 5, 20
"""A day is looked at with so many rows, and a worst day exists among so many days."""
FEWEST_OF_A_PERIOD = 100
FEWEST_OF_A_SLICE = 100
MOST_LEVELS, MOST_SLICES = 24, 100
"""A column with more values is no slice; so many slices are looked at, the largest ones."""
ACTED_ON, MOST_ACTED_ON = 0.1, 0.15
"""The share of rows that somebody acts on, those with the highest scores; with equal scores it may be so much."""
LARGEST = 5
"""Clusters that are named, as in `Lift.largest_clusters_share`."""


class _Scored:
    """Labels, the runs of both sides, and their mean over seeds."""

    def __init__(self, request: Plain) -> None:
        self.rows = Rows(request["table"])
        self.label, self.cluster = self.rows.label, self.rows.cluster
        self.ours, self.theirs = (self.rows.runs(request[side]) for side in ("candidate", "baseline"))
        self.mean: Floats = self.ours.mean(axis=0)
        self.metric: Metric = METRICS[request["metric"]]
        self.is_binary = self.metric.task == "binary"
        self.dates = dates_of(self.rows.column(request["time"])) if request["time"] else None

    def score(self, chosen: NDArray[np.bool_] | slice = slice(None), **more: Any) -> Estimate:
        """Return the metric of the rows that are chosen, over all seeds."""
        cluster = None if self.cluster is None else self.cluster[chosen]
        if cluster is not None and len(np.unique(cluster)) < 2:
            cluster = None  # the rows of one day: their own spread is all that there is
        return score_estimate(self.metric, self.label[chosen], self.ours[:, chosen], cluster, **more)

    def share(self, chosen: NDArray[np.bool_] | slice = slice(None)) -> Estimate:
        """Return the mean label of the rows that are chosen."""
        label = self.label[chosen]
        cluster = None if self.cluster is None else self.cluster[chosen]
        if cluster is not None and len(np.unique(cluster)) < 2:
            cluster = None
        return ratio_estimate(label, np.ones(label.size), cluster=cluster)


def answer(request: Plain) -> Plain:
    """Return the "day", "period", "slice", "movers" and "fallback" of one submission; None for what does not exist."""
    scored = _Scored(request)
    return {
        "day": _day(scored),
        "period": _period(scored),
        "slice": _slice(scored, request["columns"]),
        "movers": _movers(scored, LiftScale(request["scale"]), request["table"]["cluster"]),
        "fallback": asdict(_lift(scored, LiftScale.ABSOLUTE)),
    }


def _lift(scored: _Scored, scale: LiftScale, kept: NDArray[np.bool_] | slice = slice(None)) -> Estimate:
    cluster = None if scored.cluster is None else scored.cluster[kept]
    return paired_lift(
        scored.label[kept],
        scored.ours[:, kept],
        scored.theirs[:, kept],
        metric=scored.metric,
        scale=scale,
        cluster=cluster,
        coverage_worlds=0,
    ).estimate


def _day(scored: _Scored) -> Plain | None:
    """Find the day on which outcomes were furthest from what the predictions expected, beyond their usual gap."""
    dates = scored.dates
    if dates is None or (scored.is_binary and not _are_probabilities(scored.mean)):
        return None
    rows = np.bincount(dates.day, minlength=len(dates.days))
    enough = rows >= FEWEST_OF_A_DAY
    if enough.sum() < FEWEST_DAYS:
        return None
    gap = np.bincount(dates.day, scored.label - scored.mean, minlength=rows.size) / np.maximum(rows, 1)
    usual = float(np.mean(scored.label - scored.mean))
    worst = int(np.argmax(np.where(enough, np.abs(gap - usual), -1.0)))
    chosen = dates.day == worst
    return {
        "day": dates.days[worst],
        "days": int(enough.sum()),
        "observed": asdict(scored.share(chosen)),
        "expected": float(scored.mean[chosen].mean()),
        "usual": asdict(scored.share(~chosen)),
        "metric": asdict(scored.score(chosen)),
        "others": asdict(scored.score(~chosen)),
    }


def _are_probabilities(scores: Floats) -> bool:
    return bool(scores.min() >= 0 and scores.max() <= 1)


def _period(scored: _Scored) -> Plain | None:
    """Find the period whose base rate is furthest from that of all rows, and score at that rate and in it."""
    dates = scored.dates
    if dates is None or not scored.is_binary:
        return None
    found = [(name, chosen) for name, chosen in _periods(dates) if _is_mixed(scored.label[chosen])]
    if len(found) < 2:
        return None
    whole = float(scored.label.mean())
    name, chosen = max(found, key=lambda one: abs(float(scored.label[one[1]].mean()) - whole))
    rate = float(scored.label[chosen].mean())
    weight = np.where(scored.label == 1, rate / whole, (1 - rate) / (1 - whole))
    return {
        "name": name,
        "rows": int(chosen.sum()),
        "rate": asdict(scored.share(chosen)),
        "whole_rate": asdict(scored.share()),
        "whole": asdict(scored.score()),
        "at_rate": asdict(scored.score(weight=weight)),
        "inside": asdict(scored.score(chosen)),
        **_acted_on(scored, chosen, weight),
    }


def _periods(dates: Dates) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return calendar months where there are dates, else thirds of the days, each a name and its rows."""
    if dates.months is not None:
        return [(name, dates.month == place) for place, name in enumerate(dates.months)]
    cuts = np.array_split(np.arange(len(dates.days)), 3)
    parts = [cut for cut in cuts if cut.size]
    return [
        (f"{dates.days[cut[0]]} to {dates.days[cut[-1]]}", (dates.day >= cut[0]) & (dates.day <= cut[-1]))
        for cut in parts
    ]


def _is_mixed(label: Floats) -> bool:
    return bool(label.size >= FEWEST_OF_A_PERIOD and 0 < label.mean() < 1)


def _acted_on(scored: _Scored, chosen: NDArray[np.bool_], weight: Floats) -> Plain:
    """Return the precision among the rows with the highest scores: over all, at the other rate, in the period."""
    if not _are_probabilities(scored.mean):
        return {"threshold": None}
    threshold = float(f"{np.quantile(scored.mean, 1 - ACTED_ON):.6g}")
    called = float((scored.mean >= threshold).mean())
    if not 0 < called <= MOST_ACTED_ON:  # many rows share a score, so that no tenth of them can be told from the rest
        return {"threshold": None}
    name = f"precision@{threshold!r}"

    def precision(rows: NDArray[np.bool_] | slice, **more: Any) -> Plain:
        cluster = None if scored.cluster is None else scored.cluster[rows]
        return asdict(score_estimate(name, scored.label[rows], scored.mean[rows], cluster, **more))

    try:
        return {
            "threshold": threshold,
            "called": called,
            "precision": precision(slice(None)),
            "precision_at_rate": precision(slice(None), weight=weight),
            "precision_inside": precision(chosen),
        }
    except BadSample:  # a threshold that is no number between the scores
        return {"threshold": None}


def _slice(scored: _Scored, columns: Sequence[str]) -> Plain | None:
    """Find the value of a column whose rows have surely the largest error beside all others."""
    slices = [one for name in columns for one in _levels(name, scored.rows.column(name))]
    slices = sorted(slices, key=lambda one: -int(one[2].sum()))[:MOST_SLICES]
    if not slices:
        return None
    level = 1 - 0.05 / len(slices)
    best: Plain | None = None
    for column, value, inside in slices:
        contrast = slice_contrast(
            scored.metric.name, scored.label, scored.mean, inside, cluster=scored.cluster, level=level
        )
        low = contrast.error_ratio.low
        if low is not None and (best is None or low > best["ratio"]["low"]):
            best = {
                "column": column,
                "value": value,
                "rows": int(inside.sum()),
                "slices": len(slices),
                "inside": asdict(contrast.inside),
                "outside": asdict(contrast.outside),
                "ratio": asdict(contrast.error_ratio),
            }
    return best


def _levels(name: str, values: pa.Array) -> list[tuple[str, str, NDArray[np.bool_]]]:
    if pa.types.is_floating(values.type) or pa.types.is_temporal(values.type) or pa.types.is_nested(values.type):
        return []
    coded = values.dictionary_encode(null_encoding="encode")
    names = [str(one) for one in coded.dictionary.to_pylist()]
    if not 2 <= len(names) <= MOST_LEVELS:
        return []
    codes = np.asarray(coded.indices.to_numpy(zero_copy_only=False))
    found = [(name, level, codes == place) for place, level in enumerate(names)]
    return [one for one in found if FEWEST_OF_A_SLICE <= one[2].sum() <= codes.size - FEWEST_OF_A_SLICE]


def _movers(scored: _Scored, scale: LiftScale, column: str | None) -> Plain | None:
    """Name the clusters that move the difference of both sides most, and the lift without them."""
    if column is None or scored.cluster is None:
        return None
    influence = _influence(scored, scored.ours) - _influence(scored, scored.theirs)
    sums = np.bincount(scored.cluster, influence)
    if len(sums) <= LARGEST or not (sums**2).sum() > 0:
        return None
    largest = np.argsort(-(sums**2), kind="stable")[:LARGEST]
    values = scored.rows.column(column).cast(pa.string())
    first = [int(np.argmax(scored.cluster == one)) for one in largest]
    return {
        "names": [str(values[place].as_py()) for place in first],
        "up": [bool(sums[one] * (1 if scored.metric.higher_is_better else -1) > 0) for one in largest],
        "share": float((sums[largest] ** 2).sum() / (sums**2).sum()),
        "rows": int(np.isin(scored.cluster, largest).sum()),
        "without": asdict(_lift(scored, scale, ~np.isin(scored.cluster, largest))),
    }


def _influence(scored: _Scored, runs: Floats) -> Floats:
    label, scores = scored.metric.checked(scored.label, runs)
    mean: Floats = np.mean([scored.metric.kernel(label, run).influence for run in scores], axis=0)
    return mean


if __name__ == "__main__":
    serve(answer)
