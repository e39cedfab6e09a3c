"""The rule that makes a band of the lift's band and the levels: a pure function of both and of the brief.

The band of the lift stands. A level below a floor, or a score below `pass_score`, lets a work fail; a score below
`target_score` lets it pass at most. What is undecided by the lift stays so until a person decides it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heldout.core.lift import Band
from heldout.evals.brief import AXES, Brief
from heldout.evals.committee.levels import LEAVES, LEVELS

__all__ = ["Deduction", "Ruled", "needed", "rule"]

CLOSE = 1e-9
"""A score this near to a threshold has reached it: thirds do not add up to 1 in the last bit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """Points that are taken from a score, why, and by whom."""

    points: float
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The band by the rule, and how it came about in a sentence each.

    `mean` is Σ weight × points of the axes; `score` is that × multiplier − deductions, 0 at least. `level` is the
    highest level whose points the mean reaches.
    """

    band: Band
    mean: float
    score: float
    level: str
    reasons: tuple[str, ...]


def needed(brief: Brief) -> tuple[str, ...]:
    """Return the leaves without whose level there is no band: those with a weight, or with a floor."""
    floor = brief.decision.floor
    return tuple(leaf for leaf in LEAVES if getattr(brief.rubric, leaf, 0.0) > 0 or getattr(floor, leaf) is not None)


def rule(
    brief: Brief,
    band: Band,
    levels: Mapping[str, str],
    *,
    multiplier: float = 1.0,
    deductions: Sequence[Deduction] = (),
) -> Ruled:
    """Return the band that the brief's rule makes of the lift's `band` and the `levels` of all `needed` leaves."""
    decision = brief.decision
    points: dict[str, float] = {level: getattr(decision.points, level) for level in LEVELS}
    weighed = [axis for axis in AXES if getattr(brief.rubric, axis) > 0]
    mean = sum(getattr(brief.rubric, axis) * points[levels[axis]] for axis in weighed)
    score = max(0.0, mean * multiplier - sum(one.points for one in deductions))
    reasons = [f"By its lift the work is: {band.value}.", _sum(brief, weighed, levels, points, mean)]
    if multiplier != 1:
        reasons.append(f"Multiplied by {multiplier:g}.")
    reasons += [f"{one.points:g} deducted: {one.reason.rstrip('.')}." for one in deductions]
    most = _most(brief, levels, score, reasons)
    order = brief.bands.order
    ruled = band if band is Band.UNDECIDED else min(band, most, key=order.index)
    if band is Band.UNDECIDED:
        reasons.append("The lift does not decide; a person does, with a reason.")
    level = max((name for name in LEVELS if points[name] <= mean + CLOSE), key=LEVELS.index, default=LEVELS[0])
    return Ruled(band=ruled, mean=mean, score=score, level=level, reasons=tuple(reasons))


def _most(brief: Brief, levels: Mapping[str, str], score: float, reasons: list[str]) -> Band:
    """Return the best band that levels and score allow, and add why."""
    decision, most = brief.decision, Band.TARGET
    for leaf in LEAVES:
        lowest = getattr(decision.floor, leaf)
        if lowest is not None and LEVELS.index(levels[leaf]) < LEVELS.index(lowest):
            reasons.append(f"{leaf} is {levels[leaf]}, below the floor {lowest}: fail at most.")
            most = Band.FAIL
    if score < decision.pass_score - CLOSE:
        reasons.append(f"The score {score:.3f} is below {decision.pass_score:g}: fail at most.")
        return Band.FAIL
    if score < decision.target_score - CLOSE and most is Band.TARGET:
        reasons.append(f"The score {score:.3f} is below {decision.target_score:g}: pass at most.")
        return Band.PASS
    return most


def _sum(brief: Brief, axes: Sequence[str], levels: Mapping[str, str], points: Mapping[str, float], mean: float) -> str:
    parts = [
        f"{axis} is {levels[axis]}, worth {points[levels[axis]]:.3g} at weight {getattr(brief.rubric, axis):g}"
        for axis in axes
    ]
    return f"Levels: {'; '.join(parts)}; together {mean:.3f} of 1."
