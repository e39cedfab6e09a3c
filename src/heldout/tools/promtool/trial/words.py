"""What an alert and a metric are about, told by their words; and between which values a metric can lie."""

import re
from collections.abc import Iterable, Mapping

from heldout.core.monitoring_evidence import SCENARIOS

__all__ = ["OTHER", "about", "bounds_of", "counts_events", "purpose_of", "words_of"]

DRIFT, LATENCY, CPU, TARGET, LATE = SCENARIOS
OTHER = "other"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS = {
    DRIFT: _words(
        "drift drifted psi skew shift shifted wasserstein divergence kolmogorov ks kl js distribution pvalue accuracy "
        "auc auroc calibration brier logloss"
    ),
    LATENCY: _words("latency duration p50 p90 p95 p99 p999 slow slowness response"),
    CPU: _words("cpu load1 load5 load15 throttled throttling"),
    TARGET: _words("up down absent silent unreachable unavailable gone"),
    LATE: _words(
        "age freshness fresh stale staleness timestamp lag lagging late lateness delayed outdated watermark behind"
    ),
}
WEAK = {
    DRIFT: _words("prediction predictions feature features"),
    LATENCY: _words("seconds milliseconds ms timeout"),
}
"""Words that decide only where no other word does."""

EVENTS = _words(
    "error errors fail failed failure failures failing exception exceptions drop dropped reject rejected timeout "
    "timeouts oom restart restarts panic panics missing invalid alarm alarms detected violation violations throttled "
    "drifted unknown stale late lost refused aborted corrupt skipped retries dead"
)
"""Words of metrics that stay at 0 when all is well."""

MEASURED = _words(
    "psi seconds milliseconds ms latency duration bytes score distance cpu memory ks wasserstein divergence load1 "
    "load5 load15 age lag requests predictions rows"
)
"""Words of metrics that are hardly ever 0."""

SIGNED = _words(
    "delta change diff difference lift bias skew log logit temperature celsius z zscore residual offset slope trend "
    "mean gain return profit"
)
"""Words of metrics that may lie below 0."""

SHARES = _words("accuracy auc auroc recall precision f1 availability pvalue ks")
"""Words of metrics between 0 and 1."""

CORES = 64.0
"""A CPU scenario keeps so many cores busy, at most."""

MOST_PSI = 20.0
"""A population stability index is hardly larger: with shares of at least 1e-4 it is below 2 ln 10,000."""

TARGET_WORD = "absent"
COUNTED = ("_total", "_count", "_sum", "_bucket")
PART = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*")


def words_of(*texts: str) -> list[str]:
    """Return the words of names, in lower case: split at signs and at changes of case.

    >>> words_of("PredictionLatencyHigh", "node_load5")
    ['prediction', 'latency', 'high', 'node', 'load5']
    """
    found = [word.lower() for text in texts for word in PART.findall(text)]
    return [*found, *(["pvalue"] if "p" in found and "value" in found else [])]


def about(metric: str) -> str:
    """Return the scenario that a metric speaks of, or OTHER."""
    return TARGET if metric == "up" else _best(WORDS, [(words_of(metric), 1)])[0]


def purpose_of(alert: str, metrics: Iterable[str], functions: Iterable[str], texts: str) -> tuple[str, str]:
    """Return what an alert is for, and the words that told it: its name counts most, then its metrics, then its texts.

    `functions` are those of its expression: `absent` speaks of a target.
    """
    named = sorted(metrics)
    names, levels = " ".join(named), " ".join(name for name in named if not name.endswith(COUNTED))
    called = [TARGET_WORD for name in functions if name.startswith(TARGET_WORD)]
    strong = _best(WORDS, [(words_of(alert), 4), (words_of(names), 3), (called, 3), (words_of(texts), 1)])
    return strong if strong[0] != OTHER else _best(WEAK, [(words_of(alert), 4), (words_of(levels), 3)])


def bounds_of(metric: str, is_rate: bool) -> tuple[float, float]:
    """Return the least and the largest value that a metric, or its rate per second, can have."""
    words = set(words_of(metric))
    if metric == "up":
        return 0.0, 1.0
    if metric == "node_cpu_seconds_total" and is_rate:
        return 0.0, 1.0  # a series per core and mode
    if "cpu" in words and "seconds" in words and is_rate:
        return 0.0, CORES
    if words & SHARES and not is_rate:
        return 0.0, 1.0
    if "psi" in words and not is_rate:
        return 0.0, MOST_PSI
    return (-1e15 if words & SIGNED else 0.0), 1e15


def counts_events(metric: str) -> bool:
    """Tell whether a metric may well stay at 0 when all is well: errors, flags, restarts."""
    words = set(words_of(metric))
    return bool(words & EVENTS) or not words & MEASURED


def _best(table: Mapping[str, frozenset[str]], parts: list[tuple[list[str], int]]) -> tuple[str, str]:
    scores: dict[str, int] = {}
    told: dict[str, list[str]] = {}
    for scenario, telling in table.items():
        for found, weight in parts:
            hits = [word for word in dict.fromkeys(found) if word in telling]
            scores[scenario] = scores.get(scenario, 0) + weight * len(hits)
            told[scenario] = told.get(scenario, []) + hits
    best = max(scores, key=lambda scenario: scores[scenario])
    return (best, ", ".join(dict.fromkeys(told[best]))) if scores[best] else (OTHER, "no word that is known")
