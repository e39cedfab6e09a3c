"""The numbers of each pair: the difference, where it is, and the items that flipped."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heldout.app.compare_scores import Scored, run_part
from heldout.core.comparison import Equivalence, Flip, Flips, Outcome, Pair, Slice
from heldout.core.estimate import Estimate, undefined
from heldout.stats.metrics import Metric
from heldout.stats.multiplicity import benjamini_hochberg, holm
from heldout.stats.paired_items import PairedItems, compare_items
from heldout.stats.sample import Floats, Undefined
from heldout.stats.seeded import Seeded
from heldout.tables import shortened
from heldout.tables.results import Groups, Matched

__all__ = ["FEWEST_ITEMS", "Question", "adjusted", "pair_of"]

FEWEST_ITEMS = 20
"""A slice with fewer items is left out and counted."""

SHOWN = 10
"""Items of the largest difference shown each way."""

FEW_CLUSTERS = 20
LARGE_SHARE = 0.5
FIVE_OF_EQUALS = 15
"""Of clusters alike, the five that chance made largest carry up to some 15 / clusters of the variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every pair."""

    higher_is_better: bool
    metric: Metric | None
    level: float
    margin: float | None
    unit: str
    threshold: float | None = None
    pairs: int = 1
    seed: int = 0


def pair_of(names: tuple[str, str], reference: Scored, candidate: Scored, matched: Matched, question: Question) -> Pair:
    """Compare the candidate with the reference."""
    result = compare_items(
        reference.values,
        candidate.values,
        matched.cluster,
        higher_is_better=question.higher_is_better,
        level=question.level,
        runs=(*reference.runs, *candidate.runs),
        threshold=question.threshold,
        pairs=question.pairs,
        seed=question.seed,
    )
    difference, inner = result.difference, result.inner
    if reason := candidate.why_no_interval:
        difference, inner = _without_interval(difference, reason), _without_interval(inner, reason)
    gain = candidate.values - reference.values
    gain = gain if question.higher_is_better else -gain
    return Pair(
        reference=names[0],
        candidate=names[1],
        difference=difference,
        unpaired=result.unpaired,
        standard_error=result.standard_error,
        degrees_of_freedom=result.degrees_of_freedom,
        p_value=result.p_value if difference.is_defined else None,
        test=result.test,
        adjusted_p_value=None,
        clusters=result.clusters,
        unit=question.unit,
        design_effect=result.design_effect,
        largest_clusters_share=result.largest_clusters_share,
        correlation=result.correlation,
        detectable=result.detectable,
        equivalence=_equivalence(inner, question.margin),
        outcome=Outcome.UNDECIDED,
        one_sided_p_value=result.one_sided_p_value,
        flips=_flips(gain, reference.shown, candidate.shown, matched),
        slices=_slices(reference, candidate, matched, question),
        notes=(*_run_notes(names, reference, candidate), *_notes(result, difference, question)),
    )


def adjusted(pairs: Sequence[Pair], level: float) -> tuple[Pair, ...]:
    """Return the pairs with their outcomes: Holm's adjusted p over several pairs, Benjamini and Hochberg's over all
    slices of all of them.
    """
    several = _by_place([pair.p_value for pair in pairs], holm) if len(pairs) > 1 else [None] * len(pairs)
    slices = [one for pair in pairs for one in pair.slices]
    found = iter(
        replace(one, adjusted_p_value=p_value, outcome=_outcome(one.difference, p_value, level))
        for one, p_value in zip(slices, _by_place([one.p_value for one in slices], benjamini_hochberg), strict=True)
    )
    return tuple(
        replace(
            pair,
            adjusted_p_value=p_value,
            outcome=_outcome(pair.difference, pair.p_value if p_value is None else p_value, level),
            slices=tuple(itertools.islice(found, len(pair.slices))),
        )
        for pair, p_value in zip(pairs, several, strict=True)
    )


def _by_place(p_values: Sequence[float | None], adjust: Callable[[list[float]], Iterable[float]]) -> list[float | None]:
    """Adjust the p-values that there are, and leave None where there is none."""
    known = [p_value for p_value in p_values if p_value is not None]
    found = iter(adjust(known) if known else ())
    return [None if p_value is None else float(next(found)) for p_value in p_values]


def _without_interval(estimate: Estimate, reason: str) -> Estimate:
    return undefined(reason, n=estimate.n, method=estimate.method, value=estimate.value, level=estimate.level)


def _outcome(difference: Estimate, p_value: float | None, level: float) -> Outcome:
    """Name the winner where the interval and the test agree on one: each alone claims too much somewhere."""
    if difference.low is None or difference.high is None:
        return Outcome.UNDECIDED
    if p_value is None or p_value > 1 - level or difference.low <= 0 <= difference.high:
        return Outcome.TIED
    return Outcome.AHEAD if difference.low > 0 else Outcome.BEHIND


def _equivalence(inner: Estimate, margin: float | None) -> Equivalence | None:
    if not margin:
        return None
    known = inner.low is not None and inner.high is not None
    holds = known and -margin < (inner.low or 0.0) and (inner.high or 0.0) < margin
    return Equivalence(margin=margin, interval=inner, holds=holds if known else None)


def _flips(gain: Floats, reference: Floats, candidate: Floats, matched: Matched) -> Flips:
    least = 1e-12 * float(np.abs(gain).max(initial=0.0))
    better, worse = gain > least, gain < -least

    def largest(where: NDArray[np.bool_], sign: float) -> tuple[Flip, ...]:
        items = np.flatnonzero(where)
        if len(items) > SHOWN:  # the largest, and of equal ones the first in the file
            cut = np.partition(sign * gain[items], len(items) - SHOWN)[len(items) - SHOWN]
            above, at = items[sign * gain[items] > cut], items[sign * gain[items] == cut]
            items = np.concatenate([above, at[: SHOWN - len(above)]])
        items = items[np.argsort(-sign * gain[items], kind="stable")]
        return tuple(
            Flip(
                item=matched.id_of(int(item)),
                reference=float(reference[item]),
                candidate=float(candidate[item]),
                label=None if matched.label is None else float(matched.label[item]),
            )
            for item in items
        )

    return Flips(
        candidate_better=int(better.sum()),
        reference_better=int(worse.sum()),
        equal=int(gain.size - better.sum() - worse.sum()),
        for_candidate=largest(better, 1.0),
        for_reference=largest(worse, -1.0),
    )


def _slices(reference: Scored, candidate: Scored, matched: Matched, question: Question) -> tuple[Slice, ...]:
    return tuple(
        _slice((column, groups.names[code]), items, (reference, candidate), matched, question)
        for column, groups in matched.slices.items()
        for code, items in _groups(groups)
    )


def _groups(groups: Groups) -> list[tuple[int, NDArray[np.int64]]]:
    """Return the items of each value that has enough of them, the value with most items first."""
    order = np.argsort(groups.codes, kind="stable")
    sizes = np.bincount(groups.codes[groups.codes >= 0], minlength=len(groups.names))
    ends = np.cumsum(sizes) + int((groups.codes < 0).sum())
    by_size = np.argsort(-sizes, kind="stable")
    return [
        (int(code), order[ends[code] - sizes[code] : ends[code]]) for code in by_size if sizes[code] >= FEWEST_ITEMS
    ]


def _slice(
    name: tuple[str, str],
    items: NDArray[np.int64],
    sides: tuple[Scored, Scored],
    matched: Matched,
    question: Question,
) -> Slice:
    cluster = None if matched.cluster is None else matched.cluster[items]
    bare = Slice(
        column=name[0],
        value=name[1],
        items=len(items),
        clusters=len(items) if cluster is None else len(np.unique(cluster)),
        reference=None,
        candidate=None,
        difference=undefined("not compared", n=len(items), method="none", level=question.level),
        p_value=None,
        adjusted_p_value=None,
        outcome=Outcome.UNDECIDED,
    )
    try:
        (one, two), runs, reason = _values(sides, items, matched, question.metric)
    except Undefined as why:
        gone = undefined(str(why), n=len(items), method="none", level=question.level)
        return replace(bare, difference=gone)
    result = compare_items(
        one,
        two,
        cluster,
        higher_is_better=question.higher_is_better,
        level=question.level,
        runs=runs,
        seed=question.seed,
    )
    difference = _without_interval(result.difference, reason) if reason else result.difference
    return replace(
        bare,
        reference=float(one.mean()),
        candidate=float(two.mean()),
        difference=difference,
        p_value=result.p_value if difference.is_defined else None,
    )


def _values(
    sides: tuple[Scored, Scored], items: NDArray[np.int64], matched: Matched, metric: Metric | None
) -> tuple[tuple[Floats, Floats], tuple[tuple[float, int], ...], str | None]:
    """Return both sides' values on some items, and what their runs add; a metric is scored again on these alone."""
    if metric is None or matched.label is None:
        runs = [part for side in sides if side.by_run is not None for part in run_part(side.by_run[:, items])]
        return (sides[0].values[items], sides[1].values[items]), tuple(runs), None
    label, values, runs = matched.label[items], [], []
    for side in sides:
        assert side.predictions is not None
        seeded = Seeded.of(metric, label, side.predictions[:, items])
        values.append(seeded.value + label.size * seeded.influence)
        runs += seeded.seed_part()
    return (values[0], values[1]), tuple(runs), metric.why_no_interval(label)


