"""The brief: the contract of an eval, as it stands in `brief.toml`."""

import errno
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from heldout.core.errors import BadInput
from heldout.core.lift import Band, LiftScale, LiftTarget
from heldout.evals.toml import MAX_BYTES, Section, read_toml
from heldout.stats.metrics import METRICS, Metric

__all__ = ["Brief", "OpenBrief", "largest_lift", "open_brief"]

GUIDE = "docs/guide/eval.md"
Text = Annotated[str, Field(min_length=1)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
CHANCE = {"roc_auc": 0.5}
"""What a blind guess reaches, for metrics where that does not depend on the data."""
AXES = ("architecture", "reproducibility", "monitoring")


class EvalSection(Section):
    """What the eval is called, asks for and allows."""

    title: Text
    objective: Text
    version: Annotated[int, Field(ge=1)] = 1
    """The version of the brief; an accepted amendment makes the next one."""
    ai_use: Literal["allowed", "disclosed", "forbidden"]
    kind: Literal["lift", "drift", "rescue"] = "lift"
    """What is asked for: a lift, a drift detector beside it, or a leaky project to be found and mended."""
    level: Literal["junior", "mid", "senior", "staff"] = "mid"
    """Of whom it is asked; the level set the rubric's weights, and its anchors are read at that level."""


class DataFile(Section):
    """A table, by its path relative to the brief and the SHA-256 of its bytes."""

    path: Text
    sha256: Sha256


class DataSection(Section):
    """The tables and what their columns mean."""

    key: Text
    """The column that names a row; predictions are joined by it."""
    time: Text | None = None
    cluster: Text | None = None
    """Rows that share its value are dependent; intervals are clustered by it."""
    target: Text
    """The column of the answers that is to be predicted."""
    positive: str | int | float | bool | None = None
    """The target's value that counts as 1; not given for a regression."""
    rows_without_label: Text
    """What is done with rows that have no label, and why. The scorer leaves them out."""
    known_at_prediction: Annotated[tuple[Text, ...], Field(min_length=1)]
    train: DataFile
    feedback: DataFile | None = None
    final: DataFile


class AnswersFile(Section):
    """Where the labels lie (kept by the grader), and the SHA-256 of their bytes (published)."""

    path: Text | None = None
    sha256: Sha256


class AnswersSection(Section):
    """The labels of the holdout: disjoint feedback rows and final rows."""

    feedback: AnswersFile | None = None
    final: AnswersFile


class MetricSection(Section):
    """The metric, and which way is better."""

    name: Text
    direction: Literal["higher", "lower"]

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.name not in METRICS:
            raise ValueError(f"metric.name {self.name} is not known; known are {', '.join(METRICS)}")
        direction = "higher" if METRICS[self.name].higher_is_better else "lower"
        if self.direction != direction:
            raise ValueError(f"metric.direction says {self.direction}, but for {self.name} {direction} is better")
        return self


class BaselineSection(Section):
    """The submission that the candidate's is compared with; re-run under the same contract and budget."""

    path: Text


class LiftSection(Section):
    """What is asked of the lift over the baseline, on which scale."""

    scale: LiftScale
    minimum: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    target: Positive

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.target < self.minimum:
            raise ValueError(f"lift.target {self.target:g} is below lift.minimum {self.minimum:g}")
        return self


class BudgetSection(Section):
    """What one phase of one run (train, predict) may use."""

    wall_seconds: Positive
    cpu_seconds: Positive
    gpu_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    memory_mb: Annotated[int, Field(ge=64)]
    backup_plan: Text
    """What happens when the machines that the budget assumes are not there."""


class WindowSection(Section):
    """How long a candidate has, in agreed hours, and what becomes of what is handed in later."""

    hours: Positive
    grace_minutes: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    """What is handed in within these minutes after the end counts as in time, and is recorded as later."""
    late: Literal["graded", "refused"] = "graded"
    """After that: graded with the delay on the card, for a person to weigh, or refused."""


class CadenceSection(Section):
    """How often an update is due, in waking hours."""

    hours: Positive
    waking: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] = "08:00-22:00"
    """The hours of a day that count, in the candidate's time zone; agreed at the opening, where others may be set."""


class PeopleSection(Section):
    """What is agreed with the person before the clock starts."""

    consent: Text = (
        "What you push, write and hand in is recorded with its time, read by the organiser and by raters, and used for "
        "this decision alone."
    )
    retention_days: Annotated[int, Field(ge=1)] = 180
    """After so many days `heldout eval forget` is due."""


