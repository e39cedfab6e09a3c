"""`heldout eval new` as a command: options, questions on a terminal, what it prints, its exit codes."""

import json
import os
import pty
import re
import select
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.app import authored

Run = Callable[..., tuple[int, str, str]]
ASKED = (
    "--target",
    "y",
    "--scale",
    "relative",
    "--target-lift",
    "0.2",
    "--objective",
    "Say how likely y is.",
    "--seed",
    1,
)
KNOWN = ("--time", "when", "--known", "@known.txt", "--known", "x")


@pytest.fixture
def run(heldout_in_a_folder: Run, tmp_path: Path) -> Run:
    authored.clean().to_parquet(tmp_path / "table.parquet")
    (tmp_path / "known.txt").write_text("# what is known\nwhen\nuser\n\nkind\n", encoding="utf-8")
    return partial(heldout_in_a_folder, "eval", "new", "table.parquet")


def test_an_eval_is_written_and_its_chances_are_told(run: Run, tmp_path: Path) -> None:
    code, out, err = run(*ASKED, *KNOWN)
    assert code == 0, out + err
    for text in ("The chance of each band", "0.02 (minimum)", "0.2 (target)", "commitment:", "written: eval"):
        assert text in out
    assert re.search(r"rows: 2,\d{3} train, \d{3} feedback, \d{3} final", out)
    for step in ("splitting table.parquet", "auditing the holdout", "fitting the pilot", "writing the commitment"):
        assert step in err
    assert (tmp_path / "eval" / "kit" / "README.md").is_file()
    code, _, err = run(*ASKED, *KNOWN)
    assert code == 2
    assert "something already" in err


def test_json_is_a_summary_and_all_that_stdout_holds(run: Run) -> None:
    code, out, _ = run(*ASKED, *KNOWN, "--json")
    assert code == 0
    told = json.loads(out)
    assert told["schema"] == "heldout.eval_new.v1"
    assert [chances["name"] for chances in told["outlook"]["chances"]] == ["no lift", "minimum", "target"]
    assert set(told["outlook"]["chances"][0]["bands"]) == {"fail", "undecided", "pass", "target"}
    assert (told["refused"], told["folder"].endswith("eval"), len(told["commitment"])) == ("", True, 64)


def test_a_holdout_that_leaks_ends_in_1_with_the_finding_and_how_to_mend_it(run: Run, tmp_path: Path) -> None:
    frame = authored.clean()
    frame["told"] = frame.y * 2
    frame.to_parquet(tmp_path / "table.parquet")
    code, out, _ = run(*ASKED, *KNOWN, "--known", "told")
    assert code == 1
    assert "refused: known columns: told" in out
    assert "mend: leave the column out of --known" in out
    assert "not written: a holdout that tells its labels" in out
    assert not (tmp_path / "eval").exists()
    code, out, _ = run(*ASKED, *KNOWN, "--known", "told", "--json")
    assert (code, json.loads(out)["refused"]) == (1, "holdout")


def test_too_little_power_ends_in_1_with_what_would_do(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(*ASKED, *KNOWN, "--target-lift", "0.03")
    assert code == 1
    assert "a submission would pass with a chance of 0." in out
    assert "the smallest that this holdout can tell" in out
    assert "clusters for the final rows instead of" in out
    assert not (tmp_path / "eval").exists()


@pytest.mark.parametrize("option", ["--target", "--scale", "--objective"])
def test_a_missing_option_is_named_in_a_pipe(run: Run, option: str) -> None:
    place = ASKED.index(option)
    code, _, err = run(*ASKED[:place], *ASKED[place + 2 :], *KNOWN)
    assert code == 2
    assert f"{option} is not given" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--known", "@nowhere.txt"), "cannot be read"),
        (("--known", ""), "--known is blank"),
        (("--scale", "absolut"), "absolut"),
        (("--level", "boss"), "boss"),
        (("--metric", "accuracies"), "no metric 'accuracies'"),
        (("--final", "half"), "'--final': Input should be a valid number"),
    ],
)
def test_a_bad_option_ends_in_2(run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, _, err = run(*ASKED, "--time", "when", *arguments)
    assert code == 2
    assert says in err


def test_a_table_that_is_not_there_is_said_before_anything_is_asked(heldout_in_a_folder: Run) -> None:
    code, _, err = heldout_in_a_folder("eval", "new", "nowhere.parquet")
    assert code == 2
    assert "the table is not there" in err


def test_names_with_escapes_reach_no_terminal(run: Run, tmp_path: Path) -> None:
    frame = authored.clean().rename(columns={"after": "\x1b[31mred"})
    frame["\x1b[31mred"] = frame.y
    frame.to_parquet(tmp_path / "table.parquet")
    code, out, err = run(*ASKED, "--time", "when")
    assert code == 1
    assert "\x1b" not in out + err


def test_on_a_terminal_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    authored.clean(2000).to_parquet(tmp_path / "table.parquet")
    options = ["--known", "x", "--known", "user", "--target-lift", "0.3", "--seed", "1"]
    answers = {
        b"be predicted": b"y\n",
        b"on which scale": b"relative\n",
        b"What is asked for": b"Say how likely y is.\n",
        b"When did a row happen": b"\n",
        b"what is a row about": b"user\n",
    }
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - the other process
        os.chdir(tmp_path)
        os.execv(sys.executable, [sys.executable, "-m", "heldout", "eval", "new", "table.parquet", *options])
    said, until = b"", time.monotonic() + 120
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        said += more
        for question in [question for question in answers if question in said]:
            os.write(terminal, answers.pop(question))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said.decode(errors="replace")
    assert not answers
    assert (tmp_path / "eval" / "brief.toml").is_file()
