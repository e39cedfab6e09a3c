"""Two or more systems on the same items, as data: who is ahead, how sure that is, and where they differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from heldout.core.estimate import Estimate
from heldout.core.verdict import ExitCode

__all__ = [
    "Comparison",
    "Equivalence",
    "Flip",
    "Flips",
    "Gate",
    "Outcome",
    "Pair",
    "Require",
    "ScoreKind",
    "Slice",
    "System",
]


class ScoreKind(StrEnum):
    """What an item's score is: `binary` (right or wrong), `numeric`, or a prediction that a `metric` scores."""

    BINARY = "binary"
    NUMERIC = "numeric"
    METRIC = "metric"


class Outcome(StrEnum):
    """The candidate's place against the reference: `ahead` or `behind` where the interval leaves 0 out and p, of
    several pairs the adjusted one, is at most 1 - level; else `tied`; `undecided` where there is no interval.
    """

    AHEAD = "ahead"
    BEHIND = "behind"
    TIED = "tied"
    UNDECIDED = "undecided"


class Require(StrEnum):
    """What a gate asks of the candidate: `better` (by more than the margin, if one is given), or `not-worse`."""

    BETTER = "better"
    NOT_WORSE = "not-worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One system: its score on the common items, and what its results held.

    `rows` and `items` count what its source held, `runs` the most rows that an item had. `missing` counts the items
    of the others that it lacks. `run_variance` is what the choice of runs adds to the variance of its score, None
    where it was not measured, or where an item's runs are independent draws, which the items' spread holds already.
    """

    name: str
    source: str
    recognised: str
    score: Estimate
    rows: int
    items: int
    runs: int
    missing: int
    missing_examples: tuple[str, ...]
    run_variance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An item on which the two differ: its id, both scores, and its label where a metric scored them."""

    item: str
    reference: float
    candidate: float
    label: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """On how many items each is better, and the items of the largest difference either way."""

    candidate_better: int
    reference_better: int
    equal: int
    for_candidate: tuple[Flip, ...]
    for_reference: tuple[Flip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The pair on the items of one slice; `adjusted_p_value` is Benjamini and Hochberg's over all slices of all pairs.

    `outcome` is ahead or behind where that is at most 1 - level and the interval leaves 0 out.
    """

    column: str
    value: str
    items: int
    clusters: int
    reference: float | None
    candidate: float | None
    difference: Estimate
    p_value: float | None
    adjusted_p_value: float | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """Whether the two are equivalent within ±margin: two one-sided tests, so the `interval` is at 2 × level - 1."""

    margin: float
    interval: Estimate
    holds: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A candidate against a reference on the items that both have.

    `difference` is candidate minus reference, with the sign turned where lower is better: above 0 the candidate is
    better. `unpaired` is what the interval would be if each had been scored on items of its own. `unit` names what
    counts as independent, `clusters` how many there are. `correlation` is that of the items' scores; `detectable`
    the true difference that so many items show with power .8; `adjusted_p_value` Holm's over all pairs.
    `one_sided_p_value` is that of the difference being above what the gate asks for; None without a gate, and where
    the interval is that test.
    """

    reference: str
    candidate: str
    difference: Estimate
    unpaired: Estimate
    standard_error: float | None
    degrees_of_freedom: float | None
    p_value: float | None
    test: str
    adjusted_p_value: float | None
    clusters: int
    unit: str
    design_effect: float | None
    largest_clusters_share: float | None
    correlation: float | None
    detectable: float | None
    equivalence: Equivalence | None
    outcome: Outcome
    flips: Flips
    one_sided_p_value: float | None = None
    slices: tuple[Slice, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What was asked of every candidate, and whether it holds; None where an interval is undefined."""

    require: Require
    margin: float
    holds: bool | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Systems compared on their common items.

    `score` names what was compared, `direction_by` what told its direction. `facts` are what was looked at, in
    reading order; `slices_left_out` counts the slices with too few items.
    """

    title: str
    score: str
    kind: ScoreKind
    higher_is_better: bool
    direction_by: str
    level: float
    items: int
    systems: tuple[System, ...]
    pairs: tuple[Pair, ...]
    gate: Gate | None = None
    slices_left_out: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)

    def exit_code(self) -> int:
        """Return 0 without a gate or where it holds, 1 where it does not, 3 where it cannot be decided."""
        if self.gate is None or self.gate.holds:
            return ExitCode.CLEAR
        return ExitCode.UNDECIDED if self.gate.holds is None else ExitCode.PROBLEM
