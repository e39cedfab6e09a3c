"""Whole repositories of rules and tests: a good set passes, and each planted fault is found by its check."""

from collections.abc import Mapping

import pytest

from heldout.core.finding import Ending, Finding
from heldout.core.monitoring_evidence import AlertTrial
from heldout.core.repository import Repository
from heldout.engine import catalog, run
from heldout.tools.promtool import alert_trial
from heldout.tools.promtool.trial import conduct, mutants

CODES = ("MON003", "MON004", "MON005", "MON006", "MON007", "MON008")
GOOD = """groups:
- name: scorer
  rules:
  - alert: FeatureDrift
    expr: feature_psi > 0.25
    for: 1h
    labels: {severity: ticket}
  - alert: SlowAnswers
    expr: histogram_quantile(0.99, sum by (le) (rate(answer_seconds_bucket[5m]))) > 0.5
    for: 10m
  - alert: CpuBusy
    expr: rate(process_cpu_seconds_total[5m]) > 0.9
    for: 15m
  - alert: ScorerDown
    expr: up{job="scorer"} == 0
    for: 5m
  - alert: FeaturesStale
    expr: time() - features_timestamp_seconds > 7200
    for: 10m
"""
TESTS = """rule_files: [RULES]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - {series: 'feature_psi{feature="x"}', values: '0.24x200 0.26x100'}
  - {series: 'process_cpu_seconds_total', values: '0+50x60 3055+55x60'}
  - {series: 'up{job="scorer"}', values: '1x60 0x60'}
  - {series: 'features_timestamp_seconds', values: '0+60x100 6000+0x400'}
  - {series: 'answer_seconds_bucket{le="0.45"}', values: '0+60x60 3600+0x60'}
  - {series: 'answer_seconds_bucket{le="0.55"}', values: '0+60x120'}
  - {series: 'answer_seconds_bucket{le="+Inf"}', values: '0+60x120'}
  alert_rule_test:
  - {eval_time: 58m, alertname: CpuBusy, exp_alerts: []}
  - {eval_time: 100m, alertname: CpuBusy, exp_alerts: [{exp_labels: {}}]}
  - {eval_time: 58m, alertname: SlowAnswers, exp_alerts: []}
  - {eval_time: 100m, alertname: SlowAnswers, exp_alerts: [{exp_labels: {}}]}
  - {eval_time: 58m, alertname: ScorerDown, exp_alerts: []}
  - {eval_time: 70m, alertname: ScorerDown, exp_alerts: [{exp_labels: {job: scorer}}]}
  - {eval_time: 190m, alertname: FeatureDrift, exp_alerts: []}
  - {eval_time: 290m, alertname: FeatureDrift, exp_alerts: [{exp_labels: {feature: x, severity: ticket}}]}
  - {eval_time: 210m, alertname: FeaturesStale, exp_alerts: []}
  - {eval_time: 240m, alertname: FeaturesStale, exp_alerts: [{exp_labels: {}}]}
"""
QUIET = """rule_files: [alerts.yml]
tests:
- input_series: [{series: 'feature_psi{feature="x"}', values: '0.01x200'}]
  alert_rule_test: [{eval_time: 1h, alertname: FeatureDrift, exp_alerts: []}]
"""
KUBERNETES = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n" + "".join(
    f"  {line}\n" for line in GOOD.splitlines()
)
SET = {"alerts.yml": GOOD, "alerts_test.yml": TESTS.replace("RULES", "alerts.yml")}
WRITES_RULES = """import subprocess
RULES = '''
groups:
- name: scorer
  rules:
  - alert: FeatureDrift
    expr: feature_psi > 0.25
'''
def test_alerts(tmp_path):
    subprocess.run(["promtool", "test", "rules"])
"""
SETS: Mapping[str, tuple[Mapping[str, str], set[str]]] = {
    "a good set": (SET, set()),
    "a good set in folders": (
        {"deploy/alerts.yml": GOOD, "tests/alerts_test.yml": TESTS.replace("RULES", "../deploy/*.yml")},
        set(),
    ),
    "a rule that never fires": (SET | {"alerts.yml": GOOD.replace("sum by (le)", "sum")}, {"MON003", "MON005"}),
    "a threshold in percent": ({"alerts.yml": GOOD.replace("0.25", "25")}, {"MON003", "MON005"}),
    "a rule that always fires": ({"alerts.yml": GOOD.replace("> 0.25", ">= 0")}, {"MON004", "MON005"}),
    "a comparison turned round": (SET | {"alerts.yml": GOOD.replace("== 0", "== 1")}, {"MON004", "MON005"}),
    "no tests": ({"alerts.yml": GOOD}, {"MON005"}),
    "a test that fails": (SET | {"alerts.yml": GOOD.replace("for: 1h", "for: 9h")}, {"MON005"}),
    "tests on a copy": (
        {"deploy/alerts.yml": GOOD, "tests/rules.yml": GOOD, "tests/t.yml": TESTS.replace("RULES", "rules.yml")},
        {"MON006", "MON007"},
    ),
    "tests on an old copy": (
        {
            "deploy/alerts.yml": GOOD.replace("0.25", "0.3"),
            "testdata/rules.yml": GOOD,
            "testdata/t.yml": TESTS.replace("RULES", "rules.yml"),
        },
        {"MON006", "MON007"},
    ),
    "tests that write rules of their own": (
        {"alerts.yml": GOOD, "tests/test_a.py": WRITES_RULES},
        {"MON005", "MON006"},
    ),
    "tests that see nothing": ({"alerts.yml": GOOD, "quiet_test.yml": QUIET}, {"MON007"}),
    "one alert without a test": (
        SET | {"alerts_test.yml": "\n".join(x for x in SET["alerts_test.yml"].splitlines() if "CpuBusy" not in x)},
        {"MON007"},
    ),
    "latency alone": (
        {"alerts.yml": "groups: [{name: a, rules: [{alert: Slow, expr: latency_seconds > 1}]}]"},
        {"MON005", "MON008"},
    ),
    "a Kubernetes resource": ({"rules.yaml": KUBERNETES}, {"MON005"}),
    "tests that look outside": (SET | {"alerts_test.yml": TESTS.replace("RULES", "../../../etc/passwd")}, {"MON005"}),
    "nothing to watch": ({"ci.yml": "on: push\n"}, set()),
}


