"""The use case of `heldout compare`: per-item results of two or more systems in, a comparison out."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa

from heldout.app.compare_gate import checked_margin, gate_of, threshold_of
from heldout.app.compare_pairs import FEWEST_ITEMS, Question, adjusted, pair_of
from heldout.app.compare_scores import DRAWN_PER_ITEM, Scored, kind_of_scores, scored
from heldout.app.compared import Direction, Read, direction_of, read_sides
from heldout.core.comparison import Comparison, Require, ScoreKind, System
from heldout.core.errors import BadInput
from heldout.stats.metrics import METRICS, Metric
from heldout.tables import Source, closest, counted, shortened
from heldout.tables.results import Asked, Matched, matched

__all__ = ["compare"]

Progress = Callable[[str], None]


def compare(
    *results: Source,
    names: Sequence[str] = (),
    by: str | Sequence[str] = (),
    score: str | None = None,
    higher_is_better: bool | None = None,
    metric: str | None = None,
    label: str | None = None,
    cluster: str | None = None,
    repeat: str | None = None,
    slices: str | Sequence[str] = (),
    system: str | None = None,
    scores: Sequence[str] = (),
    only_filter: str | None = None,
    against: str | None = None,
    margin: float | None = None,
    level: float = 0.95,
    require: Literal["better", "not-worse"] | None = None,
    allow_missing: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Compare systems on the items that all of them answered: is B really better than A?

    `results` are per-item results of one system each, the first the reference A: paths (CSV, Parquet, JSON Lines,
    lm-eval samples, Inspect logs, SWE-bench reports) or pandas, Polars, pyarrow or DuckDB frames; or one source with
    several systems, told apart by the column `system` or in the columns `scores`.

    `by` names the id of an item, `score` the number, `cluster` what ties items together, `repeat` what tells an item's
    runs apart; those that the format or the name tells may be left out. With `metric` ("roc_auc", ...) and `label`,
    the score is a prediction. `against` names the reference of k systems; without it all pairs are compared. `margin`
    is the smallest difference that matters, `require` a gate, `slices` are columns by whose values to tell it too.

    The difference of a pair is candidate minus reference, with the sign turned where lower is better: above 0 the
    candidate is better. Raises BadInput for everything that cannot be compared, and says how to mend it.

    >>> one = {"id": [1, 2, 3, 4, 5, 6], "correct": [0, 0, 0, 1, 1, 0]}
    >>> two = {"id": [6, 5, 4, 3, 2, 1], "correct": [1, 1, 1, 1, 1, 0]}
    >>> import pyarrow
    >>> found = compare(pyarrow.table(one), pyarrow.table(two), names=("before", "after"))
    >>> found.pairs[0].outcome.value, found.pairs[0].flips.candidate_better
    ('tied', 3)
    """
    say = progress or (lambda _: None)
    _refuse_empty(
        by=by,
        score=score,
        metric=metric,
        label=label,
        cluster=cluster,
        repeat=repeat,
        slice=slices,
        system=system,
        scores=scores,
        filter=only_filter,
        against=against,
    )
    if not 0.5 < level < 1:
        raise BadInput(f"the level is {level:g}", expected="a confidence level above 0.5 and below 1", mend="say 0.95")
    asked_gate = None if require is None else Require(require)
    margin = checked_margin(margin, asked_gate)
    chosen = _metric(metric, label)
    asked = Asked(
        by=(by,) if isinstance(by, str) else tuple(by),
        score=score or "",
        scores=tuple(scores),
        label=label or "",
        cluster=cluster or "",
        repeat=repeat or "",
        system=system or "",
        slices=(slices,) if isinstance(slices, str) else tuple(slices),
        only_filter=only_filter or "",
        metric=metric or "",
    )
    read = read_sides(results, asked, names, say)
    direction = (
        Direction(higher_is_better=chosen.higher_is_better, told_by=f"as {chosen.name} is defined")
        if chosen
        else direction_of(read, higher_is_better, asked)
    )
    say("matching the items")
    together = matched(read.sides)
    say(f"comparing {together.items:,} items")
    kind = kind_of_scores(together.own, chosen)
    every = [
        scored(own, together, metric=chosen, repeat=side.roles.repeat, level=level, name=side.name)
        for own, side in zip(together.own, read.sides, strict=True)
    ]
    systems = _systems(read, together, every)
    places = _pairs(systems, against, is_gated=asked_gate is not None)
    question = Question(
        higher_is_better=direction.higher_is_better,
        metric=chosen,
        level=level,
        margin=margin,
        unit=f"clusters of {cluster}" if cluster else "items",
        threshold=None if asked_gate is None else threshold_of(asked_gate, margin),
        pairs=len(places),
    )
    pairs = adjusted(
        [
            pair_of((systems[one].name, systems[two].name), every[one], every[two], together, question)
            for one, two in places
        ],
        level,
    )
    gate = None
    if asked_gate is not None:
        gate = gate_of(asked_gate, margin or 0.0, pairs, systems, allow_missing=allow_missing)
    return Comparison(
        title=_title(systems, against),
        score=chosen.name if chosen else _score_name(read),
        kind=kind,
        higher_is_better=direction.higher_is_better,
        direction_by=direction.told_by,
        level=level,
        items=together.items,
        systems=systems,
        pairs=pairs,
        gate=gate,
        slices_left_out=_slices_left_out(together),
        facts=_facts(read, together, asked, direction, kind),
    )


