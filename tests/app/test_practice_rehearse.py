"""A small brief is rehearsed from the start to the card: the commands, what they say, and how they go on."""

import fcntl
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.app import rehearsed
from tests.cli.conftest import Run
from tests.practice.rehearsal.rules import RIGHT

from heldout.cli import practice_rehearse
from heldout.core.card import Price
from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate
from heldout.core.lift import Band, Decision
from heldout.evals.cards import read_card
from heldout.practice.rehearsal.moved import moved_most
from heldout.practice.rehearsal.state import FILE, State, read_state
from heldout.sandbox import probe
from heldout.tools.promtool.program import Promtool


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rehearsed.write_brief(tmp_path_factory.mktemp("brief") / "eval")


@pytest.fixture
def rehearse(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `heldout practice rehearse` in an empty folder, through everything that `heldout` does with its errors."""
    practice = typer.Typer(no_args_is_help=True)
    practice.callback()(lambda: None)
    practice_rehearse.register(practice)
    whole = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    whole.add_typer(practice, name="practice")
    monkeypatch.setattr(sys.modules["heldout.cli.main"], "app", whole)
    return lambda *given: heldout_in_a_folder("practice", "rehearse", *given)


def started(rehearse: Run, brief: Path) -> tuple[int, str, str]:
    terms = ("--time-zone", "Europe/Berlin", "--waking", "09:00-21:00", "--hours", "24", "--seed", "5")
    return rehearse(brief, *terms)


def test_a_rehearsal_from_the_start_to_the_card(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    if probe().level == 0 or Promtool.find() is None:
        pytest.skip("this test meets sandbox and promtool")
    code, out, _ = started(rehearse, brief)
    assert code == 0
    assert "Late or not: the clock runs" in out
    assert "agreed: 24 hours, 09:00-21:00 waking, Europe/Berlin" in out
    work = tmp_path / "rehearsal" / "work"
    assert {"train.py", "UPDATES.md", "kit", ".git"} <= {path.name for path in work.iterdir()}

    code, out, _ = rehearse("--status")
    assert code == 0
    assert "missing: BACKUP.md" in out
    assert "compute so far: not known" in out

    rehearsed.commit(work, rehearsed.work())
    code, out, _ = rehearse("--check")
    assert code == 0
    assert "submission.toml, its lock and its commands are in order." in out
    code, out, _ = rehearse("--status", "--json")
    said = json.loads(out)
    assert (said["budget"]["runs"], said["budget"]["seconds"], said["budget"]["longest"]) == (2, 7.5, 4.5)
    assert said["reminders"]["written"] == 1
    assert not any("BACKUP" in one for one in said["missing"])

    _sit(rehearse, tmp_path / "rehearsal" / "monitoring")

    code, out, _ = rehearse("--hand-in", "--json")
    assert code == 0
    said = json.loads(out)
    assert said["card"]["decision"]["band"] == "target"
    assert [one["kind"] for one in said["moved"]].count("band") == 0
    assert 0 < sum(one["share"] for one in said["moved"] if one["kind"] == "axes") <= 1 + 1e-9
    for path in said["files"]:
        assert Path(path).is_file()
    _lists_what_moves_the_band(tmp_path / "rehearsal")
    assert "graded: target" in rehearse("--status")[1]


def _sit(rehearse: Run, folder: Path) -> None:
    """Begin the exercise, ask for its judgement too early, and pass it."""
    assert rehearse("--monitoring")[0] == 0
    assert "model_feature_psi" in (folder / "TASK.md").read_text()
    code, _, err = rehearse("--monitoring")
    assert code == 2
    assert "no alert is written yet" in err
    (folder / "alerts.yml").write_text(RIGHT)
    code, out, _ = rehearse("--monitoring")
    assert code == 0
    assert "told in time: 6 of 6; false alarms: 0 in 21 harmless stretches" in out


def _lists_what_moves_the_band(folder: Path) -> None:
    """Hold the ranking to a card whose class and lift fall short, which no other grading is needed for."""
    card = read_card(folder / "eval" / "record" / "me" / "graded" / "me")
    assert card.lift is not None
    short = replace(
        card,
        reproducibility="statistical",
        lift=replace(card.lift, estimate=replace(card.lift.estimate, value=card.target.target / 4)),
        decision=Decision(band=Band.FAIL, reasons=("It is short.",), at_minimum=0.5),
    )
    first, second, *rest = moved_most(short, lowest="tolerance")
    assert (first.kind, first.share, "HELDOUT_SEED" in first.to_do) == ("band", 1.0, True)
    assert (second.kind, round(second.share or 0, 3)) == ("band", 0.75)
    assert all(one.kind != "band" for one in rest)
    assert card.supported is not None
    boasted = replace(card, reported=0.99, prices=(_price(0.01), _price(0.03)))
    worth = [one for one in moved_most(boasted, lowest="tolerance") if one.kind == "reported score"]
    gap = 0.99 - (card.supported.value or 0.0)
    shares = [round(one.share or 0.0, 6) for one in worth]
    assert shares == sorted((round(part / gap, 6) for part in (gap - 0.04, 0.03, 0.01)), reverse=True)
    ungraded = replace(card, lift=None, decision=replace(short.decision, reasons=("The submission failed: exit.",)))
    assert "The submission failed" in moved_most(ungraded, lowest="tolerance")[0].what


def _price(worth: float) -> Price:
    each = Estimate(value=worth, low=0.0, high=2 * worth, n=100, method="made")
    return Price(what="the column after", certainty="proven", first_in=each, last_in=each)


def test_the_start_goes_on_and_its_terms_stay(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    assert started(rehearse, brief)[0] == 0
    before = (tmp_path / "rehearsal" / "eval" / "record" / "me" / "ledger.jsonl").read_bytes()
    code, out, _ = started(rehearse, brief)
    assert code == 0
    assert "it goes on" in out
    assert (tmp_path / "rehearsal" / "eval" / "record" / "me" / "ledger.jsonl").read_bytes() == before
    code, _, err = rehearse("--hours", "12")
    assert code == 2
    assert "there is a rehearsal already, and its hours is 24.0" in err


def test_a_start_that_was_killed_is_begun_anew(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    left = tmp_path / ".part-rehearsal" / "eval" / "data"
    left.mkdir(parents=True)
    (left / "train.parquet").write_bytes(b"PAR1 and then the machine was off")
    assert started(rehearse, brief)[0] == 0
    assert not (tmp_path / ".part-rehearsal").exists()


def test_the_answers_are_in_no_file_that_is_laid_out(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    assert started(rehearse, brief)[0] == 0
    names = [path.name for path in (tmp_path / "rehearsal" / "work").rglob("*")]
    assert "answers" not in names
    assert "final.parquet" not in names
    assert "opening.json" not in names


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--status",), "there is no rehearsal here yet"),
        (("--status", "--check"), "--status and --check are given"),
        (("--status", "--rows", "5000"), "--status is a step of a rehearsal that is there"),
        (("--rows", "7"), "7 rows"),
        (("--rows", "5000", "--time-zone", "Middle/Earth"), "there is no time zone 'Middle/Earth'"),
        (("nowhere",), "cannot read the brief"),
        (("nowhere", "--rows", "5000"), "a brief and --rows are given"),
    ],
)
def test_bad_input_is_one_message_and_leaves_nothing(
    given: tuple[Any, ...], said: str, rehearse: Run, tmp_path: Path
) -> None:
    code, out, err = rehearse(*given)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_a_kit_without_answers_cannot_be_rehearsed(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    assert started(rehearse, brief)[0] == 0
    code, _, err = rehearse(tmp_path / "rehearsal" / "work" / "kit", "--out", "other")
    assert code == 2
    assert "no answers to grade with" in err


def test_a_state_that_was_damaged_is_said(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    assert started(rehearse, brief)[0] == 0
    (tmp_path / "rehearsal" / "rehearsal.json").write_text('{"schema": 1, "bri')
    code, _, err = rehearse("--status")
    assert code == 2
    assert "rehearsal.json cannot be read" in err


def test_the_folder_in_which_one_stands_is_not_replaced(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    code, _, err = rehearse(brief, "--out", ".")
    assert code == 2
    assert "the folder in which you stand" in err
    assert list(tmp_path.iterdir()) == []


def test_two_starts_at_a_time_do_not_mix(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # as another start does while it writes
        code, _, err = started(rehearse, brief)
    finally:
        os.close(handle)
    assert code == 2
    assert "another rehearsal is being written here" in err
    assert list(tmp_path.iterdir()) == []
    assert started(rehearse, brief)[0] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hours", "many"),
        ("hours", float("nan")),
        ("seed", "x"),
        ("seed", -1),
        ("sittings", [{"minutes": "x"}]),
        ("sittings", 3),
        ("monitoring_began", "yesterday"),
        ("monitoring_began", "2026-03-02T08:00"),
    ],
)
def test_a_state_with_a_wrong_value_is_said(tmp_path: Path, name: str, value: object) -> None:
    right = json.loads(State(brief="flights", seed=1, time_zone="UTC", waking="", hours=48.0).written())
    (tmp_path / FILE).write_text(json.dumps(right | {name: value}))
    with pytest.raises(BadInput, match="cannot be read"):
        read_state(tmp_path)


def test_rules_that_are_a_pipe_are_not_waited_for(rehearse: Run, brief: Path, tmp_path: Path) -> None:
    started(rehearse, brief)
    rehearse("--monitoring")
    rules = tmp_path / "rehearsal" / "monitoring" / "alerts.yml"
    rules.unlink()
    os.mkfifo(rules)
    code, _, err = rehearse("--monitoring")
    assert (code, "they are no file" in err) == (2, True)
