"""Each command as a learner meets it, in a real terminal of 80 x 24 and of 200 x 60."""

import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.terminals import Terminal, terminal

from heldout.practice.drill import Difficulty
from heldout.practice.session.dealt import deal
from heldout.practice.session.script import typed_answers

SMALL, LARGE = (80, 24), (200, 60)
NOW = "2026-03-02T17:30:00+00:00"
KIND = "metric/accuracy-on-a-rare-class"
DRILL = ("practice", "drill", KIND, "--seed", "7", "--planted")
SURE = "How sure are you"


@pytest.fixture(params=[pytest.param(SMALL, id="80x24"), pytest.param(LARGE, id="200x60", marks=pytest.mark.slow)])
def window(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    with terminal(
        tmp_path, request.param, HELDOUT_PRACTICE=str(tmp_path / "me"), HELDOUT_PRACTICE_NOW=NOW, TZ="UTC"
    ) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Terminal]:
    with terminal(tmp_path, SMALL, HELDOUT_PRACTICE=str(tmp_path / "me"), HELDOUT_PRACTICE_NOW=NOW, TZ="UTC") as opened:
        yield opened


def answers() -> list[str]:
    return list(typed_answers(deal(KIND, 7, Difficulty.MIDDLE, planted=True)).values())


def attempts(tmp_path: Path) -> list[dict]:
    file = tmp_path / "me" / "attempts.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_today_asks_three_questions_shows_a_worked_audit_and_begins(window: Terminal) -> None:
    window.heldout("practice", "today")
    window.sees("Which day do you prepare for? [2026-03-16]")
    window.type("")
    window.sees("For which level")
    window.type("mid")
    window.sees("How many hours a day? [1.5]")
    window.type("nonsense")
    window.sees("Please type a number such as 1.5")
    window.type("1")
    window.sees("Day 1 of 14, Monday 02 March: 60 minutes to go")
    window.sees("Worked audit")
    window.sees("Enter goes on >")
    window.type("")
    window.sees("s puts it off")
    window.type("")
    window.sees(SURE)
    window.key("C-c")
    assert window.code() == 0
    assert "heldout practice today goes on there" in window.history


def test_a_drill_is_played_to_its_end(window: Terminal, tmp_path: Path) -> None:
    window.heldout(*DRILL)
    window.sees(SURE)
    window.type("80")
    for number, line in enumerate(answers(), start=1):
        window.sees(f"{number} >")
        window.type(line)
    shown = window.sees("This session: 1 of 1 solved")
    assert window.code() == 0
    assert "100 of 100 points" in shown
    assert [one["score"] for one in attempts(tmp_path)] == [100]


def test_an_interrupted_drill_goes_on_where_it_was_left(small: Terminal, tmp_path: Path) -> None:
    first, *rest = answers()
    small.heldout(*DRILL)
    small.sees(SURE)
    small.type("80")
    small.sees("1 >")
    small.type(first)
    small.sees("2 >")
    small.key("C-c")
    assert small.code() == 0
    small.heldout("practice", "today", "--defaults")
    small.sees("It goes on where it was left")
    shown = small.sees("2/3")
    assert f"1 > {first}" in shown
    for number, line in enumerate(rest, start=2):
        small.sees(f"{number} >")
        small.type(line)
    small.sees("100 of 100 points")
    assert attempts(tmp_path)[0]["confidence"] == 0.8


def test_a_killed_answer_loses_at_most_what_was_not_saved_of_it(small: Terminal, tmp_path: Path) -> None:
    small.heldout(*DRILL, "--round", "explanation")
    small.sees(SURE)
    small.type("60")
    small.sees("Explain it to the team")
    small.type("The first sentence is finished.")
    small.sees("> The first sentence")
    small.type("A second is being ty", enter=False)
    draft = tmp_path / "me" / "draft.json"
    wait_for(lambda: "A second is being ty" in draft.read_text())
    small.kill()
    kept = json.loads(draft.read_text())["kept"]
    assert [line["text"] for line in kept["lines"]] == ["60", "The first sentence is finished."]
    small.heldout("practice", "today", "--defaults")
    shown = small.sees(kept["typing"])
    assert "> The first sentence is finished." in shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_session_that_is_told_to_end_gives_the_terminal_back_as_it_was(
    small: Terminal, tmp_path: Path, number: signal.Signals
) -> None:
    pid = tmp_path / "session"
    drill = shlex.join([str(Path(sys.executable).parent / "heldout"), *DRILL])
    small.run("sh", "-c", f"sh -c 'echo $$ > {pid}; exec {drill}'; stty -a")
    small.sees(SURE)
    small.type("7", enter=False)
    small.sees("skips: 7")
    os.kill(int(pid.read_text()), number)
    shown = small.sees("icanon").split()
    assert {"icanon", "echo", "icrnl"} <= set(shown)


