"""A number with its interval, its n and its method; or the reason why there is none."""

import math
from dataclasses import dataclass

__all__ = ["Estimate", "Measure", "counted", "undefined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with an interval at `level` from `n` units by `method`; `n` is 0 where a quoted value does not tell it.

    `value`, `low` and `high` are finite floats, or None with `undefined_because` saying why.
    A value may be defined while its interval is not; then `low` and `high` are None and
    `undefined_because` speaks of the interval.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str
    level: float = 0.95
    undefined_because: str | None = None

    def __post_init__(self) -> None:
        for name in ("value", "low", "high", "level", "n"):
            number = getattr(self, name)
            if number is not None and type(number) not in (float, int):  # a numpy scalar, which JSON cannot hold
                object.__setattr__(self, name, int(number) if name == "n" else float(number))
        numbers = (self.value, self.low, self.high)
        if any(x is not None and not math.isfinite(x) for x in numbers):
            raise ValueError(f"an Estimate holds finite numbers or None, not {numbers}")
        if None in numbers and not self.undefined_because:
            raise ValueError("an Estimate without a value or interval says why: undefined_because")

    @property
    def is_defined(self) -> bool:
        """True when the value and both ends of the interval exist."""
        return self.value is not None and self.low is not None and self.high is not None


def undefined(reason: str, *, n: int, method: str, value: float | None = None, level: float = 0.95) -> Estimate:
    """Return an Estimate whose interval (and value, unless given) is undefined because of `reason`."""
    return Estimate(value=value, low=None, high=None, n=n, method=method, level=level, undefined_because=reason)


def counted(value: float, *, n: int, method: str = "counted") -> Estimate:
    """Return an exact count or share: no sampling, so the interval is the value itself."""
    return Estimate(value=value, low=value, high=value, n=n, method=method, level=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A named Estimate in a finding, with its unit ("share", "AUC", "rows", ...)."""

    name: str
    estimate: Estimate
    unit: str = ""
