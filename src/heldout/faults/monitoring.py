"""Models that decay unnoticed: nobody is told, the rules do not load, or what rings and what tests prove is nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from heldout.core.evidence import AlertRules, RulesVerdict
from heldout.core.monitoring_evidence import (
    OWN,
    SCENARIOS,
    AlertTrial,
    Detected,
    DriftTrial,
    Mutant,
    OwnTests,
    RulesCopy,
    TriedAlert,
)
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


ALERTS = {
    "drift": ("FeatureDrift", "InputShift"),
    "latency": ("SlowPredictions", "PredictionLatencyHigh"),
    "CPU": ("CpuSaturated", "HighLoad"),
    "target down": ("ScorerDown", "ScorerGone"),
    "late data": ("FeaturesStale", "BatchLate"),
}
CHANGES = ("deleted", "for: 10m made a day longer", "> made <", "threshold 0.25 made 0.025", "threshold 0.25 made 2.5")
SIZES = (0.25, 0.5, 1.0, 2.0)


def _clean_trial(rng: np.random.Generator) -> AlertTrial:
    """Return a trial in which every alert does what it is for; tempting: a watchdog rings, a mutant or two survive."""
    path = str(rng.choice(PATHS))
    alerts = [
        TriedAlert(
            path=path,
            alert=str(rng.choice(names)),
            purpose=purpose,
            told_by=purpose,
            fired=((purpose, 600.0), (OWN, 600.0)),
            allowed=1200.0,
        )
        for purpose, names in ALERTS.items()
    ]
    if rng.random() < 0.5:
        fired = tuple((name, 0.0) for name in (*SCENARIOS, OWN))
        alerts.append(
            TriedAlert(path=path, alert="Watchdog", purpose="other", told_by="", fired=fired, in_clean=True, metrics=0)
        )
    if rng.random() < 0.5:
        alerts.append(
            TriedAlert(
                path=path, alert="Weekend", purpose="other", told_by="", unclear="day_of_week() as it is used here"
            )
        )
    mutants = [
        Mutant(path=path, alert=one.alert, change=change, killed=True, is_deletion=change == "deleted")
        for one in alerts
        for change in CHANGES
    ]
    lost = set(rng.choice([place for place, one in enumerate(mutants) if not one.is_deletion], 2, replace=False))
    return AlertTrial(
        judge="promtool 2.42.0",
        alerts=tuple(alerts),
        own_tests=(OwnTests(path="monitoring/rules_test.yml", loads=(path,), missing=(), passed=True),),
        copies=(),
        mutants=tuple(replace(one, killed=place not in lost) for place, one in enumerate(mutants)),
    )


def _changed_alerts(seed: int, effect: float, change: Callable[[TriedAlert], TriedAlert]) -> World:
    rng = np.random.default_rng(seed)
    trial = _clean_trial(rng)
    chosen = set(rng.permutation(len(SCENARIOS))[: round(effect)])
    alerts = (change(one) if place in chosen else one for place, one in enumerate(trial.alerts))
    return {"alert_trial": replace(trial, alerts=tuple(alerts))}


def _silent(seed: int, effect: float) -> World:
    """So many alerts fire in no scenario."""
    return _changed_alerts(seed, effect, lambda one: replace(one, fired=()))


def _ringing(seed: int, effect: float) -> World:
    """So many alerts fire in the clean control too."""
    return _changed_alerts(seed, effect, lambda one: replace(one, in_clean=True))


def _failing(seed: int, effect: float) -> World:
    """Some files of tests, so many of which fail."""
    rng = np.random.default_rng(seed)
    trial = _clean_trial(rng)
    (first,) = trial.own_tests
    files = [replace(first, path=f"monitoring/{name}_test.yml") for name in ("drift", "latency", "cpu")]
    failed = [replace(one, passed=False, why="exp: []") for one in files[: round(effect)]]
    return {"alert_trial": replace(trial, own_tests=(*failed, *files[round(effect) :]))}


def _untested(seed: int, effect: float) -> World:
    """The files of tests go."""
    trial = _clean_trial(np.random.default_rng(seed))
    return {"alert_trial": replace(trial, own_tests=() if effect else trial.own_tests)}


def _copied(seed: int, effect: float) -> World:
    """So many shipped rule files are tested in a copy; the clean twin has a second test of the same rules."""
    trial = _clean_trial(np.random.default_rng(seed))
    (test,) = trial.own_tests
    names = tuple(one.alert for one in trial.alerts)
    copies = tuple(
        RulesCopy(
            tested=f"tests/rules{number}.yml",
            shipped=PATHS[number % len(PATHS)],
            alerts=names,
            differ=names[:1],
            in_test_place=True,
        )
        for number in range(round(effect))
    )
    more = replace(test, path="monitoring/more_test.yml", loads=tuple(one.tested for one in copies) or test.loads)
    return {"alert_trial": replace(trial, own_tests=(test, more), copies=copies)}


def _deleted_unnoticed(seed: int, effect: float) -> World:
    """So many alerts can be deleted, and changed in any way, without a test noticing."""
    rng = np.random.default_rng(seed)
    trial = _clean_trial(rng)
    names = sorted({one.alert for one in trial.mutants})
    chosen = {names[place] for place in rng.permutation(len(names))[: round(effect)]}
    mutants = (replace(one, killed=one.killed and one.alert not in chosen) for one in trial.mutants)
    return {"alert_trial": replace(trial, mutants=tuple(mutants))}


def _uncovered(seed: int, effect: float) -> World:
    """In so many scenarios no alert fires; an alert that always rings does not count."""
    rng = np.random.default_rng(seed)
    trial = _clean_trial(rng)
    gone = {SCENARIOS[place] for place in rng.permutation(len(SCENARIOS))[: round(effect)]}
    return {"alert_trial": replace(trial, alerts=tuple(one for one in trial.alerts if one.purpose not in gone))}


def _detector(seed: int, effect: float, *, rings: bool) -> World:
    """A detector that finds most drift and hardly ever rings; with `effect` it never rings, or always does."""
    rng = np.random.default_rng(seed)
    days, episodes, length = 60, 24, 5
    detected = []
    for size in SIZES:
        chance = effect * rings + (1 - effect) * (1 - np.exp(-12 * size))
        alarms = rng.random((episodes, length)) < chance
        found = alarms.any(axis=1)
        detected.append(
            Detected(
                size=size,
                days=alarms.size,
                alarms=int(alarms.sum()),
                episodes=episodes,
                found=int(found.sum()),
                delays=tuple(int(day) + 1 for day in alarms.argmax(axis=1)[found]),
            )
        )
    return {
        "drift_trial": DriftTrial(
            rows_per_day=900,
            reference_rows=90_000,
            columns=7,
            episode_days=length,
            clean_days=days,
            false_alarms=round(days * effect) if rings else int(rng.random() < 0.5 * (1 - effect)),
            allowed_per_day=1 / 30,
            smallest_shift=SIZES[0],
            detected=tuple(detected),
        )
    }


def _deaf(seed: int, effect: float) -> World:
    """A detector that never rings."""
    return _detector(seed, effect, rings=False)


def _shrill(seed: int, effect: float) -> World:
    """A detector that rings every day."""
    return _detector(seed, effect, rings=True)


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "MON001": (
        Planter(fault="Topics without an alert rule.", effect="topics", build=_topics_without_rules),
        Planter(fault="No alert rule at all.", effect="repositories", build=_no_rules),
    ),
    "MON002": (Planter(fault="Rule files that do not load.", effect="files", build=_refused_files),),
    "MON003": (Planter(fault="Alerts that fire in no scenario.", effect="alerts", build=_silent),),
    "MON004": (Planter(fault="Alerts that fire while nothing is wrong.", effect="alerts", build=_ringing),),
    "MON005": (
        Planter(fault="Tests of alerts that fail.", effect="files", build=_failing),
        Planter(fault="No tests of alerts.", effect="files", build=_untested),
    ),
    "MON006": (Planter(fault="Tests that load a copy of the rules.", effect="files", build=_copied),),
    "MON007": (Planter(fault="Tests that pass without the rule.", effect="alerts", build=_deleted_unnoticed),),
    "MON008": (Planter(fault="Things that go wrong without an alert.", effect="scenarios", build=_uncovered),),
    "MON009": (
        Planter(fault="A drift detector that never rings.", effect="share", build=_deaf),
        Planter(fault="A drift detector that rings every day.", effect="share", build=_shrill),
    ),
}
