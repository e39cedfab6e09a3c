"""The alerts of a repository are found wherever its rule files lie, and what cannot be read is listed."""

import pytest

from heldout.core.repository import Repository
from heldout.tools.promtool import alert_rules
from heldout.tools.promtool.alerts import MAX_FILES, rule_files

RULES = b"groups:\n- name: a\n  rules:\n  - alert: Slow\n    expr: x > 1\n  - record: y\n    expr: x\n"
KUBERNETES = b"""apiVersion: v1
kind: Service
---
kind: PrometheusRule
spec:
  groups:
  - name: b
    rules:
    - alert: Drift
      expr: |
        psi > 1
"""


def read(**files: bytes) -> Repository:
    return Repository(commit="0", files=files)


def test_alerts_are_found_in_prometheus_and_kubernetes_files_in_order_of_path() -> None:
    found = alert_rules(read(**{"b/rules.yaml": KUBERNETES, "a.yml": RULES, "c.rules": RULES, "d.txt": RULES}))
    assert found.rules == (
        ("a.yml", "Slow", "x > 1"),
        ("b/rules.yaml", "Drift", "psi > 1\n"),
        ("c.rules", "Slow", "x > 1"),
    )
    assert found.unreadable == ()


def test_other_yaml_is_no_rule_file() -> None:
    files = {"ci.yml": b"on: push\n", "groups.yml": b"groups: [a, b]\n", "conf.yml": b"spec:\n  groups: 3\n"}
    found = alert_rules(read(**files))
    assert (found.rules, found.unreadable) == ((), ())


@pytest.mark.parametrize(
    "content",
    [b"groups: [\n", b"groups: \xff\n", b"groups:\n" + b"- x\n" * 100_000, b"g\0r\0o\0u\0p\0s\0"],
)
def test_a_candidate_that_cannot_be_read_is_listed_with_the_reason(content: bytes) -> None:
    found = alert_rules(read(**{"a.yml": content, "b.yml": RULES}))
    assert [path for path, _ in found.unreadable] == ["a.yml"]
    assert found.unreadable[0][1]
    assert len(found.rules) == 1


def test_a_file_that_was_too_large_for_the_evidence_is_listed() -> None:
    repository = Repository(commit="0", files={}, omitted=("big.yml", "model.bin"))
    assert alert_rules(repository).unreadable == (("big.yml", "too large to be read"),)


@pytest.mark.parametrize(
    "content",
    [
        b"groups: 3\n",
        b"groups: [1, [], {rules: 3}, {rules: [1, {alert: [x]}, {alert: A, expr: [1]}]}]\n",
        b"groups:\n",
        b"- groups\n",
        b"groups",
    ],
)
def test_groups_of_another_shape_are_no_crash(content: bytes) -> None:
    assert all(expression == "" for _, _, expression in alert_rules(read(**{"a.yml": content})).rules)


def test_of_very_many_files_the_rest_is_listed() -> None:
    found = alert_rules(read(**{f"{number:03}.yml": RULES for number in range(MAX_FILES + 2)}))
    assert (len(found.rules), len(found.unreadable)) == (MAX_FILES, 2)


def test_a_kubernetes_rule_is_judged_by_its_groups_alone() -> None:
    files = rule_files(read(**{"a.yml": RULES, "b.yml": KUBERNETES, "c.yml": b"on: push\n", "d.yml": b"groups: [\n"}))
    assert list(files) == ["a.yml", "b.yml", "d.yml"]
    assert files["a.yml"] == RULES
    assert b"apiVersion" not in files["b.yml"]