def _run_notes(names: tuple[str, str], reference: Scored, candidate: Scored) -> tuple[str, ...]:
    """Say where one side alone shows how it varies from run to run."""
    sides = list(zip(names, (reference, candidate), strict=True))
    if all(side.run_count == 1 for _, side in sides):
        return ()
    return tuple(
        f"{shortened([name])} has one run, so how its score varies from run to run is not measured, and the interval "
        "is too narrow"
        for name, side in sides
        if side.run_count == 1
    )


def _notes(result: PairedItems, difference: Estimate, question: Question) -> tuple[str, ...]:
    notes = []
    if question.unit != "items" and result.clusters < FEW_CLUSTERS:
        notes.append(f"{result.clusters} clusters are few: below {FEW_CLUSTERS} no interval is to be relied upon")
    share = result.largest_clusters_share
    if share is not None and share > max(LARGE_SHARE, FIVE_OF_EQUALS / result.clusters):
        notes.append(
            "five clusters carry most of the variance: the result rests on them, and another draw may lack their like"
        )
    if difference.low is not None and difference.high is not None and result.p_value is not None:
        shown = difference.low > 0 or difference.high < 0
        if shown != (result.p_value <= 1 - question.level) and math.isfinite(result.p_value):
            notes.append("the interval and the test disagree: a borderline result")
    return tuple(notes)
