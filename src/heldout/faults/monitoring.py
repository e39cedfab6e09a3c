"""Models that decay unnoticed: nobody is told, or the rules that would tell do not load."""

from collections.abc import Mapping

import numpy as np

from heldout.core.evidence import AlertRules, RulesVerdict
from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS"]

RULES = (
    (("FeatureDrift", "demand_feature_psi > 0.25"), ("InputShift", "max(input_drift_score) > 3")),
    (
        (
            "SlowPredictions",
            "histogram_quantile(0.99, sum by (le) (rate(demand_request_duration_seconds_bucket[5m]))) > 1",
        ),
        ("PredictionLatencyHigh", "demand_prediction_latency_ms > 200"),
    ),
    (
        ("CpuSaturated", 'rate(container_cpu_usage_seconds_total{pod=~"demand.*"}[5m]) > 0.9'),
        ("HighLoad", "node_load5 > 8"),
    ),
)
SILENCE = ("ScorerSilent", "absent(demand_predictions_total)")
PATHS = ("alerts.yml", "monitoring/rules.yaml", "deploy/prometheus/demand.rules")


def _topics_without_rules(seed: int, effect: float) -> World:
    """Alert rules on drift, latency and CPU, and one on silence; so many of the three topics lose theirs."""
    rng = np.random.default_rng(seed)
    path = str(rng.choice(PATHS))
    chosen = [alternatives[rng.integers(len(alternatives))] for alternatives in RULES]
    order = rng.permutation(len(chosen))
    kept = [chosen[place] for place in sorted(order[round(effect) :])]
    return {"alert_rules": AlertRules(rules=tuple((path, *rule) for rule in (*kept, SILENCE)), unreadable=())}


def _no_rules(seed: int, effect: float) -> World:
    """All rules go, the one on silence too."""
    world = _topics_without_rules(seed, 0)
    return {"alert_rules": AlertRules(rules=(), unreadable=())} if effect else world


def _refused_files(seed: int, effect: float) -> World:
    """A verdict on some rule files, of which so many are refused."""
    rng = np.random.default_rng(seed)
    files = PATHS[: rng.integers(1, len(PATHS) + 1)]
    judge = str(rng.choice(["promtool 2.42.0", "Heldout's own parser"]))
    refused = tuple((path, 'not a valid duration string: "5min"') for path in files[: round(effect)])
    return {"rules_verdict": RulesVerdict(judge=judge, files=files, refused=refused)}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "MON001": (
        Planter(fault="Topics without an alert rule.", effect="topics", build=_topics_without_rules),
        Planter(fault="No alert rule at all.", effect="repositories", build=_no_rules),
    ),
    "MON002": (Planter(fault="Rule files that do not load.", effect="files", build=_refused_files),),
}
