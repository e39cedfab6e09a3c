"""What a plan is made for: the learner's terms, checked, and as plain data."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.time_zone import zone_named
from heldout.practice.drill import Family
from heldout.practice.plan.days import is_day
from heldout.practice.plan.frame import Level

__all__ = ["LEAST_HOURS", "MOST_HOURS", "Terms", "plain_terms", "terms_of"]

LEAST_HOURS = 0.5
MOST_HOURS = 6.0
EARLIEST, LATEST = 1970, 9990


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When the fortnight starts, for which level, with how many hours a day, and where its clock hangs.

    `placement` holds (right, asked) by family. `begins` is when a day's first block begins, by the zone's clocks.
    Raises BadInput for terms that cannot be kept.
    """

    start: dt.date
    level: Level
    hours: float
    zone: str = "UTC"
    begins: dt.time = dt.time(18)
    placement: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.hours) and LEAST_HOURS <= self.hours <= MOST_HOURS):
            raise BadInput(
                f"{self.hours:g} hours a day",
                expected=f"{LEAST_HOURS:g} to {MOST_HOURS:g} hours",
                mend="for example --hours 1.5",
            )
        if self.level not in set(Level):
            raise BadInput(f"there is no level {self.level!r}", expected=", ".join(Level), mend="--level senior")
        if not EARLIEST <= self.start.year <= LATEST or not is_day(self.start, zone_named(self.zone)):
            raise BadInput(
                f"{self.zone} has no {self.start.isoformat()} to start on",
                expected="a date that this zone has",
                mend="start a day later",
            )
        for family, (right, asked) in self.placement.items():
            if family not in set(Family) or not 0 <= right <= asked:
                raise BadInput(
                    f"the placement of {family!r} is {right} of {asked}",
                    expected="right and asked of a family of the deck",
                    mend="heldout practice plan --placement asks again",
                )

    @property
    def day_minutes(self) -> int:
        """Return the minutes of work of a day."""
        return math.floor(self.hours * 60)


def plain_terms(terms: Terms) -> dict[str, Any]:
    """Return terms as JSON can hold them."""
    return {
        "start": terms.start.isoformat(),
        "level": terms.level.value,
        "hours": terms.hours,
        "zone": terms.zone,
        "begins": terms.begins.isoformat("minutes"),
        "placement": {family: list(counts) for family, counts in terms.placement.items()},
    }


def terms_of(plain: Mapping[str, Any], where: str = "plan.json") -> Terms:
    """Return the terms that plain data hold; raises BadInput."""
    try:
        return Terms(
            start=dt.date.fromisoformat(plain["start"]),
            level=Level(plain["level"]),
            hours=float(plain["hours"]),
            zone=str(plain["zone"]),
            begins=dt.time.fromisoformat(plain["begins"]),
            placement={family: (int(right), int(asked)) for family, (right, asked) in plain["placement"].items()},
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise BadInput(
            f"the terms of the plan cannot be read: {error}",
            where=where,
            expected="start, level, hours, zone, begins and placement, as practice wrote them",
            mend="heldout practice plan --start DATE --level LEVEL --hours HOURS makes a new plan; no attempt is lost",
        ) from None
