"""Rule files are judged by promtool where it is there, else by their structure, and the verdict says by whom."""

from collections.abc import Callable

import pytest

from heldout.core.repository import Repository
from heldout.tools.promtool import judge

Make = Callable[..., Repository]

GOOD = """groups:
- name: a
  interval: 30s
  rules:
  - alert: Slow
    expr: 'rate(x_total{job="(a"}[5m]) > 1 # it''s ('
    for: 1h30m
    labels: {severity: page}
    annotations: {summary: "{{ $value }} is too (much"}
  - record: job:x:rate5m
    expr: rate(x_total[5m])
"""
BAD = {
    "unknown key": "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: x\n    forr: 5m\n",
    "duration": "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: x\n    for: 5min\n",
    "no expr": "groups:\n- name: a\n  rules:\n  - alert: A\n",
    "two kinds": "groups:\n- name: a\n  rules:\n  - alert: A\n    record: b\n    expr: x\n",
    "brackets": "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: rate(x[5m]\n",
    "quotes": 'groups:\n- name: a\n  rules:\n  - alert: A\n    expr: x{a="b} > 1\n',
    "group twice": "groups:\n- name: a\n- name: a\n",
    "no name": "groups:\n- rules: []\n",
    "labels": "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: x\n    labels: [a]\n",
    "record for": "groups:\n- name: a\n  rules:\n  - record: a\n    expr: x\n    for: 5m\n",
    "no yaml": "groups:\n- name: [\n",
    "no list": "groups: 3\n",
}


@pytest.mark.usefixtures("promtool")
def test_promtool_accepts_a_good_file_and_is_named_with_its_version(repository: Make) -> None:
    verdict = judge(repository(**{"a.yml": GOOD}))
    assert verdict.judge.startswith("promtool ")
    assert verdict.judge.split()[1][0].isdigit()
    assert (verdict.files, verdict.refused) == (("a.yml",), ())


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize("name", BAD)
def test_promtool_refuses_a_bad_file_and_its_message_names_no_path_of_this_machine(repository: Make, name: str) -> None:
    verdict = judge(repository(**{"good.yml": GOOD, "rules/bad.yml": BAD[name]}))
    ((path, message),) = verdict.refused
    assert path == "rules/bad.yml"
    assert message
    assert message.isprintable()
    assert "/" not in message.replace("and/or", "").replace("/unless", "")


@pytest.mark.usefixtures("promtool")
def test_promtool_refuses_an_expression_that_only_it_understands(repository: Make) -> None:
    verdict = judge(repository(**{"a.yml": GOOD.replace("> 1", "> = 1")}))
    assert "parse error" in verdict.refused[0][1]


@pytest.mark.usefixtures("without_promtool")
def test_without_promtool_our_parser_accepts_a_good_file_and_says_who_it_is(repository: Make) -> None:
    verdict = judge(repository(**{"a.yml": GOOD}))
    assert verdict.judge == "Heldout's own parser (promtool is not installed; expressions are not parsed)"
    assert verdict.refused == ()


@pytest.mark.usefixtures("without_promtool")
@pytest.mark.parametrize("name", BAD)
def test_without_promtool_our_parser_refuses_what_promtool_refuses(repository: Make, name: str) -> None:
    ((path, message),) = judge(repository(**{"bad.yml": BAD[name], "good.yml": GOOD})).refused
    assert path == "bad.yml"
    assert message.isprintable()


@pytest.mark.usefixtures("promtool")
def test_a_file_over_the_bounds_is_refused_before_promtool_sees_it(repository: Make) -> None:
    bomb = "groups: &a [x, x]\n" + "".join(
        f"b{n}: &b{n} [{', '.join(['*a' if n == 0 else f'*b{n - 1}'] * 10)}]\n" for n in range(9)
    )
    assert "unfolds" in judge(repository(**{"a.yml": bomb})).refused[0][1]


@pytest.mark.parametrize("path", ["--help.yml", "-.yml", "$(touch x).yml", "a b.yml"])
def test_a_path_that_looks_like_an_option_is_only_a_name(repository: Make, path: str) -> None:
    verdict = judge(repository(**{path: GOOD}))
    assert (verdict.files, verdict.refused) == ((path,), ())


def test_a_repository_without_rule_files_has_nothing_to_judge(repository: Make) -> None:
    verdict = judge(repository(**{"ci.yml": "on: push\n"}))
    assert (verdict.files, verdict.refused) == ((), ())
