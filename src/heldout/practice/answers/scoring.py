"""Scores an explanation, before its probes and after them: a pure function."""

from collections.abc import Mapping
from dataclasses import dataclass

from heldout.practice.answers.read import Explanation, Heard, Standing

__all__ = ["CONTRADICTED", "SAID", "TOUCHED", "Score", "score"]

SAID = 1.0
"""What a covered point earns, and a right probe after an answer that held the point in words rules cannot weigh."""
TOUCHED = 0.5
"""What a right probe earns after an answer that came near and did not say it."""
CONTRADICTED = -0.5
"""What a contradicted point costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Shares of each point by its name, in [-0.5, 1]; and the totals of 100, never below 0."""

    shares: Mapping[str, float]
    before: float
    after: float


def score(explanation: Explanation, probes: Mapping[str, int] | None = None) -> Score:
    """Return the score of an explanation with the options that were chosen in its probes, by the name of the point.

    A wrong option costs so much that a guess among all options earns nothing on average. A probe without an answer
    earns nothing, and one that was not asked is not looked at. Without points the totals are 0.
    """
    before = {one.point: _standing(one) for one in explanation.heard}
    after = {one.point: before[one.point] + _probed(one, (probes or {}).get(one.point)) for one in explanation.heard}
    return Score(shares=after, before=_total(before), after=_total(after))


def _standing(heard: Heard) -> float:
    return {Standing.COVERED: SAID, Standing.CONTRADICTED: CONTRADICTED}.get(heard.standing, 0.0)


def _probed(heard: Heard, chosen: int | None) -> float:
    probe = heard.probe
    if probe is None or chosen is None or not 0 <= chosen < len(probe.options):
        return 0.0
    worth = SAID if heard.is_said else TOUCHED
    return worth if chosen == probe.right else -worth / max(len(probe.options) - 1, 1)


def _total(shares: Mapping[str, float]) -> float:
    return 100 * max(sum(shares.values()) / len(shares), 0.0) if shares else 0.0