@pytest.mark.parametrize("after", [0.0, 0.05, 0.2])
def test_a_kill_at_any_moment_leaves_a_folder_that_the_next_start_reads(small: Terminal, after: float) -> None:
    small.heldout(*DRILL)
    small.sees(SURE)
    small.type("80")
    time.sleep(after)
    small.kill()
    small.heldout("practice", "progress")
    small.sees("choice of a metric")
    assert small.code() == 0


def test_a_resized_window_keeps_the_answer_and_the_next_table_has_its_width(small: Terminal) -> None:
    small.heldout(*DRILL)
    small.sees(SURE)
    small.type("70", enter=False)
    small.resize(120, 40)
    small.type("")
    small.sees("1 >")
    small.type(".")
    small.sees("Again: A high accuracy")
    small.type(answers()[0])
    shown = small.sees("2 >")
    again = shown[shown.index("Again: A high accuracy") :]
    assert max(len(line.rstrip()) for line in again.splitlines()) > 80
    small.key("C-d")
    assert small.code() == 0


def test_the_plan_fits_the_window(window: Terminal) -> None:
    window.heldout("practice", "plan", "--start", "2026-03-02", "--level", "senior", "--hours", "1.5")
    shown = window.sees("Most of the time goes to")
    assert window.code() == 0
    assert "Fri 13 Mar" in shown
    assert "rest" in shown


def test_progress_before_anything_says_how_to_begin(window: Terminal) -> None:
    window.heldout("practice", "progress")
    assert "heldout practice today makes one" in window.sees("Plan: none yet")
    assert window.code() == 0


def test_the_demo_plays_itself(window: Terminal) -> None:
    window.heldout("practice", "demo")
    shown = window.sees("Most of the time goes to")
    assert window.code() == 0
    for part in (
        "first start",
        "one question a family",
        "worked audit",
        "explanation",
        "milestone",
        "mini-mock",
        "fortnight",
    ):
        assert part in shown, part


def test_a_mock_is_left_and_goes_on(window: Terminal) -> None:
    mock = ("practice", "mock", "--minutes", "3", "--seed", "7")
    window.heldout(*mock)
    window.sees("Before anything else, in your own words")
    window.type("We decide whether it goes live.")
    window.sees("You> We decide whether it goes live.")
    window.key("C-c")
    assert window.code() == 0
    assert "All that was said is kept" in window.history
    window.heldout(*mock)
    window.sees("The mock goes on.")
    window.sees("You>")
    window.key("C-d")
    assert window.code() == 0


def test_the_day_is_laid_out_and_its_clock_runs(window: Terminal) -> None:
    window.heldout("practice", "dayof", "--hours", "6")
    assert "Decision" in window.sees("The first five minutes")
    assert window.code() == 0
    window.heldout("practice", "dayof", "--hours", "6", "--clock")
    window.sees("left of it")
    window.resize(100, 30)
    window.key("C-c")
    assert window.code() in (0, 130)


def test_what_is_kept_is_exported_and_erased_when_that_is_confirmed(window: Terminal, tmp_path: Path) -> None:
    window.heldout("practice", "plan", "--start", "2026-03-02", "--level", "mid", "--hours", "1")
    assert window.code() == 0
    window.heldout("practice", "export", str(tmp_path / "mine.zip"))
    window.sees("mine.zip")
    assert window.code() == 0
    window.heldout("practice", "erase")
    window.sees("heldout practice erase --yes removes it all")
    assert window.code() == 2
    assert list((tmp_path / "me").iterdir())
    window.heldout("practice", "erase", "--yes")
    assert window.code() == 0
    assert not (tmp_path / "me").exists()


@pytest.mark.slow
def test_a_rehearsal_begins_tells_its_clock_and_holds_a_commit_to_its_contract(window: Terminal) -> None:
    rehearse = ("practice", "rehearse", "--out", str(window.folder / "rehearsal"))
    window.heldout(*rehearse, "--rows", "20000", "--seed", "7", "--time-zone", "UTC", "--hours", "24")
    shown = window.sees("then: --monitoring takes 30 minutes")
    assert "the clock runs" in shown
    assert window.code() == 0
    window.heldout(*rehearse, "--status")
    window.sees("agreed")
    assert window.code() == 0
    window.heldout(*rehearse, "--check")
    window.sees("commit ")
    assert window.code() in (0, 1)


def test_bad_input_is_one_message_and_exit_code_two(small: Terminal) -> None:
    small.heldout("practice", "drill", "astrology")
    assert "there is no family or kind 'astrology'" in small.sees("mend:")
    assert small.code() == 2


def wait_for(holds) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not come")
