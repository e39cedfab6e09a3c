"""What is reported of a score and what it is for, held against the tables: the evidence of the metric's checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heldout.app.asked import Asked
from heldout.app.audit_metric import metric_of
from heldout.app.audit_score import Rescored, reported_of, rescored
from heldout.app.audit_use import (
    decision_of,
    persistence_of,
    refuse_bad_use,
    refuse_capacity,
    slices_of,
    threshold_of,
)
from heldout.app.audited import Audited, Reader
from heldout.core.errors import BadInput
from heldout.core.evidence import Reported
from heldout.tables import Source

__all__ = ["Scoring", "Use", "scoring_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What the user said of a score and its use; see `heldout.audit` for each.

    Raises BadInput for a capacity, costs or a threshold that are none.
    """

    metric: str | None
    reported: float | None
    interval: tuple[float, float] | None
    predictions: Source | None
    slices: Sequence[str]
    threshold: float | None
    threshold_chosen_on: str
    capacity: int | None
    costs: tuple[float, float] | None
    needs_probability: bool

    def __post_init__(self) -> None:
        refuse_bad_use(
            capacity=self.capacity,
            costs=self.costs,
            threshold=self.threshold,
            chosen_on=self.threshold_chosen_on,
            metric=self.metric or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """The score of an audit: the metric's name, what is reported, what was computed again; and the evidence of both."""

    metric: str
    reported: Reported | None
    rescored: Rescored | None
    is_asked_for: bool
    evidence: Mapping[str, object]


def scoring_of(audited: Audited, use: Use, read: Reader, asked: Asked) -> Scoring:
    """Read the predictions, compute the score again, and make the evidence. Raises BadInput for what does not fit."""
    refuse_capacity(audited, use.capacity)
    name = metric_of(use.metric, audited.label.kind, use.threshold)
    quoted = reported_of(use.reported, name, use.interval, audited.label.kind)
    groups = slices_of(audited, use.slices)
    scored = None
    if use.predictions is not None:
        answers = read(use.predictions, drop=False)
        scored = rescored(audited, answers, metric=name, row_id=asked.row_id, entity=asked.entity, time=asked.time)
    elif use.slices or use.threshold is not None:
        raise BadInput(
            "slices or a threshold are given, and no predictions to score there",
            mend="give the scores of the test rows with --predictions",
        )
    is_asked_for = quoted is not None or scored is not None or use.metric is not None
    evidence = {
        "reported": quoted,
        "predictions": None if scored is None else scored.evidence,
        "baselines": None if scored is None else persistence_of(audited, asked.time, asked.entity),
        "slices": groups,
        "threshold": threshold_of(use.threshold, use.threshold_chosen_on, name),
        "decision": decision_of(
            name,
            is_scored=is_asked_for,
            capacity=use.capacity,
            costs=use.costs,
            needs_probability=use.needs_probability,
        ),
    }
    return Scoring(metric=name, reported=quoted, rescored=scored, is_asked_for=is_asked_for, evidence=evidence)
