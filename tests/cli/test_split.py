"""`heldout split` as a command: what it prints and writes, its exit codes, and one message for every bad input."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from heldout.report.json import schema

Run = Callable[..., tuple[int, str, str]]
N = 600


@pytest.fixture
def run(heldout_in_a_folder: Run) -> Run:
    return partial(heldout_in_a_folder, "split")


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    user = rng.integers(0, 80, N)
    frame = pd.DataFrame(
        {
            "user": [f"u{u:02d}" for u in user],
            "ts": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 100, N), unit="D"),
            "step": rng.integers(0, 50, N),
            "same": 1,
            "one": rng.choice(["big", "a", "b", "c"], N, p=[0.7, 0.1, 0.1, 0.1]),
            "x": rng.normal(size=N).round(3),
            "y": rng.integers(0, 2, N),
            "rare": np.where(np.arange(N) < 3, "c", np.where(np.arange(N) % 2, "a", "b")),
        }
    )
    frame["day"] = frame.ts.dt.strftime("%d/%m/%Y of the year")
    frame.to_csv(tmp_path / "data.csv", index=False)
    frame.to_parquet(tmp_path / "data.parquet")
    return frame


def test_a_split_is_written_and_told(run: Run, tmp_path: Path) -> None:
    code, out, err = run("data.parquet", "--target", "y", "--time", "ts", "--entity", "user", "--horizon", "7d")
    assert code == 0
    assert "This split measures how a model does later in time on values of user that it has never met." in out
    assert "which keeps horizon and embargo apart" in out
    assert "written: data-split: train.parquet, test.parquet, manifest.json" in err
    names = sorted(path.name for path in (tmp_path / "data-split").iterdir())
    assert names == ["manifest.json", "test.parquet", "train.parquet"]
    code, again, err = run("data.parquet", "--target", "y", "--time", "ts", "--entity", "user", "--horizon", "7d")
    assert (code, again) == (0, out)
    assert "there already: data-split" in err


def test_json_is_the_manifest_and_all_that_stdout_holds(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("data.csv", "--target", "y", "--entity", "user", "--folds", "3", "--out", "o", "--json")
    assert code == 0
    Draft202012Validator(schema("split")).validate(json.loads(out))
    assert out == (tmp_path / "o" / "manifest.json").read_text()
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == ["folds.csv", "manifest.json"]


def test_a_folder_with_something_else_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "thesis.txt").write_text("all of it")
    code, _, err = run("data.csv", "--target", "y", "--at-random", "--out", "o")
    assert (code, "it is not empty and holds no split" in err) == (2, True)
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["thesis.txt"]
    assert run("data.csv", "--target", "y", "--at-random", "--out", "p")[0] == 0
    code, _, err = run("data.csv", "--target", "y", "--at-random", "--seed", "1", "--out", "p")
    assert (code, "the same table made otherwise" in err) == (2, True)
    code, _, err = run("data.parquet", "--target", "y", "--at-random", "--out", "p")
    assert (code, "a split of another table" in err) == (2, True)
    (tmp_path / "p" / "notes.txt").write_text("mine")
    code, _, err = run("data.csv", "--target", "y", "--at-random", "--out", "p")
    assert (code, "it holds notes.txt too" in err) == (2, True)


BAD = {
    "no file": (["none.csv", "--target", "y"], "No such file"),
    "no target": (["data.csv"], "--target"),
    "unknown target": (["data.csv", "--target", "yy"], "there is no target column 'yy'"),
    "unknown time": (["data.csv", "--target", "y", "--time", "tss"], "there is no time column 'tss'"),
    "unknown entity": (["data.parquet", "--target", "y", "--entity", "usr"], "there is no entity column 'usr'"),
    "a time that is none": (["data.csv", "--target", "y", "--time", "day"], "the time column 'day' holds"),
    "a share of more than all": (["data.csv", "--target", "y", "--test", "120%"], "the test part is '120%'"),
    "a share without a sign": (["data.csv", "--target", "y", "--test", "20"], "the test part is '20'"),
    "no share": (["data.csv", "--target", "y", "--test", "some"], "the test part is 'some'"),
    "one fold": (["data.csv", "--target", "y", "--folds", "1"], "1 folds are asked for"),
    "a horizon without time": (["data.csv", "--target", "y", "--horizon", "7d"], "there is --horizon and no time"),
    "a horizon in no unit": (
        ["data.csv", "--target", "y", "--time", "ts", "--horizon", "7"],
        "the horizon '7' is no duration",
    ),
    "a horizon of days for numbers": (
        ["data.csv", "--target", "y", "--time", "step", "--embargo", "7d"],
        "the embargo '7d' is no number, and the time column holds numbers",
    ),
    "no time left for train": (
        ["data.csv", "--target", "y", "--time", "ts", "--horizon", "52w"],
        "no row is left for train",
    ),
    "one moment": (["data.csv", "--target", "y", "--time", "same"], "all rows happened at one moment"),
    "too few moments for folds": (["data.csv", "--target", "y", "--time", "same", "--folds", "3"], "make no 3 blocks"),
    "an entity of most rows": (
        ["data.csv", "--target", "y", "--entity", "one", "--folds", "3"],
        "one one holds 7",
    ),
    "an entity of most rows as test": (
        ["data.csv", "--target", "y", "--entity", "one", "--test", "50%"],
        "of the rows, and stays whole",
    ),
    "a class of three rows": (["data.csv", "--target", "rare"], "the class 'c' of 'rare' has 3 rows"),
    "no beginning": (
        ["data.csv", "--target", "y", "--entity", "step", "--entity-part", "beginning"],
        "holds no texts, so it has no beginning",
    ),
    "no parts": (
        ["data.csv", "--target", "y", "--entity", "user", "--entity-part", "beginning"],
        "holds no texts of several parts",
    ),
    "a part of nothing": (["data.csv", "--target", "y", "--entity-part", "beginning"], "and no entity column"),
    "random beside time": (["data.csv", "--target", "y", "--time", "ts", "--at-random"], "--at-random beside"),
    "an unknown rule": (["data.csv", "--target", "y", "--entity-rule", "old"], "old"),
    "a seed below 0": (["data.csv", "--target", "y", "--seed", "-1"], "the seed is -1"),
    "out is a file": (["data.csv", "--target", "y", "--at-random", "--out", "data.csv"], "--out is a file"),
    "a long separator": (["data.csv", "--target", "y", "--separator", "ab"], "the separator is 'ab'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_exits_2_with_one_message_and_writes_nothing(name: str, run: Run, tmp_path: Path) -> None:
    arguments, said = BAD[name]
    before = sorted(path.name for path in tmp_path.iterdir())
    code, out, err = run(*arguments)
    assert (code, out) == (2, ""), err
    assert said in err
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_damaged_table_is_refused_and_nothing_is_left(run: Run, tmp_path: Path) -> None:
    whole = (tmp_path / "data.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    code, _, err = run("cut.parquet", "--target", "y")
    assert (code, "the Parquet file is damaged or incomplete" in err) == (2, True)
    # sound footer, damaged pages of a column that only writing reads
    start = whole.index(b"PAR1") + 4
    (tmp_path / "pages.parquet").write_bytes(whole[:start] + b"\xff" * 400 + whole[start + 400 :])
    code, _, err = run("pages.parquet", "--target", "y", "--time", "ts", "--entity", "one")
    assert code == 2, err
    assert "damaged" in err
    assert not list(tmp_path.glob("*split*"))


def test_a_table_without_room_for_the_fold_column_is_refused(run: Run, data: pd.DataFrame, tmp_path: Path) -> None:
    data.assign(fold=1).to_csv(tmp_path / "one.csv", index=False)
    code, out, _ = run("one.csv", "--target", "y", "--entity", "user", "--folds", "3", "--json")
    assert (code, json.loads(out)["parts"][0]["fold_column"]) == (0, "heldout_fold")
    data.assign(fold=1, heldout_fold=2).to_csv(tmp_path / "two.csv", index=False)
    code, _, err = run("two.csv", "--target", "y", "--entity", "user", "--folds", "3")
    assert (code, "the table has columns called fold and heldout_fold already" in err) == (2, True)


MANIFESTS = {
    "not json": ("{", "is no JSON"),
    "another schema": ('{"schema": "other"}', "has the schema 'other'"),
    "a list": ("[1]", "has the schema None"),
    "a part of one": ('{"schema": "heldout.split.v1", "parts": []}', "is damaged at"),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_is_none_is_refused(name: str, heldout_in_a_folder: Run, tmp_path: Path) -> None:
    text, said = MANIFESTS[name]
    (tmp_path / "manifest.json").write_text(text)
    code, _, err = heldout_in_a_folder("audit", "data.csv", "--target", "y", "--manifest", "manifest.json")
    assert (code, said in err) == (2, True), err
    code, _, err = heldout_in_a_folder("audit", "data.csv", "--target", "y", "--manifest", "none.json")
    assert (code, "the manifest cannot be read" in err) == (2, True)


def test_an_audit_takes_its_declarations_from_the_manifest(run: Run, heldout_in_a_folder: Run, tmp_path: Path) -> None:
    assert run("data.parquet", "--target", "y", "--time", "ts", "--out", "o")[0] == 0
    tables = ["--train", "o/train.parquet", "--test", "o/test.parquet"]
    code, out, _ = heldout_in_a_folder("audit", *tables, "--select", "split")
    assert code == 0
    assert "train and test of a forward split of data.parquet; their hashes hold" in out
    code, _, err = heldout_in_a_folder(
        "audit", "--train", "data.csv", "--test", "o/test.parquet", "--manifest", "o/manifest.json"
    )
    assert (code, "data.csv is no part of this split" in err) == (2, True)
    code, _, err = heldout_in_a_folder("audit", "data.csv")
    assert (code, "no target is given" in err) == (2, True)
