"""`heldout audit` with a heldout.toml, acceptances, a baseline and JUnit XML, as a command."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

Run = Callable[..., tuple[int, str, str]]
SETTINGS = '[audit]\ndata = "leaky.csv"\ntarget = "y"\nselect = ["LEK001"]\n'
ACCEPT = '\n[[accept]]\ncode = "LEK001"\ncolumn = "{column}"\nreason = "gone in sprint 14"\nexpires = {expires}\n'


@pytest.fixture
def run(heldout_in_a_folder: Run, tmp_path: Path) -> Run:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=600), "y": rng.integers(0, 2, 600)})
    frame.to_csv(tmp_path / "clean.csv", index=False)
    frame.assign(outcome=frame["y"].map({0: "lost", 1: "won"})).to_csv(tmp_path / "leaky.csv", index=False)
    (tmp_path / ".git").mkdir()
    return partial(heldout_in_a_folder, "audit")


def say(text: str, name: str = "heldout.toml") -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text)


def test_a_file_says_what_is_audited_and_is_named(run: Run) -> None:
    say(SETTINGS)
    code, out, err = run()
    assert (code, "Audit of leaky.csv for y" in out) == (1, True)
    assert err.splitlines()[0] == "settings: heldout.toml"
    say(SETTINGS.replace("leaky", "../leaky"), "ci/leaks.toml")
    code, out, err = run("ci/leaks.toml")
    assert (code, err.splitlines()[0]) == (1, "settings: ci/leaks.toml")
    Path("heldout.toml").unlink()
    say(SETTINGS.replace("[audit]", "[tool.heldout.audit]"), "pyproject.toml")
    assert run()[2].splitlines()[0] == "settings: pyproject.toml [tool.heldout]"


def test_an_option_wins_over_the_file(run: Run, tmp_path: Path) -> None:
    say(SETTINGS + 'fail_on = "proven"\nout = "said"\njson = true\n')
    code, out, _ = run("--fail-on", "suspect", "--out", "given", "--drop", "outcome")
    assert code == 0
    assert json.loads(out)["title"] == "Audit of leaky.csv for y"
    assert (tmp_path / "given").is_dir()
    assert not (tmp_path / "said").exists()
    code, _, err = run("heldout.toml", "--train", "clean.csv", "--test", "clean.csv")
    assert "reading clean.csv" in err
    assert "leaky" not in err


def test_without_a_file_data_or_train_nothing_is_guessed(run: Run) -> None:
    assert run("clean.csv", "--target", "y")[0] == 0
    say("[audit]\nthis is not TOML")
    assert run("clean.csv", "--target", "y")[0] == 0, "a table on the command line leaves the file aside"
    Path("heldout.toml").unlink()
    code, _, err = run("--target", "y")
    assert code == 2
    assert "or a heldout.toml here or above" in err
    code, _, err = run("none.toml")
    assert code == 2
    assert "settings cannot be read" in err


BAD = {
    "unknown key": (SETTINGS + "seperator = ';'\n", "unknown key audit.seperator"),
    "no target": ('[audit]\ndata = "leaky.csv"\n', "--target"),
    "no data": ('[audit]\ntarget = "y"\n', "there is no table"),
    "unknown code": (SETTINGS + ACCEPT.format(column="x", expires="2999-01-01").replace("LEK001", "LEX001"), "LEX001"),
    "unknown column": (SETTINGS + ACCEPT.format(column="outcom", expires="2999-01-01"), "'outcom'"),
    "no baseline": (SETTINGS + 'since = "none.json"\n', "the baseline cannot be read"),
    "junit is a folder": (SETTINGS + 'junit = "."\n', "--junit is a folder"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_settings_exit_2_with_one_message(case: str, run: Run) -> None:
    text, said = BAD[case]
    say(text)
    code, out, err = run()
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_an_acceptance_holds_until_it_expires_and_is_told_when_it_is_not_needed(run: Run, tmp_path: Path) -> None:
    say(SETTINGS + ACCEPT.format(column="outcome", expires="2999-12-31"))
    code, out, _ = run("--junit", "deep/junit.xml")
    assert code == 0
    assert "problem · proven · accepted" in out
    assert "Accepted until 2999-12-31: gone in sprint 14" in out
    (suite,) = ET.parse(tmp_path / "deep/junit.xml").iter("testsuite")
    assert suite.get("skipped") == "1"
    say(SETTINGS + ACCEPT.format(column="outcome", expires="2020-01-31"))
    code, out, _ = run()
    assert code == 1
    assert "The acceptance expired on 2020-01-31: gone in sprint 14" in out
    say(SETTINGS.replace("leaky", "clean") + ACCEPT.format(column="x", expires="2999-12-31"))
    code, out, _ = run()
    assert code == 0
    assert "The acceptance of LEK001 x until 2999-12-31 is no longer needed" in out


def test_only_what_is_new_since_the_baseline_fails(run: Run, tmp_path: Path) -> None:
    assert run("leaky.csv", "--target", "y", "--out", "base")[0] == 1
    code, out, _ = run("leaky.csv", "--target", "y", "--since", "base/report.json", "--out", "now")
    assert code == 0
    assert "Known: the baseline has it too." in out
    names = ["junit.xml", "report.html", "report.json", "report.md"]
    assert sorted(path.name for path in (tmp_path / "now").iterdir()) == names
    code, out, _ = run("clean.csv", "--target", "y", "--since", "base/report.json")
    assert code == 0
    assert "Mended since report.json: LEK001 near-copy outcome." in out
    assert "The baseline is “Audit of leaky.csv for y”" in out
    assert run("clean.csv", "--target", "y", "--since", "clean.csv")[0] == 2


def test_a_first_look_is_printed_to_a_pipe_only_where_it_is_asked_for(run: Run) -> None:
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 21_000)
    pd.DataFrame({"leak": label + rng.normal(0, 0.1, 21_000), "y": label}).to_parquet("large.parquet")
    assert "first look (10,000 rows): leak" in run("large.parquet", "--target", "y", "--first-look")[2]
    assert "first look" not in run("large.parquet", "--target", "y")[2]


def test_an_interruption_while_modules_load_leaves_in_one_line() -> None:
    # a finder of modules that sends the interruption: always at the same moment, in the middle of loading
    program = (
        "import os, signal, sys\n"
        "class Slow:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'rich.console':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "from heldout.cli import main\n"
        "main()\n"
    )
    left = subprocess.run([sys.executable, "-c", program, "audit"], capture_output=True, timeout=60, check=False)
    assert (left.returncode, left.stderr) == (130, b"heldout: interrupted\n")


def test_loading_the_command_leaves_the_handler_of_interruptions_as_it_was() -> None:
    program = "import signal, heldout.cli; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == "True\n"
