"""Alerts of many forms are made to fire and kept silent; those that cannot fire, and those that always do, are told."""

import json

import pytest

from heldout.core.monitoring_evidence import OWN, TriedAlert
from heldout.core.repository import Repository
from heldout.tools.promtool.program import Promtool
from heldout.tools.promtool.trial.labels import sample_of
from heldout.tools.promtool.trial.promql import Unclear, parse
from heldout.tools.promtool.trial.rules import read_rule_files
from heldout.tools.promtool.trial.scenarios import exercise

FIRE = {
    "drift": [
        ("FeatureDrift", "max by (feature) (feature_psi) > 0.25", "1h"),
        ("KsDrift", "model_ks_pvalue < 0.01", "10m"),
        ("AccuracyLow", "avg_over_time(model_accuracy[1h]) < 0.7", "10m"),
        ("DriftFlag", "drift_detected == 1", "0"),
        ("DriftAlarm", "drift_alarm > 0", "0"),
        ("PsiBand", "psi > 0.1 and psi <= 0.25", "10m"),
        ("PsiTraffic", "feature_psi > 0.25 and on() rate(requests_total[5m]) > 1", "10m"),
        ("PsiUp", "feature_psi > 0.25 and on(job) up == 1", "10m"),
        ("PsiOpen", "feature_psi > 0.25 unless on() maintenance_mode == 1", "10m"),
        ("PsiBool", "(feature_psi > bool 0.25) == 1", "10m"),
        ("PsiMany", "count(feature_psi > 0.25) > 3", "10m"),
        ("PsiNamed", '{__name__="feature_psi"} > 0.2', "0"),
        ("DriftOfMean", "abs(prediction_mean - avg_over_time(prediction_mean[1d])) > 3", "10m"),
    ],
    "latency": [
        (
            "LatencyP99",
            'histogram_quantile(0.99, sum by (le) (rate(request_duration_seconds_bucket{job=~"api.*"}[5m]))) > 0.5',
            "10m",
        ),
        (
            "LatencyMean",
            "rate(duration_seconds_sum[5m]) / rate(duration_seconds_count[5m]) > 0.3",
            "5m",
        ),
        ("LatencySummary", 'request_latency_seconds{quantile="0.99"} > 1', "5m"),
        ("LatencyQuantile", "quantile(0.9, request_latency_seconds) > 1", "10m"),
        ("LatencySlo", "request_latency_seconds > on(job) group_left() latency_slo_seconds", "10m"),
    ],
    "CPU": [
        ("CpuIdle", '100 - (avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 90', "15m"),
        ("CpuBurn", "rate(process_cpu_seconds_total[2m]) > 0.8", "10m"),
        (
            "CpuQuota",
            'sum by (pod) (rate(container_cpu_usage_seconds_total{container!=""}[5m])) '
            '/ sum by (pod) (kube_pod_container_resource_limits{resource="cpu"}) > 0.9',
            "15m",
        ),
        ("CpuPeak", "max_over_time(rate(process_cpu_seconds_total[1m])[10m:1m]) > 0.9", "10m"),
    ],
    "target down": [
        ("TargetDown", 'up{job="scorer"} == 0', "5m"),
        ("TargetDownOrGone", 'up == 0 or absent(up{job="scorer"})', "5m"),
        ("TargetGone", 'absent(up{job="scorer"})', "5m"),
        ("TargetFlaps", "avg_over_time(up[10m]) < 0.5", "5m"),
        ("TargetsDown", 'count(up{job="scorer"} == 0) > 0', "5m"),
        ("NoTargetUp", 'sum(up{job="scorer"}) < 1', "5m"),
        ("BatchAbsent", "absent_over_time(batch_seconds[2h])", "0"),
    ],
    "late data": [
        ("FeaturesStale", "time() - features_last_update_timestamp_seconds > 3600", "10m"),
        ("TableStale", "(time() - max by (table) (features_last_update_timestamp_seconds)) / 60 > 90", "10m"),
        ("FeaturesOld", "feature_age_seconds > 7200", "10m"),
        ("BatchMissing", "absent_over_time(batch_seconds[2h])", "0"),
    ],
    OWN: [
        (
            "Errors",
            'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05',
            "10m",
        ),
        (
            "MostFail",
            'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.9',
            "5m",
        ),
        (
            "FewServed",
            'sum(rate(http_requests_total{code="200"}[5m])) / sum(rate(http_requests_total[5m])) < 0.95',
            "5m",
        ),
        ("NoTraffic", "rate(predictions_total[10m]) == 0", "10m"),
        ("LittleTraffic", "increase(predictions_total[1h]) < 1", "10m"),
        ("AnyError", "increase(prediction_errors_total[10m]) > 0", "0"),
        ("HalfTraffic", "rate(predictions_total[10m]) / rate(predictions_total[10m] offset 1h) < 0.5", "10m"),
        ("Doubled", "model_score_mean > 1.5 * model_score_mean offset 1h", "10m"),
        (
            "MemoryFull",
            "(node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes) / node_memory_MemTotal_bytes > 0.9",
            "10m",
        ),
        ("MemoryLeft", "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1", "10m"),
        ("DiskFills", "predict_linear(node_filesystem_free_bytes[6h], 4*3600) < 0", "10m"),
        ("ErrorsOrNone", "(rate(errors_total[5m]) or vector(0)) > 1", "5m"),
        ("Frozen", "changes(input_rows[1h]) == 0", "30m"),
        ("NoSpread", "stddev_over_time(score_level[1h]) == 0", "1h"),
        ("Warmer", "delta(temperature_celsius[1h]) > 5", "0"),
    ],
}
NEVER = {
    "percent instead of a share": "feature_psi > 25",
    "two conditions that exclude each other": "feature_psi > 0.5 and feature_psi < 0.1",
    "a histogram without le": "histogram_quantile(0.99, sum by (job) (rate(request_seconds_bucket[5m]))) > 0.5",
    "an instant metric that is gone before it is late": "time() - timestamp(batch_seconds) > 600",
    "CPU in percent where a rate gives cores": "rate(process_cpu_seconds_total[5m]) > 80",
    "a share below 0": "model_accuracy < 0",
    "labels that never meet": 'errors{code="500"} / errors{code="200"} > 0.1',
    "a sum of zeros": "sum(up == 0) > 0",
    "up below 0": "up < 0",
}
ALWAYS = {
    "at least 0": "feature_psi >= 0",
    "a constant": "vector(1)",
    "turned round": "up == 1",
    "any latency": "request_latency_seconds > 0",
    "no comparison": "feature_psi",
    "a share below more than 1": "model_accuracy < 1.5",
}
UNCLEAR = [
    ("day_of_week() == 1", "0"),
    ("feature_psi > 0.2", "400d"),
    ("feature_psi >> 0.2", "0"),
    ('ALERTS{alertname="x"} > 0', "0"),
    ("x @ 5 > 1", "0"),
    ("(" * 500 + "x" + ")" * 500 + " > 1", "0"),
    ("x > 1" + " and x > 1" * 2000, "0"),
    ("x offset -1h > 1", "0"),
    ('x{a=~"(?i)b"} > 1', "0"),
    ("x > NaN", "0"),
    ("", "0"),
]