class DeliverablesSection(Section):
    """What is handed in, in words, for people."""

    code: Text
    documentation: Text
    monitoring: Text


class ReproducibilitySection(Section):
    """How equal two runs with the same seed must be, and how many seeds the grader draws."""

    epsilon: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Tolerance class: the largest |difference of predictions| between two runs."""
    delta: Positive | None = None
    """Statistical class: bound of the between-run SD of the metric; default a quarter of the minimum lift."""
    lowest: Literal["bitwise", "tolerance", "statistical"]
    seeds: Annotated[int, Field(ge=1, le=100)] = 3


class LevelAnchors(Section):
    """What work on one axis looks like at each level, in words."""

    junior: Text
    mid: Text
    senior: Text
    staff: Text


class AnchorsSection(Section):
    """Anchors in words per axis, which raters read at the brief's level; collaboration has anchors and no weight."""

    architecture: LevelAnchors
    reproducibility: LevelAnchors
    monitoring: LevelAnchors
    collaboration: LevelAnchors


class RubricSection(Section):
    """The weights of the axes; they sum to 1."""

    architecture: Share
    reproducibility: Share
    monitoring: Share
    anchors: AnchorsSection | None = None

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        total = sum(getattr(self, axis) for axis in AXES)
        if not math.isclose(total, 1.0, abs_tol=1e-9):
            raise ValueError(f"the weights of rubric sum to {total:g}, not to 1")
        return self


class DriftSection(Section):
    """What the drift detector of a drift eval is held to."""

    days: Annotated[int, Field(ge=1, le=3650)] = 60
    """On so many days it is tried."""
    false_alarms_per_month: Annotated[float, Field(ge=0, le=31)] = 1.0
    """On clean days it may alarm so often in 30 days, at most."""
    smallest_shift: Positive = 0.25
    """The smallest shift that it has to find, in standard deviations of a column."""


class BandsSection(Section):
    """The bands, worst first."""

    order: tuple[Band, ...] = tuple(Band)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if sorted(self.order) != sorted(Band):
            raise ValueError(f"bands.order names each band once: {', '.join(Band)}")
        return self


LevelName = Literal["junior", "mid", "senior", "staff"]


class FloorSection(Section):
    """The lowest level on each axis that a passing band takes; none where it is not said."""

    architecture: LevelName | None = None
    reproducibility: LevelName | None = None
    monitoring: LevelName | None = None
    collaboration: LevelName | None = None


class PointsSection(Section):
    """What a level is worth in the score of the axes; a higher level is worth as much at least."""

    junior: Share = 0.0
    mid: Share = 1 / 3
    senior: Share = 2 / 3
    staff: Share = 1.0

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not self.junior <= self.mid <= self.senior <= self.staff:
            raise ValueError("decision.points fall from a level to a higher one")
        return self


class DeductionSection(Section):
    """A deduction that was announced: its name, the points of the score that it takes, and when it is made."""

    name: Text
    points: Share
    when: Text


class DecisionSection(Section):
    """How levels change the band of the lift. Everything is neutral where nothing is said: the lift's band stands."""

    floor: FloorSection = FloorSection()
    points: PointsSection = PointsSection()
    pass_score: Share = 0.0
    """Below this score of the axes a work fails, whatever its lift."""
    target_score: Share = 0.0
    """Below this score a work passes at most."""
    multiplier: Annotated[float, Field(ge=0, le=10)] = 1.0
    """By which every score is multiplied."""
    deductions: tuple[DeductionSection, ...] = ()
    """What the organiser may deduct by name, with author and reason; nothing is deducted by itself."""

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.target_score < self.pass_score and self.target_score:
            raise ValueError(
                f"decision.target_score {self.target_score:g} is below decision.pass_score {self.pass_score:g}"
            )
        names = [deduction.name for deduction in self.deductions]
        if len(set(names)) < len(names):
            raise ValueError("decision.deductions has a name twice")
        return self


class AmendmentSection(Section):
    """An accepted change of scope: what was narrowed, at the cost of what, and when that was accepted."""

    version: Annotated[int, Field(ge=2)]
    """The version of the brief that it made."""
    narrowed: Text
    tradeoffs: Text
    accepted: Text
    """When it was accepted, ISO 8601 with its offset."""


