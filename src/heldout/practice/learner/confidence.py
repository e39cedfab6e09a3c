"""How well a learner knows what they know: confidence before the answers, against what was earned."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from heldout.core.estimate import Estimate, undefined
from heldout.practice.attempt import Attempt
from heldout.stats.calibration.curves import ReliabilityBin, reliability_curve
from heldout.stats.means import mean_estimate

__all__ = ["LEAST", "LEAST_FOR_CURVE", "Confidence", "Lean", "confidence_of"]

LEAST = 10
"""Attempts with a confidence from which it is spoken of at all."""
LEAST_FOR_CURVE = 20
BINS = 4


class Lean(StrEnum):
    """Which way the confidence leans."""

    OVER = "over-confident"
    UNDER = "under-confident"
    NEITHER = "no difference seen"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Calibration over the `n` attempts with a confidence.

    `brier` is the mean squared difference to 0 or 1 (Brier 1950, MWR 78:1); `gap` the mean confidence less the share
    solved, above 0 for over-confidence; `curve` the reliability by quarters, each with its rows and interval, empty
    below LEAST_FOR_CURVE. Below LEAST everything is undefined, with its reason.
    """

    n: int
    brier: Estimate
    gap: Estimate
    curve: tuple[ReliabilityBin, ...]

    @property
    def lean(self) -> Lean:
        """Return which way it leans: a way only where the interval of the gap leaves 0 out."""
        if self.gap.low is None or self.gap.high is None:
            return Lean.UNKNOWN
        if self.gap.low > 0:
            return Lean.OVER
        return Lean.UNDER if self.gap.high < 0 else Lean.NEITHER


def confidence_of(attempts: Iterable[Attempt]) -> Confidence:
    """Return the calibration of the confidences that were given; attempts without one, or revealed, are left out.

    Attempts at one kind are alike and count as one cluster, from two kinds on.
    """
    given = [
        (one.kind, one.confidence, float(one.is_right))
        for one in attempts
        if one.confidence is not None and not one.revealed
    ]
    if len(given) < LEAST:
        few = undefined(f"{len(given)} confidences; it takes {LEAST}", n=len(given), method="mean, t")
        return Confidence(n=len(given), brier=few, gap=few, curve=())
    kinds, said, right = (list(column) for column in zip(*given, strict=True))
    cluster = kinds if len(set(kinds)) > 1 else None
    pairs = [(float(c), float(r)) for c, r in zip(said, right, strict=True)]
    return Confidence(
        n=len(given),
        brier=mean_estimate([(c - r) ** 2 for c, r in pairs], cluster=cluster),
        gap=mean_estimate([c - r for c, r in pairs], cluster=cluster),
        curve=reliability_curve(right, said, bins=BINS) if len(given) >= LEAST_FOR_CURVE else (),
    )