def tried(
    expression: str, waits: str = "5m", name: str = "Something", recorded: dict[str, str] | None = None
) -> TriedAlert:
    promtool = Promtool.find()
    assert promtool is not None
    rule = {"alert": name, "expr": expression, "for": waits}
    content = json.dumps({"groups": [{"name": "g", "rules": [rule]}]}).encode()
    (file,) = read_rule_files(Repository(commit="0", files={"a.yml": content}))
    return exercise(promtool, file, file.alerts[0], recorded or {})


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize(
    ("scenario", "name", "expression", "waits"),
    [(scenario, *rule) for scenario, rules in FIRE.items() for rule in rules],
    ids=[rule[0] for rules in FIRE.values() for rule in rules],
)
def test_a_good_alert_fires_in_its_scenario_in_time_and_is_silent_in_the_clean_control(
    scenario: str, name: str, expression: str, waits: str
) -> None:
    alert = tried(expression, waits, name)
    assert alert.unclear == ""
    assert not alert.in_clean
    fired = dict(alert.fired)
    assert fired.keys() >= {scenario, OWN}
    assert fired[scenario] <= alert.allowed
    assert alert.purpose in fired or alert.purpose == "other"


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("expression", NEVER.values(), ids=NEVER.keys())
def test_an_alert_that_cannot_fire_fires_in_no_scenario(expression: str) -> None:
    alert = tried(expression)
    assert (alert.unclear, alert.in_clean, alert.fired) == ("", False, ())


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("expression", ALWAYS.values(), ids=ALWAYS.keys())
def test_an_alert_that_always_fires_fires_in_the_clean_control(expression: str) -> None:
    assert tried(expression).in_clean


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize(("expression", "waits"), UNCLEAR, ids=range(len(UNCLEAR)))
def test_what_is_not_understood_is_said_and_not_guessed(expression: str, waits: str) -> None:
    alert = tried(expression, waits)
    assert alert.unclear
    assert alert.unclear.isprintable()
    assert (alert.fired, alert.in_clean) == ((), False)


@pytest.mark.usefixtures("promtool")
def test_recorded_metrics_are_what_they_are_recorded_from() -> None:
    recorded = {
        "job:latency:mean": "sum by (job) (rate(wait_seconds_sum[5m])) / sum by (job) (rate(wait_seconds_count[5m]))",
        "job:latency:smooth": "avg_over_time(job:latency:mean[10m])",
    }
    alert = tried('job:latency:smooth{job="scorer"} > 2', "5m", "LatencyHigh", recorded)
    assert {name for name, _ in alert.fired} == {"latency", OWN}
    assert not alert.in_clean
    assert "circle" in tried("a:b > 1", recorded={"a:b": "a:c", "a:c": "a:b"}).unclear


@pytest.mark.parametrize("pattern", ["a(?i)b", "[[:alpha:]]", "x{2,}y{", "(a", "a)", "\\pL", "*"])
def test_a_pattern_that_is_too_rich_is_refused(pattern: str) -> None:
    with pytest.raises(Unclear):
        sample_of(pattern)


def test_any_text_parses_or_is_unclear() -> None:
    pieces = ["x", "{", "}", "[5m]", "(", ")", ">", "1", "and", "by", "sum", '"a"', "=~", "offset", "5m", "-", "^", "@"]
    for seed in range(3000):
        words = [pieces[(seed * 7 + place * place * 13 + place * seed) % len(pieces)] for place in range(seed % 9)]
        try:
            parse(" ".join(words))
        except Unclear as error:
            assert str(error)  # noqa: PT017 - any other exception fails the test
