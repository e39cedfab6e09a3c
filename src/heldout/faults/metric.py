"""Scores that say more than was measured: without an interval, or with a lift that is not there."""

from collections.abc import Mapping

import numpy as np

from heldout.core.estimate import Estimate, counted
from heldout.core.evidence import Reported
from heldout.core.lift import Lift, LiftScale, LiftTarget
from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS"]

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)
DAYS = 61


def _bare_score(seed: int, effect: float) -> World:
    """A score is measured on 1,000 rows and reported; its interval is left out when the effect is 1."""
    rng = np.random.default_rng(seed)
    value = rng.binomial(1000, 0.8) / 1000
    margin = 1.96 * (value * (1 - value) / 1000) ** 0.5
    low, high = (None, None) if effect else (value - margin, value + margin)
    return {"reported": Reported(metric="accuracy", value=value, low=low, high=high, evaluated="on 1,000 rows")}


def _vanished_lift(seed: int, effect: float) -> World:
    """A candidate has the target's lift on each of 61 days, give or take; a share of that lift is taken away."""
    rng = np.random.default_rng(seed)
    by_day = rng.normal(TARGET.target * (1 - effect), 0.02, DAYS)
    mean, error = float(by_day.mean()), float(by_day.std(ddof=1) / DAYS**0.5)
    rows = DAYS * 800
    lift = Lift(
        metric="roc_auc",
        scale=TARGET.scale,
        estimate=Estimate(value=mean, low=mean - 2 * error, high=mean + 2 * error, n=rows, method="mean over days"),
        standard_error=error,
        degrees_of_freedom=DAYS - 1.0,
        clusters=DAYS,
        design_effect=None,
        largest_clusters_share=None,
        seeds=1,
        baseline_seeds=1,
        seed_variance=None,
        candidate=counted(0.62 * (1 + mean), n=rows),
        baseline=counted(0.62, n=rows),
    )
    return {"lift": lift, "target": TARGET}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "MET001": (
        Planter(
            fault="A score is reported without the interval that was measured with it.",
            effect="intervals left out",
            build=_bare_score,
        ),
    ),
    "MET002": (
        Planter(
            fault="A candidate's lift over the baseline is gone.",
            effect="share of the target's lift that is gone",
            build=_vanished_lift,
        ),
    ),
}
