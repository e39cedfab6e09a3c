"""The card: what a committee reads about one submission, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from heldout.core.correction import Correction
from heldout.core.estimate import Estimate
from heldout.core.finding import Finding
from heldout.core.lift import Decision, Lift, LiftTarget
from heldout.core.monitoring_evidence import AlertTrial, DriftTrial
from heldout.core.rescue_evidence import Rescue

__all__ = ["Axis", "Card", "Price", "RunRecord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One weighted axis of the rubric (architecture, reproducibility, monitoring) with its machine evidence.

    `score` is the share of the axis's answered checks that ended clear (a counted share, n checks), undefined when
    none was answered. Evidence for a human level, not a substitute for it. `codes` are the checks behind it.
    """

    name: str
    weight: float
    score: Estimate
    codes: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one problem adds to the reported score, measured by rerunning the submission.

    `first_in` is the drop when it alone is mended, `last_in` the drop when it is mended after all others;
    in the metric's units. `what` names the column or split.
    """

    what: str
    certainty: str
    first_in: Estimate
    last_in: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run of a phase: what was run, with which seed, how it ended and what it used."""

    phase: str
    seed: int | None
    command: tuple[str, ...]
    ending: str
    cause: str | None
    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float | None
    output_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that the committee is shown, in plain data; `objective` is the brief's, in words.

    `reported` is what the submission says of itself, `supported` the metric on the final rows under the brief;
    `prices` say what lies between. `hashes` name (brief, commit, environment, data, predictions, ...) and their
    digests; `isolation` is the sandbox level in force with its explanation.
    `volatile` lists the JSON paths that may differ between two gradings of the same submission. `collaboration` has no
    weight and stands beside the axes; `record` says in words what the record of the eval holds (when it was opened and
    handed in, updates, agreed changes), by name, and `replies` what the candidate answered to an earlier version of
    this card; all three are empty for a grading without a record. `alert_trial` and `drift_trial` say what alerts and a
    drift detector did when they were exercised, None where they were not; `rescue` what became of planted leaks, None
    where the brief asks for no rescue. `corrections` are replies that were decided; of a card with an accepted one that
    holds, findings and axes are the amended ones.
    """

    eval_title: str
    submission: str
    objective: str = ""
    decision: Decision
    target: LiftTarget
    lift: Lift | None
    metric: str
    reported: float | None
    reported_evaluation: str
    supported: Estimate | None
    prices: tuple[Price, ...]
    axes: tuple[Axis, ...]
    findings: tuple[Finding, ...]
    reproducibility: str
    isolation: str
    runs: tuple[RunRecord, ...]
    hashes: Mapping[str, str]
    volatile: tuple[str, ...]
    collaboration: Axis | None = None
    record: Mapping[str, str] = field(default_factory=dict)
    replies: tuple[str, ...] = ()
    alert_trial: AlertTrial | None = None
    drift_trial: DriftTrial | None = None
    rescue: Rescue | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def is_amended(self) -> bool:
        """True where a reply was accepted, so that a line differs from the card that was graded."""
        return any(one.accepted and one.holds for one in self.corrections)
