"""Splits that let the test rows meet the train rows, or that make them other rows than the score is about."""

from collections.abc import Mapping

from heldout.faults.planter import Planter
from heldout.faults.split import groups, in_time, meeting, near, shifts

__all__ = ["PLANTERS"]

PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    **meeting.PLANTERS,
    **groups.PLANTERS,
    **in_time.PLANTERS,
    **near.PLANTERS,
    **shifts.PLANTERS,
}
