"""The mock and the day at the command line; in a terminal too, killed in the middle of a line."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Run

PASSES = "pass\n" * 25
TERMS = ("practice", "mock", "--seed", "7", "--level", "mid", "--minutes", "10")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HELDOUT_PRACTICE", str(tmp_path / "home"))
    monkeypatch.setenv("HELDOUT_PRACTICE_NOW", "2026-01-05T10:00:00+01:00")
    for name in ("HELDOUT_LLM_URL", "HELDOUT_LLM_MODEL", "HELDOUT_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_mock_is_played_noted_and_replayed_to_the_byte(
    heldout_in_a_folder: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, PASSES + "\n" * 10)
    code, out, err = heldout_in_a_folder(*TERMS, "--out", tmp_path / "one")
    assert (code, err) == (0, "")
    assert "Nothing is said yet of readiness at level mid" in out

    first = heldout_in_a_folder("practice", "mock", "--replay", tmp_path / "one" / "transcript.jsonl", "--json")
    again = heldout_in_a_folder("practice", "mock", "--replay", tmp_path / "one" / "transcript.jsonl", "--json")
    assert first == again == (0, (tmp_path / "one" / "score.json").read_text(), "")
    noted = [json.loads(line) for line in (home / "mocks.jsonl").read_text().splitlines()]
    assert [one["level"] for one in noted] == ["mid"]
    code, out, _ = heldout_in_a_folder("practice", "mock", "--replay", tmp_path / "one" / "transcript.jsonl")
    assert code == 0
    assert "evaluation judgement" in out


def test_json_goes_to_stdout_alone(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, PASSES + "\n" * 10)
    code, out, err = heldout_in_a_folder(*TERMS, "--json")
    assert code == 0
    assert json.loads(out)["level"] == "mid"
    assert "Interviewer" in err


def test_who_leaves_goes_on_with_the_same_command(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "pass\n\npass\n")
    code, out, _ = heldout_in_a_folder(*TERMS)
    assert code == 0
    assert "Left. All that was said is kept: heldout practice mock --level mid --minutes 10 --seed 7" in out
    type_in(monkeypatch, PASSES + "\n" * 10)
    code, out, _ = heldout_in_a_folder(*TERMS)
    assert code == 0
    assert "The mock goes on." in out
    assert "Overall" in out


def test_three_mocks_make_a_statement(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (1, 2, 3):
        type_in(monkeypatch, PASSES + "\n" * 10)
        arguments = ("practice", "mock", "--seed", seed, "--level", "junior", "--minutes", "3")
        _, out, _ = heldout_in_a_folder(*arguments)
    assert "Readiness: The mean of 3 mocks at level junior is 0 [0," in out


def test_without_a_device_a_line_says_so_and_the_mock_is_held(heldout_in_a_folder: Run, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    type_in(monkeypatch, PASSES + "\n" * 10)
    code, out, _ = heldout_in_a_folder(*TERMS, "--record")
    assert code == 0
    assert "No sound: " in out
    assert "Overall" in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--minutes", "1"), "3 to 180 minutes"),
        (("--minutes", "nan"), "3 to 180 minutes"),
        (("nowhere",), "bundle"),
        (("--replay", "nowhere"), "no transcript"),
    ],
)
def test_bad_input_is_refused_on_one_screen(
    heldout_in_a_folder: Run, arguments: tuple[str, ...], expected: str
) -> None:
    code, _, err = heldout_in_a_folder("practice", "mock", *arguments)
    assert code == 2
    assert expected in err
    assert len(err.splitlines()) < 8


def test_an_endpoint_that_is_no_address_is_refused(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELDOUT_LLM_URL", "file:///etc/passwd")
    code, _, err = heldout_in_a_folder(*TERMS)
    assert code == 2
    assert "HELDOUT_LLM_URL" in err


def test_the_day_is_shown_as_text_markdown_and_json(heldout_in_a_folder: Run) -> None:
    arguments = ("practice", "dayof", "--start", "2026-01-05T09:00+01:00", "--hours", "4")
    code, out, _ = heldout_in_a_folder(*arguments)
    assert code == 0
    assert out.startswith("Now: A baseline, end to end")
    code, out, _ = heldout_in_a_folder(*arguments, "--json")
    assert json.loads(out)["now"]["at"] == "2026-01-05T10:00:00+01:00"
    code, out, _ = heldout_in_a_folder(*arguments, "--markdown", "--budget", "2")
    assert "2 h of compute" in out
    for wrong in (("--start", "soon"), ("--hours", "0"), ("--json", "--markdown"), ("--budget", "-1")):
        code, _, err = heldout_in_a_folder("practice", "dayof", *wrong)
        assert code == 2
        assert len(err.splitlines()) < 8


def test_a_killed_terminal_session_loses_nothing_that_was_typed(home: Path, tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    screen = Screen(tmp_path / "tmux")
    command = f"{sys.executable} -m heldout {' '.join(TERMS)}"
    try:
        screen.run(command, home)
        screen.wait("in your own words")
        screen.type("We decide whether to ship", enter=False)
        screen.wait("decide whether to ship")
        wait_for(lambda: "whether to ship" in next(home.rglob("draft.json"), Path(os.devnull)).read_text())
        os.kill(int(screen.tmux("display", "-p", "#{pane_pid}")), signal.SIGKILL)
        screen.run(command, home)
        screen.wait("You> We decide whether to ship")
        screen.type(" it. The metric is recall.")
        wait_for(lambda: "The metric is recall." in next(home.rglob("transcript.jsonl")).read_text())
    finally:
        screen.close()
    lines = [json.loads(line) for line in next(home.rglob("transcript.jsonl")).read_text().splitlines()]
    answer = next(one for one in lines if one.get("what") == "answers")
    assert answer["text"] == "We decide whether to ship it. The metric is recall."
    assert [one.get("what") for one in lines].count("resumes") == 1


def wait_for(is_there) -> None:
    deadline = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Screen:
    """A terminal of 80 x 24 in a tmux of its own."""

    def __init__(self, socket: Path) -> None:
        self._socket, self._runs = socket, 0

    def tmux(self, *arguments: str) -> str:
        done = subprocess.run(["tmux", "-S", self._socket, *arguments], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def run(self, command: str, home: Path) -> None:
        variables = f"env HELDOUT_PRACTICE={home} HELDOUT_PRACTICE_NOW=2026-01-05T10:00:00+01:00"
        self._runs += 1  # a server that is about to leave takes no new session
        self._socket = self._socket.with_suffix(f".{self._runs}")
        self.tmux("new-session", "-d", "-x", "80", "-y", "24", f"exec {variables} {command}")

    def type(self, text: str, *, enter: bool = True) -> None:
        self.tmux("send-keys", "-l", text)
        if enter:
            self.tmux("send-keys", "Enter")

    def shown(self) -> str:
        return self.tmux("capture-pane", "-p", "-J")

    def wait(self, text: str) -> None:
        deadline = time.monotonic() + 60
        while text not in " ".join(self.shown().split()):
            assert time.monotonic() < deadline, self.shown()
            time.sleep(0.1)

    def close(self) -> None:
        self.tmux("kill-server")


def test_a_mock_without_a_level_asks_for_the_one_that_the_plan_prepares_for(
    heldout_in_a_folder: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert heldout_in_a_folder("practice", "plan", "--start", "2026-01-05", "--level", "junior", "--hours", "1")[0] == 0
    type_in(monkeypatch, PASSES + "\n" * 10)
    code, out, _ = heldout_in_a_folder("practice", "mock", "--seed", "7", "--minutes", "10")
    assert code == 0
    assert "level junior" in out