def trial_of(files: Mapping[str, str]) -> AlertTrial:
    made = alert_trial(Repository(commit="0", files={path: text.encode() for path, text in files.items()}))
    assert made is not None
    return made


def findings(trial: AlertTrial) -> list[Finding]:
    return list(run([check for check in catalog() if check.code in CODES], {"alert_trial": trial}))


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("name", SETS)
def test_each_planted_fault_is_found_and_nothing_else(name: str) -> None:
    files, expected = SETS[name]
    found = findings(trial_of(files))
    problems = {finding.code: finding.answer.claim for finding in found if finding.ending is Ending.PROBLEM}
    assert problems.keys() == expected, problems
    assert Ending.CRASHED not in {finding.ending for finding in found}


@pytest.mark.usefixtures("promtool")
def test_a_good_set_is_clear_in_everything_and_the_mutation_score_is_told() -> None:
    found = findings(trial_of(SET))
    assert {finding.ending for finding in found} == {Ending.CLEAR}
    claims = {finding.code: finding.answer.claim for finding in found}
    assert "mutants found by the tests: 23 of 23" in claims["MON007"], claims


@pytest.mark.usefixtures("promtool")
def test_survivors_are_named_with_what_was_changed() -> None:
    (finding,) = (one for one in findings(trial_of(SETS["tests that see nothing"][0])) if one.code == "MON007")
    assert "FeatureDrift: deleted, and all tests pass" in {witness.note for witness in finding.answer.witnesses}


@pytest.mark.usefixtures("promtool")
def test_a_refused_file_is_left_out_and_named() -> None:
    trial = trial_of(SET | {"bad.yml": "groups: [{name: a, rules: [{alert: A, expr: 'x >> 1'}]}]"})
    assert trial.refused == ("bad.yml",)
    assert {alert.path for alert in trial.alerts} == {"alerts.yml"}


@pytest.mark.usefixtures("promtool")
def test_metrics_that_no_program_names_are_told() -> None:
    trial = trial_of(SET | {"scorer.py": "Gauge('feature_psi')\nHistogram('answer_seconds')\n"})
    named = {alert.alert: alert.sourceless for alert in trial.alerts if alert.sourceless}
    assert named == {"FeaturesStale": ("features_timestamp_seconds",)}
    assert all(alert.sourceless == () for alert in trial_of(SET).alerts)


@pytest.mark.usefixtures("promtool")
def test_many_rules_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduct, "MOST_ALERTS", 2)
    monkeypatch.setattr(mutants, "MOST_MUTANTS", 3)
    trial = trial_of(SET)
    assert [bool(alert.unclear) for alert in trial.alerts] == [False, False, True, True, True]
    assert len(trial.mutants) == 3
    assert trial.unmutated == (("alerts.yml", mutants.BEYOND),)


@pytest.mark.usefixtures("without_promtool")
def test_without_promtool_there_is_no_trial() -> None:
    assert alert_trial(Repository(commit="0", files={"alerts.yml": GOOD.encode()})) is None
