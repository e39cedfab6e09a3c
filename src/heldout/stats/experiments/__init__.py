"""Controlled experiments: was it dealt as planned, what is the effect, and how sure is it."""

from heldout.stats.experiments.adjustment import AdjustedEffect, Cuped, ancova, cuped, lin_adjusted
from heldout.stats.experiments.counts import ChiSquareTest, chi_square_homogeneity, srm
from heldout.stats.experiments.lifts import RelativeLift, ratio_lift, relative_lift
from heldout.stats.experiments.means import (
    MeanTest,
    student_t,
    student_t_from_summary,
    welch,
    welch_from_summary,
)

__all__ = [
    "AdjustedEffect",
    "ChiSquareTest",
    "Cuped",
    "MeanTest",
    "RelativeLift",
    "ancova",
    "chi_square_homogeneity",
    "cuped",
    "lin_adjusted",
    "ratio_lift",
    "relative_lift",
    "srm",
    "student_t",
    "student_t_from_summary",
    "welch",
    "welch_from_summary",
]
