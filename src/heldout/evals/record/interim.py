"""When a score on the feedback rows is released: only a new best beyond its error, and only so often.

Each release tells something of the feedback rows; a submission that is tuned to them would climb on noise. The rule is
that of the Ladder (Blum & Hardt 2015, ICML), with the standard error of the paired improvement as the step.
"""

from dataclasses import dataclass

from heldout.core.lift import Lift

__all__ = ["MOST_RELEASES", "STEP", "Release", "release"]

MOST_RELEASES = 5
STEP = 1.0
"""Standard errors that an improvement has to exceed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Whether a score is released, and why in a sentence that tells no score."""

    released: bool
    why: str


def release(improvement: Lift, *, releases: int, most: int = MOST_RELEASES) -> Release:
    """Decide on one submission. `improvement` is its paired, clustered lift over the best released so far.

    The first is compared with the baseline. `releases` are those so far. Withheld where the cap is reached, the
    improvement is not beyond one standard error, or has no standard error.

    >>> from heldout.stats import paired_lift
    >>> label, score = [0, 1] * 40, [i % 7 / 7 for i in range(80)]
    >>> release(paired_lift(label, score, score, metric="roc_auc", scale="absolute"), releases=0).released
    False
    """
    if releases >= most:
        return Release(released=False, why=f"All {most} releases were made.")
    value, error = improvement.estimate.value, improvement.standard_error
    if value is None or error is None:
        because = improvement.estimate.undefined_because or "its error is unknown"
        return Release(released=False, why=f"The improvement cannot be told from noise: {because}.")
    if value <= STEP * error:
        return Release(released=False, why="It is no new best beyond one standard error.")
    return Release(released=True, why=f"It is a new best; release {releases + 1} of {most}.")
