"""What a coefficient of agreement returns, and when it has an interval."""

import math
from dataclasses import dataclass

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import BadSample, checked_level

__all__ = ["FLOOR", "Agreement"]

FLOOR = 30
"""Below so many units an interval is withheld unless the caller lowers `floor`.

In simulated worlds of two raters a nominal 95 % covers .89 to .95 at 30 units, and as little as .76 at 15.
"""

NO_CHANCE = 1e-12
"""Expected agreement within this of 1 leaves no room beyond chance."""

NO_SPREAD = 1e-10
"""A standard error below this is rounding, not variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A coefficient of agreement with the observed and the expected agreement that it is made of.

    `estimate.n` and `units` count the units with two ratings or more; `raters` those who gave a rating. The standard
    error stands whatever the floor says, and is None where no unit moves the value. `null_standard_error`, where one is
    known, holds if there is no agreement beyond chance; `statistic` is then z, the value over it; else the value over
    the standard error, t with `degrees_of_freedom`. `p_value` is two-sided. None of them tells how good agreement is.

    >>> from heldout.stats.agreement import cohen_kappa_from_table
    >>> round(cohen_kappa_from_table([[40, 9], [6, 45]]).expected, 4)
    0.5008
    """

    estimate: Estimate
    standard_error: float | None
    observed: float | None
    expected: float | None
    units: int
    raters: int
    degrees_of_freedom: float | None = None
    null_standard_error: float | None = None
    statistic: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the caller wants of an interval, checked once, and what is known before any coefficient."""

    method: str
    level: float
    floor: int
    units: int
    raters: int

    def __post_init__(self) -> None:
        check_interval(self.level, self.floor)

    def without_value(self, reason: str, *, observed: float | None = None, expected: float | None = None) -> Agreement:
        """Return an Agreement whose value does not exist because of `reason`."""
        return Agreement(
            estimate=undefined(reason, n=self.units, method=self.method, level=self.level),
            standard_error=None,
            observed=observed,
            expected=expected,
            units=self.units,
            raters=self.raters,
        )

    def why_nothing(self) -> str | None:
        """Say why no coefficient exists, or None when one can."""
        if self.raters < 2:
            return f"agreement takes two raters, and there is {self.raters}"
        return "no unit was rated twice" if self.units < 1 else None

    def result(
        self,
        value: float,
        standard_error: float | None,
        *,
        observed: float | None,
        expected: float | None,
        degrees_of_freedom: float | None = None,
        null_standard_error: float | None = None,
    ) -> Agreement:
        """Return the Agreement with an interval of z, or of t, or the reason why it has none."""
        error = standard_error if standard_error is not None and standard_error > NO_SPREAD else None
        scale = null_standard_error or error
        statistic = value / scale if scale else None
        return Agreement(
            estimate=self._estimate(value, error, degrees_of_freedom),
            standard_error=error,
            observed=observed,
            expected=expected,
            units=self.units,
            raters=self.raters,
            degrees_of_freedom=degrees_of_freedom,
            null_standard_error=null_standard_error,
            statistic=statistic,
            p_value=None
            if statistic is None
            else _two_sided(statistic, None if null_standard_error else degrees_of_freedom),
        )

    def _estimate(self, value: float, error: float | None, degrees: float | None) -> Estimate:
        reason = why_no_interval(self.units, self.floor)
        if reason is None and error is None:
            reason = "no unit moves the value, so the sample says nothing of its error"
        if reason is not None or error is None:
            return undefined(reason or "", n=self.units, method=self.method, value=value, level=self.level)
        half = quantile(self.level, degrees) * error
        return Estimate(
            value=value,
            low=value - half,
            high=min(1.0, value + half),
            n=self.units,
            method=self.method,
            level=self.level,
        )


def check_interval(level: float, floor: int) -> None:
    """Raise BadSample unless `level` is a confidence level and `floor` a number of units."""
    checked_level(level)
    if floor < 0:
        raise BadSample(f"the floor {floor} is no number of units", expected="0 or more")


def why_no_interval(units: int, floor: int) -> str | None:
    """Say why so few units give no interval, or None when they do."""
    if units < max(floor, 2):
        return f"an interval takes {max(floor, 2)} units rated twice, and there are {units} (floor= lowers it, to 2)"
    return None


def quantile(level: float, degrees: float | None) -> float:
    """Return the quantile of z, or of t, that makes a two-sided interval at `level`."""
    if degrees is None:
        return float(special.ndtri((1 + level) / 2))
    return float(special.stdtrit(degrees, (1 + level) / 2))


def _two_sided(statistic: float, degrees: float | None) -> float:
    if degrees is None:
        return math.erfc(abs(statistic) / math.sqrt(2))
    return 2 * float(special.stdtr(degrees, -abs(statistic)))
