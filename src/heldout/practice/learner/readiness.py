"""The chance that a new drill, drawn evenly over the families, is solved today, from speed rounds."""

import math
from collections.abc import Iterable

from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.practice.attempt import Attempt, Round

__all__ = ["LEAST_ATTEMPTS", "current_chance"]

LEAST_ATTEMPTS = 20
OLDER = 0.75
"""The weight of an attempt against the next one of its family: what was known a week ago says less about today."""
WIDER = 1.2
"""By how much the interval is widened: the learner learns between attempts, and a plan that goes on with what went
wrong draws shares down a little (Nie et al. 2018, AISTATS 84:1261). Chosen by simulation (docs/benchmarks.md)."""
OWN = 1.5
"""Attempts for which a family is taken to be like the learner's others."""


def current_chance(
    attempts: Iterable[Attempt], families: Iterable[str], *, difficulty: int, level: float = 0.9
) -> Estimate:
    """Return the mean over `families` of the chance of solving a speed drill, from attempts in their order.

    Attempts at `difficulty` or above count, older ones of a family less; each family's share is drawn towards the
    learner's mean by a beta prior, and the families weigh the same however often each was practised (Gelman & Little
    1997, Survey Methodology 23:127). The interval is normal on the log-odds scale, from the shares' posterior
    variances. Undefined below LEAST_ATTEMPTS, and where fewer than half of the families were tried.
    """
    results: dict[str, list[bool]] = {family: [] for family in families}
    for one in attempts:
        if one.round is Round.SPEED and one.difficulty >= difficulty and one.family in results:
            results[one.family].append(one.is_right)
    n, method = sum(map(len, results.values())), "shrunken shares, even over families"
    seen = sum(map(bool, results.values()))
    if n < LEAST_ATTEMPTS or 2 * seen < len(results):
        reason = f"{n} speed rounds in {seen} of {len(results)} families; it takes {LEAST_ATTEMPTS} in half of them"
        return undefined(reason, n=n, method=method, level=level)
    counts = {family: _counts(rights) for family, rights in results.items()}
    right, total = (sum(count[place] for count in counts.values()) for place in (0, 1))
    mean = (right + 0.5) / (total + 1)
    shares = [_share(hits, tried, mean) for hits, tried in counts.values()]
    value = sum(share for share, _ in shares) / len(shares)
    # the common mean is estimated too: what each family borrows of it varies with all the others at once
    borrowed = sum(OWN / (OWN + tried) for _, tried in counts.values()) / len(counts)
    variance = sum(one for _, one in shares) / len(shares) ** 2 + borrowed**2 * mean * (1 - mean) / (total + 1)
    half = WIDER * special.ndtri((1 + level) / 2) * math.sqrt(variance) / (value * (1 - value))
    odds = math.log(value / (1 - value))
    return Estimate(
        value=value, low=special.expit(odds - half), high=special.expit(odds + half), n=n, method=method, level=level
    )


def _counts(rights: list[bool]) -> tuple[float, float]:
    weights = [OLDER**age for age in range(len(rights))]
    return sum(weight for weight, right in zip(weights, reversed(rights), strict=True) if right), sum(weights)


def _share(hits: float, tried: float, mean: float) -> tuple[float, float]:
    """Return the posterior mean and variance of a family's share."""
    a, b = OWN * mean + hits, OWN * (1 - mean) + tried - hits
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))
