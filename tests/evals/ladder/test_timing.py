"""Grading's time is read off the journal: once for each submission, however often the trial was begun again."""

import datetime as dt
import json
from pathlib import Path

import pytest

from heldout.evals.ladder.timing import read_timing


def journal(folder: Path, *events: tuple[float, dict[str, str]]) -> Path:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    lines = [json.dumps({"at": (start + dt.timedelta(seconds=at)).isoformat(), **event}) for at, event in events]
    (folder / "journal.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def step(begin: float, end: float, phase: str, key: str) -> list[tuple[float, dict[str, str]]]:
    named = {"phase": phase, "step": key}
    return [(begin, {"event": "started", **named}), (end, {"event": "finished", **named})]


def card(at: float, name: str) -> list[tuple[float, dict[str, str]]]:
    return [(at, {"event": "audit", "submission": name}), (at + 2, {"event": "card", "submission": name})]


def test_a_candidate_costs_its_own_steps_and_its_audit_and_the_environment_is_paid_once(tmp_path: Path) -> None:
    timed = read_timing(
        journal(
            tmp_path,
            *step(0, 20, "environment", "e"),
            *step(20, 25, "validation", "v"),
            *step(25, 32, "train", "a"),
            *step(32, 33, "predict", "b"),
            *card(40, "sound"),
        )
    )

    assert timed.of == {"sound": pytest.approx(7 + 1 + 2)}
    assert timed.shared == 20
    assert {phase.name: (phase.steps, phase.seconds) for phase in timed.phases}["build"] == (1, 20)


def test_what_was_killed_counts_nothing_and_what_is_used_again_costs_what_it_did(tmp_path: Path) -> None:
    timed = read_timing(
        journal(
            tmp_path,
            (0, {"event": "started", "phase": "train", "step": "a"}),  # killed
            *step(100, 107, "train", "a"),
            *card(110, "sound"),
            *step(200, 201, "score", "s"),
            *card(210, "sound"),
        )
    )

    assert timed.of == {"sound": pytest.approx(9)}
