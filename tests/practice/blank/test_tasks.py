"""Blank-file tasks: each proves its key with its reference solution and its mutants."""

import json

import pytest

from heldout.practice.blank import task_named, tasks
from heldout.practice.blank.compare import agrees
from heldout.practice.blank.task import Slip, Task
from heldout.practice.drill import Family

SEEDS = range(3)


def failing(task: Task, source: str, seed: int) -> set[str]:
    """Return the tests that a source of ours fails; it runs in this process."""
    names: dict = {}
    exec(source, names)
    failed = set()
    for case in task.hidden(seed):
        try:
            value = names[task.function](*json.loads(json.dumps(case.arguments)))
            right = agrees(case.wanted, json.loads(json.dumps(value)), case.tolerance)
        except Exception:
            right = False
        failed |= set() if right else {case.test}
    return failed


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.name)
def test_the_reference_passes_and_each_mutant_fails_the_tests_that_it_names(task) -> None:
    for seed in SEEDS:
        assert failing(task, task.reference, seed) == set()
        for slip in task.slips:
            assert slip.fails
            assert set(slip.fails) <= failing(task, slip.source(task.reference), seed), slip.mistake


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.name)
def test_hidden_tests_are_named_in_words_come_from_the_seed_and_are_plain_values(task) -> None:
    cases = task.hidden(3)
    assert {case.test for case in cases} == set(task.tests)
    assert task.hidden(3) == cases
    assert task.hidden(4) != cases
    assert len(task.tests) >= 6
    assert len(task.slips) >= 3
    for case in cases:
        assert json.loads(json.dumps([case.arguments, case.wanted])) == [list(case.arguments), case.wanted]


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.name)
def test_the_hand_trace_is_what_the_reference_returns(task) -> None:
    names: dict = {}
    exec(task.reference, names)
    arguments = json.loads(json.dumps(task.trace.arguments))
    assert agrees(task.trace.result, names[task.function](*arguments), 1e-9)


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.name)
def test_the_signature_names_the_function_and_is_python(task) -> None:
    names: dict = {}
    exec(f"{task.signature}\n    ...", names)
    assert callable(names[task.function])
    assert task_named(task.name) is task


def test_each_family_has_a_task() -> None:
    assert {task.family for task in tasks()} == set(Family)


def test_a_change_that_does_not_fit_the_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="there 2 times"):
        Slip(mistake="", changes=(("a", "b"),), fails=()).source("a a")
