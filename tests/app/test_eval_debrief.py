"""Notes for the talk of a candidate in a record, and of a card alone."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from heldout.app.eval_debrief import debrief_notes
from heldout.core.errors import BadInput
from heldout.evals.record.workspace import Workspace

DECIDED = {
    "candidates": {
        "ada": {
            "band": "pass",
            "lift_band": "undecided",
            "levels": {"architecture": "senior", "monitoring": None},
            "raters": ["kim lee"],
            "locked": "",
        }
    }
}


def decide(workspace: Workspace) -> None:
    (workspace.folder / "committee").mkdir(exist_ok=True)
    (workspace.folder / "committee" / "decisions.json").write_text(json.dumps(DECIDED))


def test_decided_levels_are_quoted_and_no_rater_is_named(graded: Workspace) -> None:
    decide(graded)

    notes = debrief_notes(graded.folder, "ada")

    (said,) = [section for section in notes.sections if section.heading == "What the decided levels say"]
    assert [note.says for note in said.notes] == ["The work on architecture was decided to be at the level senior."]
    assert "ARC003" in said.notes[0].evidence
    assert "kim" not in str(notes)


def test_every_sentence_names_what_it_rests_on(graded_once: Workspace) -> None:
    for name in ("ada", "bea", "cyd"):
        notes = debrief_notes(graded_once.folder, name)
        assert [note for section in notes.sections for note in section.notes if not all(note.evidence)] == []
        assert all(note.evidence for section in notes.sections for note in section.notes)
        assert sum(len(section.notes) for section in notes.sections) > 8


def test_the_command_writes_all_kinds_of_a_card_too(run: Run, graded_once: Workspace, tmp_path: Path) -> None:
    card = graded_once.folder / "record" / "cyd" / "graded" / "cyd"

    code, out, _ = run("eval", "debrief", card, "--out", tmp_path / "notes")

    assert code == 0
    assert "What would have moved the band most" in out
    assert sorted(path.name for path in (tmp_path / "notes").iterdir()) == [
        "debrief.html",
        "debrief.json",
        "debrief.md",
    ]


@pytest.mark.parametrize("name", [None, "dov", "nobody", "../ada"])
def test_of_nobody_and_of_somebody_without_a_card_there_are_no_notes(graded_once: Workspace, name: str | None) -> None:
    with pytest.raises(BadInput):
        debrief_notes(graded_once.folder, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"candidates": {"ada": {"band": "great", "lift_band": "pass", "levels": {}, "locked": ""}}}',
        '{"candidates": 3}',
    ],
)
def test_decisions_that_are_none_are_refused(graded: Workspace, text: str) -> None:
    decide(graded)
    (graded.folder / "committee" / "decisions.json").write_text(text)

    with pytest.raises(BadInput, match="decisions cannot be read"):
        debrief_notes(graded.folder, "ada")