def _refuse_empty(**options: str | Sequence[str] | None) -> None:
    """Refuse an option that was given without a value: a variable of a script that is not set asks for nothing."""
    for name, said in options.items():
        if said == "" or (said and not isinstance(said, str) and not all(said)):
            raise BadInput(
                f"--{name} is empty",
                expected="a name",
                mend="leave the option out, or check the variable that it came from",
            )


def _metric(metric: str | None, label: str | None) -> Metric | None:
    if metric is None and label is None:
        return None
    if metric is None or label is None:
        raise BadInput(
            "a metric takes the label of each item" if label is None else "there is a label and no metric",
            expected="--metric and --label together, or neither",
            mend="for instance: --metric roc_auc --label late",
        )
    if metric not in METRICS:
        raise BadInput(
            f"there is no metric {metric!r}",
            expected=f"one of {', '.join(METRICS)}",
            mend=f"{closest(metric, METRICS)}; a score that each item has by itself needs no metric",
        )
    return METRICS[metric]


def _score_name(read: Read) -> str:
    scores = list(dict.fromkeys(side.score for side in read.sides))
    return scores[0] if len(scores) == 1 else "score"


def _systems(read: Read, together: Matched, every: Sequence[Scored]) -> tuple[System, ...]:
    return tuple(
        System(
            name=side.name,
            source=side.table.source,
            recognised=loaded.recognised,
            score=one.score,
            rows=own.rows,
            items=own.items,
            runs=own.most_rows,
            missing=own.missing,
            missing_examples=own.missing_examples,
            run_variance=one.runs[0][0] if one.runs else None,
        )
        for side, loaded, own, one in zip(read.sides, read.loaded, together.own, every, strict=True)
    )


def _pairs(systems: Sequence[System], against: str | None, *, is_gated: bool) -> list[tuple[int, int]]:
    """Return (reference, candidate) of each pair: all of them, or all candidates against one."""
    names = [system.name for system in systems]
    if against is None and not is_gated:
        return list(itertools.combinations(range(len(names)), 2))
    if against is not None and against not in names:
        raise BadInput(
            f"there is no system {against!r} to compare against",
            expected=f"one of {shortened(names)}",
            mend="give its name as it is printed, or name the systems with --names",
        )
    reference = names.index(against) if against is not None else 0
    return [(reference, place) for place in range(len(names)) if place != reference]


def _title(systems: Sequence[System], against: str | None) -> str:
    reference = against if against is not None else systems[0].name
    others = [one.name for one in systems if one.name != reference]
    return f"{shortened(others, len(others))} against {shortened([reference])}"


def _slices_left_out(together: Matched) -> int:
    total = 0
    for groups in together.slices.values():
        sizes = np.bincount(groups.codes[groups.codes >= 0])
        total += int(((sizes > 0) & (sizes < FEWEST_ITEMS)).sum())
    return total


def _facts(read: Read, together: Matched, asked: Asked, direction: Direction, kind: ScoreKind) -> Mapping[str, str]:
    roles = read.sides[0].roles
    facts = {}
    for letter, side, loaded in zip("ABCDEFGHIJKLMNOPQRST", read.sides, read.loaded, strict=False):
        facts[letter] = (
            f"{side.name}: {counted(side.table.rows, 'row', 'rows')}, {loaded.recognised} ({side.table.source})"
        )
    better = "higher" if direction.higher_is_better else "lower"
    facts["score"] = f"{_score_name(read)}, {better} is better, {direction.told_by}"
    if kind is ScoreKind.METRIC:
        facts["score"] = f"{asked.metric} of {read.sides[0].score} for the label {asked.label}, {better} is better"
    facts["matched by"] = f"{' and '.join(roles.by)}: {together.items:,} items are in all{_typed_otherwise(read)}"
    for side, own in zip(read.sides, together.own, strict=True):
        if own.missing:
            such = shortened(own.missing_examples)
            facts[f"missing in {side.name}"] = (
                f"{counted(own.missing, 'item', 'items')} that another has, such as {such}; left out"
            )
    if any(own.most_rows > 1 for own in together.own):
        facts["repeated by"] = _repeats(read, together)
    if asked.cluster:
        facts["clustered by"] = asked.cluster
    notes = dict.fromkeys([*read.notes, *(note for side in read.sides for note in side.table.notes)])
    if notes:
        facts["note"] = "; ".join(notes)
    return facts


def _typed_otherwise(read: Read) -> str:
    """Say where an id is a whole number in one source and a text in another."""
    texts: dict[bool, list[str]] = {True: [], False: []}
    for side in read.sides:
        texts[any(pa.types.is_dictionary(side.table.columns[name].type) for name in side.roles.by)].append(side.name)
    if not texts[True] or not texts[False] or len(read.sides[0].roles.by) > 1:
        return ""
    return f"; ids are texts in {shortened(texts[True])} and none in {shortened(texts[False])}, matched as written"


def _repeats(read: Read, together: Matched) -> str:
    name = next(side.roles.repeat for side, own in zip(read.sides, together.own, strict=True) if own.most_rows > 1)
    runs = " and ".join(dict.fromkeys(str(own.most_rows) for own in together.own))
    how = (
        "independent draws of each item, so the spread of the items holds their variance"
        if name.strip().lower() in DRAWN_PER_ITEM
        else "runs of the whole, whose variance is added"
    )
    return f"{name}: up to {runs} rows of an item, averaged; {how}"
