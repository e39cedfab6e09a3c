"""`heldout audit` against bad tables and bad declarations: one message, exit code 2 and no file, or a stated limit."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import heldout
from heldout.core.errors import BadInput

Run = Callable[..., tuple[int, str, str]]
N = 300
TARGET = ["--target", "y", "--no-price"]
ONE = ["data.csv", *TARGET]
TWO = ["--train", "train.csv", "--test", "test.csv", *TARGET]
TIMED = [*TWO, "--time", "ts"]


@pytest.fixture
def run(heldout_in_a_folder: Run) -> Run:
    return partial(heldout_in_a_folder, "audit")


@pytest.fixture(autouse=True)
def frame(tmp_path: Path) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    made = pd.DataFrame(
        {
            "x": rng.normal(size=N).round(4),
            "user": rng.integers(0, 50, N),
            "ts": pd.date_range("2024-01-01", periods=N, freq="h"),
            "kind": rng.choice(list("abc"), N),
            "void": np.nan,
            "same": 1,
            "y": rng.integers(0, 2, N),
        }
    )
    made.to_csv(tmp_path / "data.csv", index=False)
    made[:200].to_csv(tmp_path / "train.csv", index=False)
    made[200:].to_csv(tmp_path / "test.csv", index=False)
    spelt = made.assign(y=made.y.map({0: "no", 1: "yes"}))
    spelt[:200].to_csv(tmp_path / "spelt.csv", index=False)
    spelt[200:].assign(y=lambda part: part.y.str.title()).to_csv(tmp_path / "Spelt.csv", index=False)
    made.assign(text="the quick brown fox jumps over the lazy dog and on and on").to_csv(tmp_path / "texts.csv")
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "deep.jsonl").write_text("[" * 100_000)
    (tmp_path / "raises.py").write_text("import math\nmath.sqrt(-1)\n")
    (tmp_path / "leaves.py").write_text("import sys\nsys.exit(0)\n")
    (tmp_path / "asks.py").write_text("def make(depth):\n    return depth\n")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    return made


BAD: dict[str, tuple[list[str], str]] = {
    "three classes as binary": (["data.csv", "--target", "kind", "--positive", "a"], "has 3 classes, so none is the"),
    **{
        f"unknown --{flag}": ([*TWO, f"--{flag}", "usr"], f"there is no {called} 'usr'")
        for flag, called in {
            "time": "time column",
            "entity": "entity column",
            "fold": "fold column",
            "id": "id column",
            "slice": "slice column",
            "drop": "column to drop",
        }.items()
    },
    **{
        f"blank --{flag}": ([*TWO, f"--{flag}", ""], f"--{flag} is blank")
        for flag in ("time", "entity", "fold", "id", "slice", "drop", "horizon", "embargo", "positive", "metric")
    },
    "labels spelled differently": (
        ["--train", "spelt.csv", "--test", "Spelt.csv", "--target", "y"],
        "has classes that the training table lacks: No, Yes",
    ),
    "labels of another type": (["--train", "train.csv", "--test", "Spelt.csv", "--target", "y"], "y (numeric in train"),
    "an entity without values": ([*ONE, "--entity", "void"], "the entity column 'void' has no value in any row"),
    "a time without values": ([*ONE, "--time", "void"], "the time column 'void' has no value in any row"),
    "a fold without values": ([*ONE, "--fold", "void"], "the fold column 'void' has no value in any row"),
    "measured folds": ([*ONE, "--fold", "x"], "holds numbers that are not whole"),
    "one fold": ([*ONE, "--fold", "same"], "holds 1 different values in 300 rows"),
    "a fold for each row": ([*ONE, "--fold", "ts"], "holds 300 different values in 300 rows"),
    "the target as time": ([*ONE, "--time", "y"], "the time column 'y' is what the target is made of"),
    "the target as entity": ([*ONE, "--entity", "y"], "the entity column 'y' is what the target is made of"),
    "a horizon without time": ([*ONE, "--horizon", "7d"], "there is --horizon and no time column"),
    "an embargo without time": ([*ONE, "--embargo", "7d"], "there is --embargo and no time column"),
    "a horizon below 0": ([*TIMED, "--horizon", "-1d"], "the horizon '-1d' is no duration"),
    "an embargo below 0": ([*TIMED, "--embargo", "-1d"], "the embargo '-1d' is no duration"),
    "an endless horizon": ([*TIMED, "--horizon", "inf"], "the horizon 'inf' is no duration"),
    "no evaluations": ([*ONE, "--evaluations", "0"], "the number of evaluations is 0"),
    "too many evaluations": ([*ONE, "--evaluations", str(10**30)], "1 to 1,000,000,000,000"),
    "a seed below 0": ([*ONE, "--seed", "-1"], "the seed is -1"),
    "predictions beside one table": ([*ONE, "--predictions", "data.csv"], "no test rows with a target"),
    "an empty corpus": (["texts.csv", *TARGET, "--corpus", "empty.txt"], "the corpus holds no text"),
    "a corpus of bytes": (["texts.csv", *TARGET, "--corpus", "binary.txt"], "NUL bytes, so it is no text"),
    "a corpus nested too deeply": (["texts.csv", *TARGET, "--corpus", "deep.jsonl"], "a line that is no JSON"),
    "a corpus that is a folder": (["texts.csv", *TARGET, "--corpus", "."], "Is a directory"),
    "a corpus that is not there": ([*ONE, "--corpus", "none.txt"], "No such file"),
    "an estimator that raises": ([*ONE, "--estimator", "raises.py:make"], "raises.py, line 2"),
    "an estimator that leaves": ([*ONE, "--estimator", "leaves.py:make"], "the file cannot be run: SystemExit: 0"),
    "an estimator that asks": ([*ONE, "--estimator", "asks.py:make"], "make cannot be called without arguments"),
    "a module that is not there": ([*ONE, "--estimator", "no.such:make"], "there is no module 'no.such'"),
    "a pipe": (["pipe", *TARGET], "this is a pipe or a device, and no file"),
    "a device": (["/dev/zero", *TARGET], "this is a pipe or a device, and no file"),
    "a loop of links": (["loop", *TARGET], "Too many levels of symbolic links"),
    "a separator of a broken escape": ([*ONE, "--separator", "\\x"], "the separator is '\\\\x'"),
    "a separator beyond ASCII": ([*ONE, "--separator", "é"], "the separator is 'é'"),
    "a separator that ends lines": ([*ONE, "--separator", "\n"], "the separator is '\\n'"),
    "JUnit in place of the table": ([*ONE, "--junit", "data.csv"], "--junit is a file that is read"),
    "no such table": (["sqlite:///none.db?table=t", *TARGET], "there is no such database file"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_message_and_changes_nothing(case: str, run: Run, tmp_path: Path) -> None:
    arguments, said = BAD[case]
    before = {path.name: path.lstat().st_mtime_ns for path in tmp_path.iterdir() if path.name != "__pycache__"}
    code, out, err = run(*arguments)
    assert (code, out) == (2, ""), err
    assert said in err
    assert "Traceback" not in err
    assert before == {path.name: path.lstat().st_mtime_ns for path in tmp_path.iterdir() if path.name != "__pycache__"}


def judged(out: str) -> dict[str, str]:
    verdict = json.loads(out)
    assert not [f for f in verdict["findings"] if f["answer"]["ending"] == "crashed"]
    return {finding["code"]: finding["answer"]["ending"] for finding in verdict["findings"]}


def test_mixed_types_and_dates_in_three_formats_are_said(run: Run, frame: pd.DataFrame, tmp_path: Path) -> None:
    dates = np.resize(["2013-06-30", "30/06/2013", "Jun 30 2013"], N)
    mixed = frame.x.astype(str).where(np.arange(N) != 7, "n/k")
    frame.assign(day=dates, mixed=mixed).to_csv(tmp_path / "mixed.csv", index=False)
    code, out, _ = run("mixed.csv", *TARGET, "--json")
    assert code == 0
    assert "mixed is text because of 'n/k' in 1 rows among numbers" in json.loads(out)["facts"]["note"]
    code, _, err = run("mixed.csv", *TARGET, "--time", "day")
    assert (code, "the time column 'day' holds" in err) == (2, True)


def test_ten_thousand_columns_are_audited(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    wide = {f"c{i}": rng.integers(0, 9, 40) for i in range(10_000)}
    pq.write_table(pa.table({"y": rng.integers(0, 2, 40)} | wide), tmp_path / "wide.parquet")
    code, out, _ = run("wide.parquet", *TARGET, "--json")
    assert code in (0, 3)
    assert "40 rows, 10,001 columns" in json.loads(out)["facts"]["table"]
    assert "problem" not in judged(out).values()


def test_a_cell_of_50_mb_and_many_levels_are_audited(run: Run, frame: pd.DataFrame, tmp_path: Path) -> None:
    long = ["word " * 10_000_000, *(f"word {i}" for i in range(N - 1))]
    frame.assign(long=long).to_parquet(tmp_path / "long.parquet")
    code, out, _ = run("long.parquet", *TARGET, "--json")
    assert code == 0
    assert len(out) < 200_000
    judged(out)
    rows = 300_000
    table = pa.table({"key": [f"user {i}" for i in range(rows)], "y": [0, 1] * (rows // 2)})
    pq.write_table(table, tmp_path / "levels.parquet")
    code, out, _ = run("levels.parquet", *TARGET, "--entity", "key", "--json")
    assert "problem" not in judged(out).values()


def test_integers_beyond_53_bits_are_no_entity(run: Run, frame: pd.DataFrame, tmp_path: Path) -> None:
    keys = {"id": [10**20 + i for i in range(N)]}
    pd.DataFrame(keys).join(frame).to_csv(tmp_path / "csv.csv", index=False)
    unsigned = pa.array([2**64 - 1 - i for i in range(N)], pa.uint64())
    pq.write_table(pa.table({"id": unsigned, "x": frame.x, "y": frame.y}), tmp_path / "unsigned.parquet")
    for name, said in (("csv.csv", "beyond 64 bits"), ("unsigned.parquet", "beyond 2^53")):
        code, out, _ = run(name, *TARGET, "--json")
        assert code == 0
        assert f"id holds whole numbers {said}" in json.loads(out)["facts"]["note"]
        code, _, err = run(name, *TARGET, "--entity", "id")
        assert (code, "the entity column 'id' holds numbers beyond 2^53, which were rounded" in err) == (2, True)


def test_keys_that_are_floats_in_one_table_are_those_of_the_other(run: Run, frame: pd.DataFrame) -> None:
    train, test = frame[:200], frame[200:]
    train.assign(user=train.user.where(np.arange(200) > 3)).to_parquet("gaps.parquet")  # pandas: now floats
    test.to_parquet("whole.parquet")
    code, out, _ = run("--train", "gaps.parquet", "--test", "whole.parquet", *TARGET, "--entity", "user", "--json")
    assert (code, judged(out)["SPL002"]) == (1, "problem")


def test_naive_against_aware_times_are_said(run: Run, frame: pd.DataFrame) -> None:
    frame[:200].to_parquet("naive.parquet")
    frame[200:].assign(ts=frame.ts.dt.tz_localize("Europe/Berlin")).to_parquet("aware.parquet")
    _, out, _ = run("--train", "naive.parquet", "--test", "aware.parquet", *TARGET, "--time", "ts", "--json")
    assert "ts has times with a zone in test and without in train" in json.loads(out)["facts"]["note"]


def test_a_database_is_read_by_its_address_and_a_broken_one_gives_no_verdict(run: Run, frame: pd.DataFrame) -> None:
    with sqlite3.connect("rows.db") as connection:
        connection.execute("create table rows (x real, text text, y integer)")
        rows = [(float(x), "text " * 20, int(y)) for x, y in zip(frame.x, frame.y, strict=True)]
        connection.executemany("insert into rows values (?, ?, ?)", rows * 200)
    connection.close()
    code, out, err = run("sqlite:///rows.db?table=rows", *TARGET, "--json")
    assert (code, "reading sqlite:///rows.db" in err) == (0, True)
    assert "60,000 rows" in json.loads(out)["facts"]["table"]
    content = bytearray(Path("rows.db").read_bytes())
    content[len(content) // 2 : len(content) // 2 + 100_000] = b"\xff" * 100_000
    Path("rows.db").write_bytes(content)
    code, out, err = run("sqlite:///rows.db?table=rows", *TARGET)
    assert (code, out) == (2, "")
    assert "the query broke off after" in err


def test_a_password_in_an_address_is_not_printed(run: Run) -> None:
    code, _, err = run("postgresql://me:secret@127.0.0.1:1/sales?table=t", *TARGET)
    assert code == 2
    assert "secret" not in err


def test_a_column_that_holds_lists_is_said_where_it_is_declared(run: Run, frame: pd.DataFrame) -> None:
    pq.write_table(pa.table({"tags": [[1, 2]] * N, "x": frame.x, "y": frame.y}), "lists.parquet")
    code, _, err = run("lists.parquet", *TARGET, "--entity", "tags")
    assert code == 2
    assert "the entity column cannot be used: tags holds list<" in err


def test_hostile_names_reach_no_terminal_page_or_file_as_they_are(run: Run, frame: pd.DataFrame) -> None:
    names = {"<script>alert(1)</script>": frame.x, "\x1b[31mred\x1b[0m": frame.x, "line\nbreak": frame.y * 2 + 1}
    names |= {"😀": frame.x, "l" * 10_000: frame.x, " ": frame.x}
    pq.write_table(pa.table(names | {"y": frame.y}), "names.parquet")
    code, out, err = run("names.parquet", *TARGET, "--out", "reports")
    assert code == 1
    assert "\x1b" not in out + err
    assert "tells y on 300 of 300 rows" in out
    assert "line\nbreak" not in out
    for path in Path("reports").iterdir():
        text = path.read_text()
        assert "\x1b" not in text
        assert "<script>alert" not in text or path.suffix == ".json"
        assert len(text) < 2**20


def test_a_file_that_changes_while_it_is_read_gives_no_verdict(
    frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "2")
    path, large = tmp_path / "large.parquet", pd.concat([frame] * 60)
    large.to_parquet(path)

    def rewrite(sentence: str) -> None:
        if sentence.startswith("profiling"):
            large.assign(y=1 - large.y).to_parquet(path)

    with pytest.raises(BadInput, match="the file changed while it was read"):
        heldout.audit(str(path), target="y", price=False, progress=rewrite)


@pytest.mark.parametrize("memory", ["2", "4000"], ids=["column by column", "at once"])
def test_damaged_pages_behind_a_sound_footer_give_no_verdict(
    run: Run, frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, memory: str
) -> None:
    monkeypatch.setenv("HELDOUT_MEMORY_MB", memory)
    pd.concat([frame.drop(columns="void")] * 60).to_parquet("large.parquet", row_group_size=5_000)
    chunk = pq.read_metadata("large.parquet").row_group(1).column(0)
    content = bytearray(Path("large.parquet").read_bytes())
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    content[start : start + chunk.total_compressed_size] = bytes(chunk.total_compressed_size)
    Path("large.parquet").write_bytes(bytes(content))
    code, out, err = run("large.parquet", *TARGET)
    assert (code, out) == (2, "")
    assert "the Parquet file is damaged or incomplete" in err
    assert "Traceback" not in err


def test_an_estimator_whose_fit_leaves_the_program_ends_no_audit(run: Run, frame: pd.DataFrame) -> None:
    frame.assign(leak=frame.y * 2 + 3).to_csv("leaky.csv", index=False)
    Path("leaving.py").write_text(
        "import sys\nfrom sklearn.base import BaseEstimator, ClassifierMixin\n"
        "class make(ClassifierMixin, BaseEstimator):\n"
        "    def fit(self, X, y):\n        sys.exit(0)\n"
        "    def predict(self, X):\n        return [0] * len(X)\n"
    )
    code, out, _ = run("leaky.csv", "--target", "y", "--estimator", "leaving.py:make", "--json")
    assert (code, judged(out)["LEK001"]) == (1, "problem")
    assert "Your estimator could not be fitted again: SystemExit: 0" in json.loads(out)["score"]["headline"]


SLOW_DISK = """
import os, signal, time
from heldout.cli import main
from heldout.tables import delimited_stream
read, calls = delimited_stream._Checked.read, []
def slow(self, size=-1):
    calls.append(size)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGINT)
    if len(calls) >= 3:
        time.sleep(0.7)
    return read(self, size)
