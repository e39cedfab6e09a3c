"""The paired lift of a submission over the re-run baseline, as data."""

from dataclasses import dataclass
from enum import StrEnum

from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate

__all__ = ["Band", "Decision", "Lift", "LiftScale", "LiftTarget"]


class LiftScale(StrEnum):
    """How a candidate's metric is compared with the baseline's.

    For a metric where higher is better, with candidate c and baseline b: absolute is c - b, relative is (c - b) / b,
    error_reduction is ((1 - b) - (1 - c)) / (1 - b). For a loss the sign is turned, and error_reduction is (b - c) / b.
    """

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    ERROR_REDUCTION = "error_reduction"


def _scale(scale: LiftScale | str) -> LiftScale:
    try:
        return LiftScale(scale)
    except ValueError as error:
        raise BadInput(f"there is no scale {scale!r}", expected=" or ".join(LiftScale)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftTarget:
    """What the brief asks of the lift: its scale, the minimum, the confidence asked for, the target."""

    scale: LiftScale
    minimum: float
    target: float
    confidence: float = 0.95

    def __post_init__(self) -> None:
        # a name is a str as LiftScale is, and would be taken for none of its members
        object.__setattr__(self, "scale", _scale(self.scale))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """Candidate against baseline on the same rows, over seeds.

    `estimate` is the lift with its two-sided interval on `scale`, n in rows; `standard_error` includes the seed
    variance of both sides where it was measured; `degrees_of_freedom` by Satterthwaite. `seed_variance` is what
    the candidate's seeds add to the lift's variance (s² / S, squared lift units), None when it was not measured
    (outputs that ignore the seed, or one seed), and `baseline_seed_variance` the same of the baseline's.
    `largest_clusters_share` is the share of the clustered variance that the five largest contributions carry.
    `coverage` is the simulated coverage of the nominal interval, made below 100 clusters. `candidate` and `baseline`
    are the metric of each, averaged over seeds.
    """

    metric: str
    scale: LiftScale
    estimate: Estimate
    standard_error: float | None
    degrees_of_freedom: float | None
    clusters: int
    design_effect: float | None
    largest_clusters_share: float | None
    seeds: int
    baseline_seeds: int
    seed_variance: float | None
    candidate: Estimate
    baseline: Estimate
    coverage: Estimate | None = None
    baseline_seed_variance: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", _scale(self.scale))


class Band(StrEnum):
    """The outcomes of an eval, in order; `undecided` is for a person."""

    FAIL = "fail"
    UNDECIDED = "undecided"
    PASS = "pass"  # noqa: S105  # a band, not a password
    TARGET = "target"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The band that the default rule gives, why in one sentence each, and the two confidences it rests on.

    `at_minimum` is confidence(lift ≥ minimum), one minus a one-sided p, not a posterior; None where undefined.
    """

    band: Band
    reasons: tuple[str, ...]
    at_minimum: float | None
