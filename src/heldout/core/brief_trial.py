"""The trial of a brief: what a ladder of reference submissions came to under it, and what to mend, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from heldout.core.estimate import Estimate
from heldout.core.finding import Finding
from heldout.core.lift import Band, Lift, LiftTarget

__all__ = ["AGENT", "BriefTrial", "Flaw", "FlawKind", "Foretold", "Phase", "Readiness", "Rung", "Use"]

AGENT = "agent"
"""The name of the submission that a given command left."""


class Readiness(StrEnum):
    """What a trial comes to; `undecided` where a reference could not be graded through no fault of the brief."""

    READY = "ready"
    MEND = "to mend"
    UNDECIDED = "undecided"


class FlawKind(StrEnum):
    """The kinds of broken briefs that a trial knows."""

    TELLS_LABELS = "holdout tells its labels"
    OVERLAP = "train and holdout overlap"
    TIME_ORDER = "times are out of order"
    DISGUISE = "a known column is the target in disguise"
    POWER = "too little power"
    BASELINE = "the baseline cannot be relied on"
    BUDGET = "the budget is too small"
    FEEDBACK = "feedback rows mislead"
    TARGET = "the target is out of reach"
    METRIC = "the metric does not see what models differ in"
    SEPARATION = "the bands do not separate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong with a brief: its kind, what was seen, how to mend it.

    `blocks` is False for what the organiser should know and may leave. `seen` says when it was seen: "before anything
    ran" or "in the gradings". `code` names the check that found it, or is empty.
    """

    kind: FlawKind
    claim: str
    mend: str
    blocks: bool = True
    seen: str = "in the gradings"
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The most that any command of a submission used of one limit of the budget; `used` None where not measured."""

    what: str
    used: float | None
    limit: float
    phase: str

    @property
    def share(self) -> float | None:
        """Used over the limit."""
        return None if self.used is None else self.used / self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One submission of the ladder, graded: where it landed, and how likely each band is when the holdout is redrawn.

    `chances` is empty where nothing was scored; `why` are the decision's reasons. `findings` are the problems and
    cautions of its card, `axes` the share of clear answers by axis. `seconds` is the wall time of all its own steps.
    `ended` names the limit or the cause that ended it, and is empty where it was scored.
    """

    name: str
    what: str
    band: Band
    why: tuple[str, ...]
    lift: Lift | None
    reported: float | None
    reproducibility: str
    axes: Mapping[str, Estimate]
    chances: Mapping[Band, float]
    uses: tuple[Use, ...]
    findings: tuple[Finding, ...]
    seconds: float
    ended: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A phase of grading: how many of its steps were done in this trial, and the wall seconds of all of them."""

    name: str
    steps: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What a simulated candidate of a true lift is given, as `heldout eval new` tells it."""

    name: str
    true_lift: float
    bands: Mapping[Band, float]
    standard_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefTrial:
    """Everything that a trial found.

    `rungs` are the references in the order of the ladder, then the agent where there was one; empty where the trial
    stopped early. `separated` is the chance that in redrawn holdouts sound and strong pass, above the other three, and
    strong not below sound; None where nothing was scored. `resolves` is the smallest true lift that passes with a power
    of 0.8 under the variance that was measured, None where it was not; `measured` has the chances of candidates between
    the baseline and the strong reference, `foretold` those between it and a pilot. `per_candidate` and `shared` are
    wall seconds of grading: of one more candidate, and once for all of them.
    """

    title: str
    brief_sha256: str
    readiness: Readiness
    flaws: tuple[Flaw, ...]
    target: LiftTarget
    metric: str
    rungs: tuple[Rung, ...]
    separated: float | None
    resolves: float | None
    power_at_target: float | None
    foretold: tuple[Foretold, ...]
    measured: tuple[Foretold, ...]
    pilot_lift: float | None
    phases: tuple[Phase, ...]
    per_candidate: float | None
    shared: float | None
    notes: tuple[str, ...] = ()

    @property
    def blocking(self) -> tuple[Flaw, ...]:
        """The flaws that have to be mended."""
        return tuple(flaw for flaw in self.flaws if flaw.blocks)