delimited_stream._Checked.read = slow
main()
"""
"""A disk whose every read after the second takes long, interrupted while a library's thread waits for it."""


def test_an_interruption_ends_cleanly_while_a_thread_still_reads_ahead(frame: pd.DataFrame, tmp_path: Path) -> None:
    pd.concat([frame] * 4_000).to_csv(tmp_path / "large.csv", index=False)
    done = subprocess.run(
        [sys.executable, "-c", SLOW_DISK, "audit", "large.csv", *TARGET],
        cwd=tmp_path,
        env={**os.environ, "HELDOUT_MEMORY_MB": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (130, ""), done.stderr
    assert "interrupted" in done.stderr
    assert "terminate" not in done.stderr
    assert "Fatal" not in done.stderr


def test_an_interrupted_audit_leaves_nothing_behind(frame: pd.DataFrame, tmp_path: Path) -> None:
    pd.concat([frame] * 1_000).to_csv(tmp_path / "large.csv", index=False)
    (tmp_path / "spool").mkdir()
    command = [sys.executable, "-c", "from heldout.cli import main; main()", "audit", "large.csv", *TARGET]
    env = {**os.environ, "HELDOUT_MEMORY_MB": "100", "TMPDIR": str(tmp_path / "spool")}
    with subprocess.Popen(
        [*command, "--out", "reports"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as left:
        assert left.stderr is not None
        assert "reading" in left.stderr.readline()  # it has begun
        time.sleep(0.2)
        left.send_signal(signal.SIGINT)
        out, err = left.communicate(timeout=60)
    assert (left.returncode, out) == (130, ""), err
    assert "Traceback" not in err
    assert not list((tmp_path / "spool").iterdir())
    assert not (tmp_path / "reports").exists()
