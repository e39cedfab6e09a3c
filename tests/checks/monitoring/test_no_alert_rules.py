import pytest

from heldout.checks.monitoring.no_alert_rules import no_alert_rules
from heldout.core.evidence import AlertRules
from heldout.core.finding import Certainty, Ending
from heldout.engine import run

DRIFT, LATENCY, CPU = ("Drift", "model_psi > 0.2"), ("Slow", "request_duration_seconds > 1"), ("Cpu", "node_cpu > 1")


def asked(*rules, unreadable=()):
    evidence = AlertRules(rules=tuple(("alerts.yml", *rule) for rule in rules), unreadable=unreadable)
    return run([no_alert_rules], {"alert_rules": evidence})[0]


def test_rules_on_all_three_topics_are_clear():
    assert asked(DRIFT, LATENCY, CPU).ending is Ending.CLEAR


@pytest.mark.parametrize(
    ("rules", "missing"),
    [
        ([LATENCY, CPU], "drift"),
        ([DRIFT, CPU], "latency"),
        ([DRIFT, LATENCY], "CPU"),
        ([CPU], "drift or latency"),
        ([("ScorerSilent", "absent(up)")], "drift or latency or CPU"),
    ],
)
def test_the_missing_topics_are_named_as_a_suspicion(rules, missing):
    finding = asked(*rules)
    assert finding.certainty is Certainty.SUSPECT
    assert f"speaks of {missing};" in finding.answer.claim


@pytest.mark.parametrize(
    ("alert", "expression", "topic"),
    [
        ("FeatureDriftHigh", "x > 1", "drift"),
        ("Inputs", "feature_psi{feature='age'} > 0.2", "drift"),
        ("Skewed", "train_serving_skew > 1", "drift"),
        ("P99High", "histogram_quantile(0.99, rate(http_request_duration_seconds_bucket[5m])) > 1", "latency"),
        ("SlowBatch", "x > 1", "latency"),
        ("APILatency", "x > 1", "latency"),
        ("CPUThrottling", "x > 1", "CPU"),
        ("Busy", "node_load5 > 8", "CPU"),
        ("Busy", "rate(process_cpu_seconds_total[5m]) > 1", "CPU"),
    ],
)
def test_a_topic_is_told_by_the_words_of_name_and_expression(alert, expression, topic):
    others = {"drift": (LATENCY, CPU), "latency": (DRIFT, CPU), "CPU": (DRIFT, LATENCY)}[topic]
    assert asked(*others).ending is Ending.PROBLEM
    assert asked(*others, (alert, expression)).ending is Ending.CLEAR


@pytest.mark.parametrize(
    ("alert", "expression"),
    [("Busy", "rate(process_cpu_seconds_total[5m]) > 1"), ("X", "x > 1 # latency"), ("Upside", "epsilon_rpm > 1")],
)
def test_words_that_only_look_alike_tell_no_topic(alert, expression):
    assert "latency" in asked(DRIFT, CPU, (alert, expression)).answer.claim


def test_no_rule_at_all_is_proven():
    finding = asked()
    assert (finding.ending, finding.certainty) == (Ending.PROBLEM, Certainty.PROVEN)


def test_files_that_could_not_be_read_are_said():
    finding = asked(unreadable=(("alerts.yml", "is not UTF-8 at byte 3"),))
    assert "could not be read: 1" in finding.answer.claim
    assert finding.answer.witnesses[0].note == "not read: is not UTF-8 at byte 3"


def test_a_hostile_rule_is_answered_and_shown_as_plain_text():
    finding = asked(DRIFT, LATENCY, ("\x1b[31mCpu" + "A" * 100_000, "(" * 100_000))
    assert finding.ending is Ending.CLEAR
    assert all(witness.note.isprintable() and len(witness.note) < 150 for witness in finding.answer.witnesses)
