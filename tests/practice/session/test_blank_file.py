"""The blank-file round: five steps, hidden tests by name, and a file that belongs to the learner."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.practice.session.sitting import Sitting, now

from heldout.core.errors import BadInput
from heldout.practice.drill import Difficulty
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.session.blank_file import blank_file_round, task_of
from heldout.practice.session.dealt import Dealt, deal
from heldout.practice.session.desk import Left


def dealt(family: str = "monitoring") -> Dealt:
    return deal(syllabus()[family][0], 3, Difficulty.MIDDLE, planted=True)


def file_of(folder: Path) -> Path:
    return folder / f"{task_of(dealt()).name}-3.py"


def steps(*run: str) -> list[str]:
    task = task_of(dealt())
    trace = json.dumps(task.trace.result)
    return [
        "90",
        "lists in, times out",
        "",
        "loop",
        "",
        trace,
        "empty",
        "",
        *run,
        task.point.says,
        "",
        "abcd"[task.point.probe.right],
    ]


def test_the_reference_typed_in_passes_the_hidden_tests(tmp_path: Path) -> None:
    file_of(tmp_path).write_text(task_of(dealt()).reference)
    sitting = Sitting(steps(""))
    attempt = blank_file_round(dealt(), sitting.desk, now=now, folder=tmp_path)
    assert attempt.places["tests"].points == 70
    assert attempt.places["trace"].points == 15
    assert attempt.score >= 85
    for test in task_of(dealt()).tests:
        assert f"✓ {test}" in sitting.said
    for step in range(1, 6):
        assert f"Step {step} of 5" in sitting.said


def test_a_slip_is_told_by_the_name_of_the_test_and_never_by_what_was_wanted(tmp_path: Path) -> None:
    task = task_of(dealt())
    slip = task.slips[0]
    file_of(tmp_path).write_text(slip.source(task.reference))
    sitting = Sitting(steps("", "h"))
    attempt = blank_file_round(dealt(), sitting.desk, now=now, folder=tmp_path)
    assert attempt.places["tests"].points < 70
    for test in slip.fails:
        assert f"✗ {test}" in sitting.said
    assert "The reference solution" in sitting.said


def test_a_second_run_costs_ten_points(tmp_path: Path) -> None:
    sitting = Sitting(steps("", "", "h"))
    attempt = blank_file_round(dealt(), sitting.desk, now=now, folder=tmp_path)
    assert attempt.hints == 1
    assert file_of(tmp_path).read_text().startswith('"""')


def test_a_reveal_ends_it_without_points(tmp_path: Path) -> None:
    sitting = Sitting(["50", "!"])
    attempt = blank_file_round(dealt(), sitting.desk, now=now, folder=tmp_path)
    assert (attempt.revealed, attempt.score) == (True, 0)
    assert task_of(dealt()).reference.strip().splitlines()[0] in sitting.said


def test_every_family_of_the_deck_has_a_task() -> None:
    for family in syllabus():
        assert task_of(dealt(family)).family == family


def test_an_editor_that_does_not_start_is_said_and_the_round_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    file_of(tmp_path).write_text(task_of(dealt()).reference)
    sitting = Sitting(steps("e", ""))
    attempt = blank_file_round(dealt(), sitting.desk, now=now, folder=tmp_path)
    assert "does not start" in sitting.said
    assert attempt.places["tests"].points == 70


def test_an_editor_opens_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\ncat > \"$1\" <<'END'\n{task_of(dealt()).reference}\nEND\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    attempt = blank_file_round(dealt(), Sitting(steps("e", "")).desk, now=now, folder=tmp_path)
    assert attempt.places["tests"].points == 70


def test_a_family_without_a_task_is_refused() -> None:
    one = dealt()
    other = replace(one, kind=replace(one.kind, family="astrology"))
    with pytest.raises(BadInput, match="no blank-file task"):
        task_of(other)


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(file_of(tmp_path))
    sitting = Sitting(steps("", "h"))
    attempt = blank_file_round(dealt(), sitting.desk, now=now, folder=tmp_path)
    assert attempt.places["tests"].points == 0
    assert "the file could not be loaded" in sitting.said


def test_the_points_are_told_by_their_parts(tmp_path: Path) -> None:
    sitting = Sitting(steps("?", "", "", "h"))
    attempt = blank_file_round(dealt(), sitting.desk, now=now, folder=tmp_path)
    tests = attempt.places["tests"].points
    assert f"tests {tests:.0f} of 70, trace 15 of 15, trade-offs " in sitting.said
    assert "20 less for the edge cases and 1 further run." in sitting.said


def test_the_example_of_an_answer_is_no_answer(tmp_path: Path) -> None:
    for family in syllabus():
        sitting = Sitting(["90", "in", "", "loop", ""])
        with pytest.raises(Left):
            blank_file_round(dealt(family), sitting.desk, now=now, folder=tmp_path)
        example = sitting.said.partition("such as ")[2].partition(" ")[0].strip(",")
        assert json.loads(example) != task_of(dealt(family)).trace.result