class Brief(Section):
    """The contract of an eval: every key of `brief.toml`."""

    eval: EvalSection
    data: DataSection
    answers: AnswersSection
    metric: MetricSection
    baseline: BaselineSection
    lift: LiftSection
    budget: BudgetSection
    window: WindowSection
    cadence: CadenceSection
    deliverables: DeliverablesSection
    reproducibility: ReproducibilitySection
    rubric: RubricSection
    bands: BandsSection = BandsSection()
    decision: DecisionSection = DecisionSection()
    """What the committee's levels, a multiplier and deductions change of the band; neutral by default."""
    people: PeopleSection = PeopleSection()
    amendments: tuple[AmendmentSection, ...] = ()
    """The accepted changes of scope, in order; `heldout eval rescope` writes them."""
    drift: DriftSection = DriftSection()
    """For the kind drift alone."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        data = self.data
        if (data.feedback is None) != (self.answers.feedback is None):
            raise ValueError("data.feedback and answers.feedback come together or not at all")
        if data.target in data.known_at_prediction:
            raise ValueError(f"data.known_at_prediction holds the target, {data.target}")
        if self.is_classification != (data.positive is not None):
            asks = "asks for data.positive" if self.is_classification else "is for numbers: leave data.positive out"
            raise ValueError(f"metric.name {self.metric.name} {asks}")
        if "drift" in self.model_fields_set and self.eval.kind != "drift":
            raise ValueError(f"eval.kind is {self.eval.kind}, and the section drift is for the kind drift")
        ceiling = largest_lift(self.metric.name, self.lift.scale)
        if self.lift.target > ceiling:
            raise ValueError(
                f"lift.target {self.lift.target:g} cannot be reached: {self.lift.scale} lift of {self.metric.name} "
                f"is at most {ceiling:g}"
            )
        return self

    @property
    def lift_target(self) -> LiftTarget:
        """What is asked of the lift, in the house's words."""
        lift = self.lift
        return LiftTarget(scale=lift.scale, minimum=lift.minimum, target=lift.target, confidence=lift.confidence)

    @property
    def available(self) -> frozenset[str]:
        """The columns that are there when a prediction is made: those called known, the key, the time, the cluster."""
        named = (self.data.key, self.data.time, self.data.cluster)
        return frozenset((*self.data.known_at_prediction, *(name for name in named if name)))

    @property
    def is_classification(self) -> bool:
        """True when the target is a class and predictions are probabilities of the positive one."""
        return METRICS[self.metric.name].task == "binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBrief:
    """A brief with where it was read, the SHA-256 of its bytes, and the folder that its paths are relative to."""

    brief: Brief
    path: Path
    sha256: str
    folder: Path

    def file(self, relative: str) -> Path:
        """Return a path of the brief as a path on this machine."""
        return (self.folder / relative).resolve()

    def answers_file(self, which: str) -> Path:
        """Return where the labels of the "feedback" or "final" rows lie."""
        section: AnswersFile | None = getattr(self.brief.answers, which)
        named = section.path if section is not None else None
        return self.file(named or f"answers/{which}.parquet")

    @property
    def planted_file(self) -> Path | None:
        """Where the list of planted leaks lies; None where no rescue is asked for."""
        return self.folder / "answers" / "planted.json" if self.brief.eval.kind == "rescue" else None


def open_brief(path: Path, folder: Path | None = None) -> OpenBrief:
    """Read and check a brief. `path` is the file, or the folder that holds `brief.toml`. Raises BadInput.

    Its paths are relative to `folder`, the eval's, or else to where it lies: an amended brief lies in the record.
    """
    path = path / "brief.toml" if path.is_dir() else path
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, a device read without end
            raise OSError(errno.EINVAL, "it is no file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(
            f"cannot read the brief: {error.strerror}",
            where=str(path),
            expected="a brief.toml, or a folder that holds one",
            mend="check the path",
        ) from None
    brief = read_toml(content, Brief, source=path.name, guide=GUIDE)
    path = path.resolve()
    return OpenBrief(
        brief=brief,
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        folder=path.parent if folder is None else folder.resolve(),
    )


def largest_lift(metric: str, scale: LiftScale, baseline: float | None = None) -> float:
    """Return the lift that a perfect model reaches, at most.

    Without the baseline's score the bound takes a baseline that guesses blindly; infinite where that is not known.
    """
    chosen: Metric = METRICS[metric]
    if scale is LiftScale.ERROR_REDUCTION or (scale is LiftScale.RELATIVE and not chosen.higher_is_better):
        return 1.0
    base = CHANCE.get(metric) if baseline is None else baseline
    if base is None:
        return chosen.highest - chosen.lowest if scale is LiftScale.ABSOLUTE else math.inf
    room = abs(chosen.perfect - base)
    if scale is LiftScale.ABSOLUTE:
        return room
    return room / base if base > 0 else math.inf
