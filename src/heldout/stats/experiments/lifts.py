"""Relative lifts of an experiment: of means, and of ratios of sums such as clicks per page view."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.clusters import satterthwaite
from heldout.stats.experiments.means import MeanTest, Summary, t_tested
from heldout.stats.magnitude import LARGEST, centred, squarable
from heldout.stats.sample import BadSample, as_numbers

__all__ = ["LiftMethod", "RelativeLift", "lifted", "ratio_lift", "relative_lift"]

LiftMethod = Literal["log-ratio", "delta", "fieller"]

NO_DIVISION = "the control's mean {} 0, and a relative lift divides by it"
TOO_LARGE = "the treatment's mean is so many times the control's that the ratio has no square"
NO_LOGARITHM = "the treatment's mean is not told from 0 on the control's side of it: take the delta method"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeLift:
    """Treatment / control - 1 with its interval, beside the test of the difference, treatment minus control.

    `p_value` is that of the difference, so near the border of significance the interval may disagree with it.
    In `absolute`, the first mean is the treatment's.
    """

    relative: Estimate
    absolute: MeanTest
    p_value: float | None


def relative_lift(
    treatment: ArrayLike, control: ArrayLike, level: float = 0.95, *, method: LiftMethod = "log-ratio"
) -> RelativeLift:
    """Return mean(treatment) / mean(control) - 1 of independent units (n,), (m,), with Welch's test of the difference.

    Positive where treatment is higher, if the control's mean is positive. "log-ratio" puts t on the log of the ratio
    by the delta method (as tea-tasting), "delta" on the ratio itself (Deng, Knoblich & Lu 2018, KDD), "fieller" inverts
    a test (Fieller 1954, J. R. Statist. Soc. B 16:175). t has the degrees of freedom of Welch's formula on the scale's
    own two variances, the treatment's and ratio² × the control's, so not those of `absolute`. The interval is undefined
    where Welch's is, where the control's mean is not told from 0, on the log scale where the treatment's is not, and
    where no unit moves the ratio.
    Raises BadSample as `welch` does.

    >>> lift = relative_lift([3, 4, 5, 6], [2, 3, 4, 3])
    >>> round(lift.relative.value, 3), round(lift.relative.low, 3), round(lift.relative.high, 3)
    (0.5, -0.076, 1.434)
    """
    return lifted(Summary.of(treatment, "treatment"), Summary.of(control, "control"), level, method)


def ratio_lift(
    treatment_numerator: ArrayLike,
    treatment_denominator: ArrayLike,
    control_numerator: ArrayLike,
    control_denominator: ArrayLike,
    level: float = 0.95,
    *,
    method: LiftMethod = "log-ratio",
) -> RelativeLift:
    """Return the lift of Σ numerator / Σ denominator, treatment over control, by the delta method on the units.

    One number of each per randomised unit, (n,) and (m,): clicks and page views of a user, say. Treating page views as
    independent is the error that this avoids. `absolute` is the difference of the ratios. Each ratio is linearised
    (Deng, Knoblich & Lu 2018, KDD), then as for `relative_lift`, Welch's formula on the scale's own variances too. A
    ratio can also move because its denominator does:
    look at both. Undefined where a denominator's mean is not told from 0. Raises BadSample for bad arrays.

    >>> clicks, views = [1, 0, 2, 1, 3], [10, 4, 12, 9, 11]
    >>> lift = ratio_lift([2, 1, 2, 2, 4], views, clicks, views)
    >>> round(lift.absolute.difference.value, 3), round(lift.relative.value, 3)
    (0.087, 0.571)
    """
    treatment = _ratio(treatment_numerator, treatment_denominator, "treatment")
    control = _ratio(control_numerator, control_denominator, "control")
    return lifted(treatment, control, level, method)


def lifted(treatment: Summary, control: Summary, level: float, method: LiftMethod = "log-ratio") -> RelativeLift:
    """Return the relative lift of two summaries; `relative_lift` says how.

    >>> lift = lifted(Summary(mean=3.0, variance=1.0, n=50), Summary(mean=2.0, variance=1.0, n=50), 0.95)
    >>> round(lift.relative.low, 3), round(lift.relative.high, 3)
    (0.267, 0.776)
    """
    if method not in ("log-ratio", "delta", "fieller"):
        raise BadSample(f"there is no method {method!r}", expected="log-ratio, delta or fieller")
    absolute = t_tested(treatment, control, level, 0.0, "two-sided", pooled=False)
    name, n = f"{method}, Welch's t", treatment.n + control.n
    if control.mean == 0:
        relative = undefined(NO_DIVISION.format("is"), n=n, method=name, level=level)
        return RelativeLift(relative=relative, absolute=absolute, p_value=absolute.p_value)
    ratio = treatment.mean / control.mean
    if not abs(ratio) < LARGEST:
        relative = undefined(TOO_LARGE, n=n, method=name, level=level)
        return RelativeLift(relative=relative, absolute=absolute, p_value=absolute.p_value)
    reason = absolute.difference.undefined_because
    ends = reason or _ends(treatment, control, level, method)
    if not isinstance(ends, str) and ends[0] == ends[1]:
        ends = "no unit moves the ratio, so the samples say nothing of its error"
    if isinstance(ends, str):
        relative = undefined(ends, n=n, method=name, value=ratio - 1, level=level)
    else:
        relative = Estimate(value=ratio - 1, low=ends[0] - 1, high=ends[1] - 1, n=n, method=name, level=level)
    return RelativeLift(relative=relative, absolute=absolute, p_value=absolute.p_value)


def _ends(treatment: Summary, control: Summary, level: float, method: LiftMethod) -> tuple[float, float] | str:
    """Return the interval of the ratio of the means, or why a mean is too near 0 for one."""
    ratio = treatment.mean / control.mean
    # standard errors of the means as shares of the control's, whose squares are doubles where its own cannot be
    own, other = (math.sqrt(side.variance / side.n) / abs(control.mean) for side in (treatment, control))
    if not max(own, other, abs(ratio) * other) < LARGEST:
        return NO_DIVISION.format("is not told from")
    parts = np.array([own**2, (ratio * other) ** 2])
    degrees = np.array([treatment.n - 1.0, control.n - 1.0])
    t = float(special.stdtrit(satterthwaite(parts, degrees), (1 + level) / 2)) if parts.any() else 0.0
    room = 1 - (t * other) ** 2
    if room <= 0:
        return NO_DIVISION.format("is not told from")
    if method == "fieller":
        half = math.sqrt(max(ratio**2 - room * (ratio**2 - (t * own) ** 2), 0.0))
        return (ratio - half) / room, (ratio + half) / room
    half = t * math.sqrt(parts.sum())
    if method == "delta":
        return ratio - half, ratio + half
    if ratio <= 0 or ratio <= t * own:
        return NO_LOGARITHM
    return ratio * math.exp(-half / ratio), ratio * math.exp(half / ratio)


def _ratio(numerator: ArrayLike, denominator: ArrayLike, name: str) -> Summary:
    """Return the ratio of the sums as if it were a mean, with the variance of its linearised terms."""
    above, below = (
        squarable(as_numbers(given, f"{name}'s {part}"), f"{name}'s {part}")
        for given, part in ((numerator, "numerator"), (denominator, "denominator"))
    )
    if above.size != below.size or not above.size:
        raise BadSample(
            f"{above.size} numerators and {below.size} denominators of {name}", expected="one of each for every unit"
        )
    mean = float(below.mean())
    if mean <= 0 or (below < 0).any():
        raise BadSample(f"{name}'s denominators", expected="numbers above or at 0, and not all 0")
    ratio = float(above.mean()) / mean
    if not abs(ratio) < LARGEST:
        raise BadSample(f"{name}'s ratio is {ratio:g}, too large for squares", expected=f"at most {LARGEST:g}")
    terms = centred((above - ratio * below) / mean)
    variance = float(terms.var(ddof=1)) if terms.size > 1 else math.nan
    return Summary(mean=ratio, variance=variance, n=terms.size)
