"""The planters of all faults of a split."""

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
