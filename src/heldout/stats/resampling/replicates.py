"""What a bootstrap returns, and how its interval is read off the replicates."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.sample import Floats

__all__ = ["Bootstrap", "bca_constants", "bca_levels", "quantile_interval", "why_no_spread"]

MOST_FAILED = 0.05
"""Above this share of resamples without a value, those that have one are no sample of the statistic any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """A statistic with its bootstrap interval, and the standard error and bias of its replicates.

    `resamples` were drawn, and on `failed` of them the statistic does not exist. `discretisation_bound` is how far
    bins can have moved any replicate. `bias_correction` (z0) and `acceleration` (a) are those of BCa, None for other
    kinds. `standard_error` and `bias` are None where the estimate's value is, or where no replicate has one.
    """

    estimate: Estimate
    standard_error: float | None
    bias: float | None
    resamples: int
    failed: int
    discretisation_bound: float = 0.0
    bias_correction: float | None = None
    acceleration: float | None = None

    @staticmethod
    def of(
        value: float,
        replicates: Floats,
        bounds: tuple[float, float] | str,
        *,
        n: int,
        method: str,
        level: float,
        discretisation_bound: float = 0.0,
        bias_correction: float | None = None,
        acceleration: float | None = None,
    ) -> "Bootstrap":
        """Sum up replicates (R,), NaN where failed, around an interval, or the reason why there is none.

        >>> Bootstrap.of(0.5, np.array([0.4, 0.6]), (0.4, 0.6), n=9, method="percentile", level=0.5).standard_error
        0.14142135623730948
        """
        known = replicates[np.isfinite(replicates)]
        if isinstance(bounds, str):
            estimate = undefined(bounds, n=n, method=method, value=value, level=level)
        else:
            estimate = Estimate(value=value, low=bounds[0], high=bounds[1], n=n, method=method, level=level)
        return Bootstrap(
            estimate=estimate,
            standard_error=float(known.std(ddof=1)) if known.size > 1 else None,
            bias=float(known.mean()) - value if known.size else None,
            resamples=replicates.size,
            failed=replicates.size - known.size,
            discretisation_bound=discretisation_bound,
            bias_correction=bias_correction,
            acceleration=acceleration,
        )


def why_no_spread(replicates: Floats) -> str | None:
    """Say why replicates (R,), NaN where failed, make no interval, or None when they do.

    >>> why_no_spread(np.array([1.0, 1.0]))
    'no resample moves the value'
    """
    known = replicates[np.isfinite(replicates)]
    failed = replicates.size - known.size
    if failed > MOST_FAILED * replicates.size:
        return f"the statistic does not exist on {failed} of {replicates.size} resamples"
    return "no resample moves the value" if np.ptp(known) == 0 else None


def quantile_interval(replicates: Floats, levels: tuple[float, float]) -> tuple[float, float]:
    """Return the quantiles of replicates (R,), NaN where failed, at two levels, by the (R + 1)-th part of the rank.

    Davison & Hinkley 1997, Bootstrap Methods, section 5.2, as R's `boot.ci`, but linear between ranks.

    >>> quantile_interval(np.arange(1.0, 100.0), (0.05, 0.95))
    (5.0, 95.0)
    """
    known = replicates[np.isfinite(replicates)]
    low, high = np.quantile(known, levels, method="weibull")
    return float(low), float(high)


def bca_constants(value: float, replicates: Floats, influence: Floats) -> tuple[float, float] | str:
    """Return bias correction z0 and acceleration a of BCa, or why they do not exist (Efron 1987, JASA 82:171).

    `replicates` (R,) are NaN where failed; `influence` (units,) is the jackknife's.

    >>> bca_constants(0.5, np.array([0.4, 0.45, 0.6, 0.7]), np.array([-1.0, 0.0, 1.0]))
    (0.0, 0.0)
    """
    known = replicates[np.isfinite(replicates)]
    below = float((known < value).mean() + (known == value).mean() / 2)
    if not 0 < below < 1:
        return "every replicate lies on one side of the value, so its bias cannot be corrected"
    squares = float((influence**2).sum())
    if not np.isfinite(squares):
        return "the statistic does not exist without one of the units"
    if not squares:
        return "leaving out any one unit does not move the value"
    return float(special.ndtri(below)), float((influence**3).sum()) / (6 * squares**1.5)


def bca_levels(bias_correction: float, acceleration: float, level: float) -> tuple[float, float]:
    """Return the two levels of the replicates' quantiles that bound BCa's interval at `level`.

    >>> low, high = bca_levels(0.0, 0.0, 0.9)
    >>> round(low, 12), round(high, 12)
    (0.05, 0.95)
    """

    def moved(tail: float) -> float:
        shifted = bias_correction + float(special.ndtri(tail))
        return float(special.ndtr(bias_correction + shifted / (1 - acceleration * shifted)))

    return moved((1 - level) / 2), moved((1 + level) / 2)
