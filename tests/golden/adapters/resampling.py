"""The jackknife and bootstrap intervals of any statistic."""

from collections.abc import Mapping
from typing import Any

from tests.golden.adapters import Adapter, Answers, Columns

from heldout.stats.resampling import bootstrap, correlation, jackknife_standard_error

__all__ = ["ADAPTERS"]


def _correlation_bootstrap(given: Mapping[str, Any], _: Columns) -> Answers:
    pairs = given["LSAT"], given["GPA"]
    percentile = bootstrap(correlation, *pairs, kind="percentile", resamples=50_000, vectorised=True)
    bca = bootstrap(correlation, *pairs, kind="bca", resamples=50_000, vectorised=True)
    return {
        "r": percentile.estimate.value,
        "jackknife_se": jackknife_standard_error(correlation, *pairs),
        "boot_se": percentile.standard_error,
        "percentile": [percentile.estimate.low, percentile.estimate.high],
        "bca": [bca.estimate.low, bca.estimate.high],
    }


ADAPTERS: tuple[Adapter, ...] = (
    (r"correlation: jackknife SE, BCa/percentile", ("LSAT", "GPA"), _correlation_bootstrap),
)
