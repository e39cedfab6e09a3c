"""Holds every present and future check to the contract of a check, by the planters of its family."""

import ast
import dataclasses
import functools
import inspect
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.worlds import as_evidence, planters

from heldout.core.check import SECTIONS, Check
from heldout.core.error_control import CHECKS_PER_FAMILY, FAMILY_SHARE
from heldout.core.finding import Ending, Finding
from heldout.engine import catalog, run
from heldout.faults.planter import Planter

SEEDS = 20
LONGEST_FILE = 130
LONGEST_CLAIM = 400
PURE = {"ast", "collections", "dataclasses", "enum", "fnmatch", "functools", "itertools", "json", "math", "numpy"}
PURE |= {"operator", "posixpath", "re", "statistics", "string", "textwrap", "tomllib", "types", "typing"}
IMPURE_CALLS = {"print", "open", "input", "exec", "eval", "__import__"}

CHECKS = catalog()
PLANTED = planters()
PAIRS = [(check, planter) for check in CHECKS for planter in PLANTED.get(check.code, ("", ()))[1]]
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
every_fault = pytest.mark.parametrize(("check", "planter"), PAIRS, ids=[f"{c.code}-{p.fault}" for c, p in PAIRS])


def module_of(check: Check):
    return sys.modules[check.function.__module__]


def source_of(check: Check) -> str:
    return Path(inspect.getsourcefile(check.function)).read_text(encoding="utf-8")


@functools.cache
def findings_of(check: Check, planter: Planter, seed: int, effect: float) -> tuple[Finding, ...]:
    return run([check], as_evidence(planter.build(seed, effect)))


def planted_world(check: Check) -> Mapping[str, object]:
    return as_evidence(PLANTED[check.code][1][0].build(0, module_of(check).MINIMUM_EFFECT))


def reordered(evidence: object) -> object:
    """Return the evidence with every mapping in it in the opposite order."""
    if not dataclasses.is_dataclass(evidence):
        return evidence
    values = {field.name: getattr(evidence, field.name) for field in dataclasses.fields(evidence)}
    turned = {name: dict(reversed(value.items())) for name, value in values.items() if isinstance(value, Mapping)}
    return dataclasses.replace(evidence, **turned)


def test_there_are_checks():
    assert CHECKS


def test_codes_of_a_family_share_a_prefix_that_no_other_family_has():
    pairs = {(check.family, check.code[:3]) for check in CHECKS}
    assert len(pairs) == len({family for family, _ in pairs}) == len({prefix for _, prefix in pairs})


def test_the_error_budget_is_shared_out_over_the_checks_that_exist():
    assert sum(FAMILY_SHARE.values()) == pytest.approx(1)
    assert dict(Counter(check.family for check in CHECKS if check.family in FAMILY_SHARE)) == CHECKS_PER_FAMILY


def test_every_planter_plants_for_a_check_of_its_family():
    families = {check.code: check.family for check in CHECKS}
    assert {code: family for code, (family, _) in PLANTED.items()} == {code: families.get(code) for code in PLANTED}


@every_check
def test_a_check_is_named_after_its_file(check):
    assert check.function.__name__ == check.function.__module__.rsplit(".", 1)[-1] == check.name.replace("-", "_")


@every_check
def test_its_file_is_short(check):
    assert len(source_of(check).splitlines()) < LONGEST_FILE


@every_check
def test_its_page_fills_each_section_and_states_the_smallest_effect_that_it_finds(check):
    assert check.question.endswith(".")
    for section in SECTIONS:
        text = check.page.split(f"## {section}\n", 1)[1].split("## ")[0]
        assert text.strip(), section
    assert "{MINIMUM_EFFECT}" in check.function.__doc__
    assert module_of(check).MINIMUM_EFFECT > 0


@every_check
def test_it_is_pure(check):
    tree = ast.parse(source_of(check))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in IMPURE_CALLS
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            is_ours = name.startswith(("heldout.core.", "heldout.stats."))
            assert is_ours or name == "heldout.stats" or name.split(".")[0] in PURE, name


@every_check
def test_it_has_a_planter(check):
    assert PLANTED.get(check.code), f"heldout/faults/{check.family}.py plants nothing for {check.code}"


@every_fault
def test_it_finds_the_fault_at_its_stated_minimum_effect(check, planter):
    effect = module_of(check).MINIMUM_EFFECT
    answers = {seed: findings_of(check, planter, seed, effect) for seed in range(SEEDS)}
    missed = {
        seed: [finding.answer.claim for finding in findings]
        for seed, findings in answers.items()
        if Ending.PROBLEM not in {finding.ending for finding in findings}
    }
    assert not missed


@every_fault
def test_it_is_silent_on_the_clean_twin(check, planter):
    alarms = [
        (seed, finding.answer.claim)
        for seed in range(SEEDS)
        for finding in findings_of(check, planter, seed, 0.0)
        if finding.ending in (Ending.PROBLEM, Ending.CRASHED, Ending.NO_EVIDENCE)
    ]
    assert not alarms


@every_fault
def test_a_problem_says_what_was_measured_on_how_many_and_what_to_do(check, planter):
    for finding in findings_of(check, planter, 0, module_of(check).MINIMUM_EFFECT):
        answer = finding.answer
        assert answer.claim.endswith(".")
        assert len(answer.claim) < LONGEST_CLAIM
        assert "\n" not in answer.claim
        assert not {"nan", "inf", "None"} & set(answer.claim.replace(".", " ").split())
        if answer.ending is Ending.PROBLEM:
            assert answer.to_do
            assert any(measure.estimate.n > 0 for measure in answer.measures)


@every_fault
def test_it_answers_the_same_when_asked_again_and_in_another_order(check, planter):
    for effect in (0.0, module_of(check).MINIMUM_EFFECT):
        evidence = as_evidence(planter.build(1, effect))
        first = run([check], evidence)
        assert run([check], evidence) == first
        assert run([check], {name: reordered(value) for name, value in evidence.items()}) == first


@every_check
def test_missing_evidence_is_named(check):
    evidence = planted_world(check)
    for need in check.needs:
        without = {name: value for name, value in evidence.items() if name != need.name}
        for given in (without, without | {need.name: None}):
            endings = {(finding.ending, finding.missing) for finding in run([check], given)}
            if need.optional:
                assert Ending.CRASHED not in {ending for ending, _ in endings}
            else:
                assert endings == {(Ending.NO_EVIDENCE, (need.name,))}


@every_check
def test_evidence_of_the_wrong_type_is_a_crash_and_no_pass(check):
    evidence = planted_world(check)
    for need in check.needs:
        (finding,) = run([check], evidence | {need.name: object()})
        assert finding.ending is Ending.CRASHED
