"""`heldout audit` as a command: exit codes, JSON, report files, bad input, and the documented cases."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

from heldout.report.json import schema

Run = Callable[..., tuple[int, str, str]]
ROWS = 600


@pytest.fixture
def run(heldout_in_a_folder: Run) -> Run:
    return partial(heldout_in_a_folder, "audit")


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=ROWS), "n": rng.integers(0, 9, ROWS), "y": rng.integers(0, 2, ROWS)})
    frame.to_csv(tmp_path / "clean.csv", index=False)
    frame.assign(outcome=frame["y"].map({0: "lost", 1: "won"})).to_csv(tmp_path / "leaky.csv", index=False)
    frame[:400].to_csv(tmp_path / "train.csv", index=False)
    frame[400:].to_csv(tmp_path / "test.csv", index=False)
    return frame


@pytest.mark.usefixtures("table")
def test_a_clean_table_exits_0_and_a_leaky_one_1(run: Run) -> None:
    code, out, err = run("clean.csv", "--target", "y")
    assert (code, "LEK001" in out) == (0, True)
    assert "reading clean.csv" in err
    code, out, err = run("leaky.csv", "--target", "y")
    assert code == 1
    assert "outcome" in out
    assert "Traceback" not in err


@pytest.mark.usefixtures("table")
def test_checks_and_the_level_that_fails_can_be_chosen(run: Run) -> None:
    assert run("clean.csv", "--target", "y", "--reported", "0.9")[0] == 0
    assert run("clean.csv", "--target", "y", "--reported", "0.9", "--fail-on", "suspect")[0] == 1
    assert run("leaky.csv", "--target", "y", "--ignore", "leakage", "--ignore", "split")[0] == 3
    assert run("leaky.csv", "--target", "y", "--select", "SPL002")[0] == 3
    assert run("leaky.csv", "--target", "y", "--drop", "outcome")[0] == 0


@pytest.mark.usefixtures("table")
def test_json_is_all_that_stdout_holds_and_keeps_to_the_schema(run: Run) -> None:
    code, out, _ = run("leaky.csv", "--target", "y", "--json")
    verdict = json.loads(out)
    Draft202012Validator(schema("verdict")).validate(verdict)
    assert code == 1
    assert {finding["code"] for finding in verdict["findings"]} >= {"LEK001", "LEK002", "SPL003"}


@pytest.mark.usefixtures("table")
def test_reports_are_written_whole_to_the_folder(run: Run, tmp_path: Path) -> None:
    code, _, err = run("--train", "train.csv", "--test", "test.csv", "--target", "y", "--out", "deep/folder")
    assert code == 0
    names = ["junit.xml", "report.html", "report.json", "report.md"]
    assert sorted(path.name for path in (tmp_path / "deep/folder").iterdir()) == names
    assert "written: deep/folder/report.html" in err
    assert json.loads((tmp_path / "deep/folder/report.json").read_text())["title"].startswith("Audit of train.csv")


@pytest.mark.usefixtures("table")
def test_a_known_list_a_time_an_entity_and_predictions_are_put_to_the_checks(run: Run, table: pd.DataFrame) -> None:
    Path("known.txt").write_text("# at the counter\nx\n")
    pd.DataFrame({"score": np.linspace(0, 1, 200)}).to_parquet("scores.parquet")
    options = ["--train", "train.csv", "--test", "test.csv", "--target", "y", "--predictions", "scores.parquet"]
    code, out, _ = run(*options, "--known-at-prediction", "known.txt", "--time", "n", "--entity", "n", "--json")
    endings = {finding["code"]: finding["answer"]["ending"] for finding in json.loads(out)["findings"]}
    assert code == 1
    assert endings["SPL001"] == endings["SPL002"] == "problem"
    assert endings["LEK003"] == "clear"  # n is declared as time and entity, so x is the only feature
    score = json.loads(out)["score"]
    assert score["basis"] == "proxy"
    assert "on 200 test rows" in score["headline"]
    assert "it is not supported: it holds what SPL001, SPL002 found" in score["headline"]


def cut(path: Path) -> None:
    pq.write_table(pa.table({"y": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:300])


BAD: dict[str, tuple[str, list[str], str]] = {
    "missing": ("", ["none.csv", "--target", "y"], "No such file"),
    "a folder": ("", [".", "--target", "y"], "Is a directory"),
    "empty": ("", ["file.csv", "--target", "y"], "the file is empty"),
    "header only": ("a,y\n", ["file.csv", "--target", "y"], "a header and no rows"),
    "ragged": ("a,y\n1,0\n1\n", ["file.csv", "--target", "y"], "line 3 has 1 fields"),
    "twice named": ("y,y\n1,0\n", ["file.csv", "--target", "y"], "same name"),
    "no target": ("a,survived\n1,0\n2,1\n", ["file.csv", "--target", "survive"], "did you mean 'survived'"),
    "constant": ("a,y\n1,0\n2,0\n", ["file.csv", "--target", "y"], "is 0 in every row"),
    "no source": ("", ["--target", "y"], "there is no table"),
    "both sources": ("", ["a.csv", "--train", "b.csv", "--test", "c.csv", "--target", "y"], "DATA and --train"),
    "train alone": ("", ["--train", "b.csv", "--target", "y"], "no --test"),
    "out is a file": ("a,y\n1,0\n2,1\n", ["file.csv", "--target", "y", "--out", "file.csv"], "--out is a file"),
    "long separator": ("a,y\n1,0\n2,1\n", ["file.csv", "--target", "y", "--separator", "ab"], "one ASCII character"),
    "no list": ("a,y\n1,0\n2,1\n", ["file.csv", "--target", "y", "--known-at-prediction", "k"], "cannot be read"),
    "no such option": ("", ["--targett", "y"], "No such option"),
    "no such level": ("", ["a.csv", "--target", "y", "--fail-on", "never"], "never"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_exits_2_with_one_message_and_writes_nothing(case: str, run: Run, tmp_path: Path) -> None:
    text, arguments, said = BAD[case]
    (tmp_path / "file.csv").write_text(text)
    code, out, err = run(*arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert not out
    assert [path.name for path in tmp_path.iterdir()] == ["file.csv"]


def test_a_damaged_parquet_file_exits_2_and_leaves_no_reports(run: Run, tmp_path: Path) -> None:
    cut(tmp_path / "cut.parquet")
    code, _, err = run("cut.parquet", "--target", "y", "--out", "reports")
    assert code == 2
    assert "damaged or incomplete" in err
    assert not (tmp_path / "reports").exists()


BY_KEY = ["--id", "key"]
SCORES: dict[str, tuple[pd.DataFrame, list[str], str]] = {
    "NaN": (pd.DataFrame({"score": [0.5, np.nan] * 100}), [], "100 of 200 predictions are missing"),
    "inf": (pd.DataFrame({"score": [0.5, np.inf] * 100}), [], "100 of 200 predictions are missing, NaN or infinite"),
    "out of range": (pd.DataFrame({"score": [0.5, 2.0] * 100}), [], "outside [0, 1]"),
    "too few": (pd.DataFrame({"score": [0.5] * 199}), [], "199 predictions for 200 rows"),
    "missing id": (
        pd.DataFrame({"key": range(400, 599), "score": 0.5}),
        ["--id", "key"],
        "1 ids have no prediction: 599",
    ),
    "extra id": (
        pd.DataFrame({"key": range(400, 601), "score": 0.5}),
        ["--id", "key"],
        "1 ids are not in the table: 600",
    ),
    "duplicate id": (
        pd.DataFrame({"key": [400, *range(400, 599)], "score": 0.5}),
        BY_KEY,
        "1 ids stand more than once",
    ),
}


@pytest.mark.parametrize("case", SCORES)
def test_bad_predictions_exit_2(case: str, run: Run, table: pd.DataFrame, tmp_path: Path) -> None:
    predictions, options, said = SCORES[case]
    keyed = table.assign(key=range(ROWS))
    keyed[:400].to_parquet(tmp_path / "train.parquet")
    keyed[400:].to_parquet(tmp_path / "test.parquet")
    predictions.to_parquet(tmp_path / "p.parquet")
    tables = ["--train", "train.parquet", "--test", "test.parquet", "--predictions", "p.parquet"]
    code, out, err = run(*tables, "--target", "y", *options)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.usefixtures("table")
def test_a_folder_that_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = run("clean.csv", "--target", "y", "--out", "file/below")
    assert code == 2
    assert "cannot be written" in err


@pytest.mark.usefixtures("table")
def test_the_use_of_a_score_is_told_by_options(run: Run) -> None:
    pd.DataFrame({"score": np.linspace(0, 1, 200)}).to_parquet("scores.parquet")
    tables = ["--train", "train.csv", "--test", "test.csv", "--target", "y", "--predictions", "scores.parquet"]
    use = [
        "--slice",
        "n",
        "--threshold",
        "0.4",
        "--threshold-chosen-on",
        "test",
        "--capacity",
        "9",
        "--costs",
        "1",
        "9",
    ]
    code, out, _ = run(*tables, *use, "--needs-probability", "--json", "--select", "MET")
    endings = {finding["code"]: finding["answer"]["ending"] for finding in json.loads(out)["findings"]}
    assert code == 1
    assert endings["MET003"] == endings["MET008"] == "problem"
    assert endings["MET006"] in ("caution", "not_applicable")
    assert endings["MET007"] == "problem"
