"""One series that is to be made: how its level is meant, what is asked of it, and a level that answers that."""

import math
from dataclasses import dataclass, field

from heldout.tools.promtool.trial.labels import Labels
from heldout.tools.promtool.trial.words import bounds_of, counts_events

__all__ = ["AGE", "BUCKETS", "COUNTER", "GAUGE", "STAMP", "TOGGLE", "Leaf"]

GAUGE, COUNTER, AGE, BUCKETS, STAMP, TOGGLE = "gauge", "counter", "age", "buckets", "stamp", "toggle"
"""How a level becomes samples: as it is; as growth per second; as seconds behind the clock; as a histogram in which
everything lies at the level; as the time of its samples; as jumps of that size."""


@dataclass(slots=True, kw_only=True)
class Leaf:
    """One series to be made: its metric and labels, how its level is meant, and what is asked of it.

    `bounds` are (comparison, value) that have to hold, `level` a value that was fixed instead. `gone` asks for its
    absence; `copies` is how many alike are needed. `past` is the level before the scenario where an expression compares
    a metric with its own past.
    """

    name: str
    labels: Labels
    mode: str = GAUGE
    bounds: list[tuple[str, float]] = field(default_factory=list)
    level: float | None = None
    past: float | None = None
    gone: bool = False
    absent: bool = False
    copies: int = 1
    signed: bool = False

    def value(self) -> float:
        """Return a level that the bounds ask for, well inside of them, as far as such a metric can have it."""
        if self.level is not None:
            return self.level
        least, most = bounds_of(self.name, self.mode == COUNTER)
        if self.signed or self.mode == AGE:
            least = -1e15
        low = max((value for sign, value in self.bounds if sign in (">", ">=")), default=-math.inf)
        high = min((value for sign, value in self.bounds if sign in ("<", "<=")), default=math.inf)
        exact = [value for sign, value in self.bounds if sign == "=="]
        unlike = [value for sign, value in self.bounds if sign == "!="]
        wanted = exact[0] if exact else self._inside(low, high, unlike, most)
        if low == -math.inf and not exact and wanted <= 0 <= least and not (unlike or counts_events(self.name)):
            wanted = 0.02  # what is measured is hardly ever 0
        return min(max(wanted, least), most)

    def _inside(self, low: float, high: float, unlike: list[float], most: float) -> float:
        if low > -math.inf and high < math.inf:
            return (low + high) / 2
        if low > -math.inf:
            if most < 1e15:
                return low + 0.8 * (most - low)
            return 4 * low if low > 0 else 1.0 if low == 0 else low / 4
        if high < math.inf:
            return 0.2 * high if high >= 0 else 4 * high
        if unlike:
            return 1.0 if 0.0 in unlike else 0.0
        return 1.0
