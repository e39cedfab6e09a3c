"""`heldout compare` as a command: exit codes, JSON, report files, and one message for every bad input."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from tests.tables.results.logs import eval_log, inspect_samples

from heldout.report.json import schema

Run = Callable[..., tuple[int, str, str]]
N = 400
EXAMPLES = Path(__file__).parents[2] / "examples" / "arithmetic"


@pytest.fixture
def run(heldout_in_a_folder: Run) -> Run:
    return partial(heldout_in_a_folder, "compare")


@pytest.fixture
def results(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    easy = rng.normal(size=N)
    for name, shift in (("a", 0.0), ("b", 0.8)):
        correct = (easy + shift + rng.normal(size=N) > 0).astype(int)
        frame = pd.DataFrame({"id": np.arange(N), "correct": correct, "doc": np.arange(N) // 4, "late": easy > 0})
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    frame[: N // 2].to_csv(tmp_path / "half.csv", index=False)


@pytest.mark.usefixtures("results")
def test_a_comparison_says_who_is_ahead_and_exits_0(run: Run) -> None:
    code, out, err = run("a.csv", "b.csv", "--cluster", "doc", "--slice", "late")
    assert code == 0
    assert "ahead: b is ahead of a on correct: the difference is +0." in out
    assert "100 clusters of doc" in out
    assert "late true" in out.lower()
    assert "reading a.csv" in err


@pytest.mark.usefixtures("results")
def test_the_gate_decides_the_exit_code(run: Run) -> None:
    assert run("a.csv", "b.csv", "--require", "better")[0] == 0
    code, out, _ = run("b.csv", "a.csv", "--require", "better")
    assert (code, "required: better does not hold" in out) == (1, True)
    assert run("a.csv", "b.csv", "--require", "not-worse", "--margin", "0.01")[0] == 0
    code, out, _ = run("a.csv", "half.csv", "--require", "better")
    assert (code, "half lacks 200 items of the others; --allow-missing" in out) == (1, True)
    assert run("a.csv", "half.csv", "--require", "better", "--allow-missing")[0] == 0
    assert run("a.csv", "half.csv")[0] == 0


@pytest.mark.usefixtures("results")
def test_json_is_all_that_stdout_holds_and_keeps_to_the_schema(run: Run) -> None:
    code, out, _ = run("a.csv", "b.csv", "--slice", "late", "--margin", "0.01", "--require", "better", "--json")
    comparison = json.loads(out)
    Draft202012Validator(schema("comparison")).validate(comparison)
    assert code == 0
    assert comparison["schema"] == "heldout.comparison.v1"
    assert comparison["pairs"][0]["outcome"] == "ahead"
    assert comparison["gate"]["holds"] is True
    assert len(comparison["pairs"][0]["slices"]) == 2


@pytest.mark.usefixtures("results")
def test_reports_are_written_whole_to_the_folder(run: Run, tmp_path: Path) -> None:
    code, _, err = run("a.csv", "b.csv", "--out", "deep/folder")
    assert code == 0
    names = ["report.html", "report.json", "report.md"]
    assert sorted(path.name for path in (tmp_path / "deep/folder").iterdir()) == names
    assert "written: deep/folder/report.html" in err


def test_the_sample_files_of_the_examples_are_those_that_the_script_makes(tmp_path: Path) -> None:
    import runpy
    import sys
    from unittest.mock import patch

    script = EXAMPLES.parents[1] / "scripts" / "arithmetic_samples.py"
    with patch.object(sys, "argv", [str(script), str(tmp_path)]):
        runpy.run_path(str(script), run_name="__main__")
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.jsonl")}
    assert made == {path.relative_to(EXAMPLES): path.read_bytes() for path in EXAMPLES.rglob("*.jsonl")}


def test_lm_eval_samples_are_compared_by_document_under_one_filter(run: Run) -> None:
    files = sorted(EXAMPLES.rglob("*.jsonl"))
    code, out, _ = run(*files, "--filter", "flexible-extract", "--slice", "doc.steps")
    assert code == 0
    assert "ahead: tuned is ahead of base on exact_match" in out
    assert "an lm-eval sample file, task arithmetic, filter flexible-extract" in out
    code, _, err = run(*files)
    assert (code, "scored under 2 filters" in err) == (2, True)


def test_inspect_logs_are_compared_by_sample_over_epochs(run: Run, tmp_path: Path) -> None:
    eval_log(tmp_path / "one.eval", inspect_samples(list("CICI") * 10, 2), model="openai/one")
    eval_log(tmp_path / "two.eval", inspect_samples(list("CCCI") * 10, 2), model="openai/two")
    code, out, _ = run("one.eval", "two.eval")
    assert code == 0
    assert "openai/two is ahead of openai/one on match: the difference is +0.250" in out
    assert "40 items are in all" in out


GOOD = "id,correct,doc\n1,1,x\n2,0,x\n3,1,y\n"
BAD: dict[str, tuple[dict[str, str], list[str], str]] = {
    "missing file": ({"a.csv": GOOD}, ["a.csv", "none.csv"], "No such file"),
    "a folder": ({"a.csv": GOOD}, ["a.csv", "."], "Is a directory"),
    "empty file": ({"a.csv": GOOD, "b.csv": ""}, ["a.csv", "b.csv"], "the file is empty"),
    "header only": ({"a.csv": GOOD, "b.csv": "id,correct\n"}, ["a.csv", "b.csv"], "a header and no rows"),
    "not UTF-8": ({"a.csv": GOOD, "b.csv": "id,correct\n1,\udce9\n"}, ["a.csv", "b.csv"], "not UTF-8"),
    "ragged": ({"a.csv": GOOD, "b.csv": "id,correct\n1,1\n2\n"}, ["a.csv", "b.csv"], "line 3 has 1 fields"),
    "broken JSON line": (
        {"a.csv": GOOD, "b.jsonl": '{"id": 1, "correct": 1}\n{"id": 2, "correct"\n'},
        ["a.csv", "b.jsonl"],
        "b.jsonl, line 2, column",
    ),
    "no id column": ({"a.csv": GOOD, "b.csv": "n,correct\n1,1\n"}, ["a.csv", "b.csv"], "recognised as the id"),
    "no such id column": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--by", "idd"], "did you mean 'id'"),
    "no score column": ({"a.csv": GOOD, "b.csv": "id,x\n1,1\n"}, ["a.csv", "b.csv"], "recognised as the score"),
    "two scores": ({"a.csv": "id,acc,f1\n1,1,1\n", "b.csv": GOOD}, ["a.csv", "b.csv"], "can be the score: 'acc', 'f1'"),
    "other scores": ({"a.csv": "id,acc\n1,1\n", "b.csv": GOOD}, ["a.csv", "b.csv"], "different columns: 'acc', 'corr"),
    "duplicate ids": ({"a.csv": GOOD, "b.csv": GOOD + "3,0,y\n"}, ["a.csv", "b.csv"], "1 id stands more than once: 3"),
    "no common items": ({"a.csv": GOOD, "b.csv": "id,correct\n8,1\n"}, ["a.csv", "b.csv"], "no item is in all"),
    "score is text": ({"a.csv": GOOD, "b.csv": "id,correct\n1,yes\n2,no\n"}, ["a.csv", "b.csv"], "is no number: 'yes'"),
    "NaN score": ({"a.csv": GOOD, "b.csv": "id,correct\n1,NaN\n2,1\n"}, ["a.csv", "b.csv"], "missing, NaN or infinite"),
    "infinite score": ({"a.csv": GOOD, "b.csv": "id,correct\n1,inf\n2,1\n"}, ["a.csv", "b.csv"], "NaN or infinite"),
    "unknown direction": (
        {"a.csv": "id,reward\n1,1\n", "b.csv": "id,reward\n1,0\n"},
        ["a.csv", "b.csv", "--score", "reward"],
        "--higher-is-better or --lower-is-better",
    ),
    "unknown metric": (
        {"a.csv": GOOD, "b.csv": GOOD},
        ["a.csv", "b.csv", "--metric", "auc", "--label", "doc"],
        "no metric 'auc'",
    ),
    "metric without label": (
        {"a.csv": GOOD, "b.csv": GOOD},
        ["a.csv", "b.csv", "--metric", "roc_auc"],
        "label of each item",
    ),
    "cluster on one side": (
        {"a.csv": GOOD, "b.csv": "id,correct\n1,1\n"},
        ["a.csv", "b.csv", "--cluster", "doc"],
        "no cluster column 'doc'",
    ),
    "other clusters": (
        {"a.csv": GOOD, "b.csv": GOOD.replace("y", "x")},
        ["a.csv", "b.csv", "--cluster", "doc"],
        "1 item is in different clusters: 3",
    ),
    "one system twice": ({"a.csv": GOOD}, ["a.csv", "./a.csv"], "one system is given twice"),
    "one system": ({"a.csv": GOOD}, ["a.csv"], "a comparison takes two systems"),
    "no eval log": ({"a.csv": GOOD, "b.eval": "hello"}, ["a.csv", "b.eval"], "no Inspect log"),
    "damaged eval log": (
        {"a.csv": GOOD, "b.eval": "PK\x03\x04 and no more"},
        ["a.csv", "b.eval"],
        "damaged or incomplete",
    ),
    "other labels": (
        {"a.csv": "id,score,y\n1,.1,0\n2,.9,1\n", "b.csv": "id,score,y\n1,.1,1\n2,.9,1\n"},
        ["a.csv", "b.csv", "--metric", "roc_auc", "--label", "y"],
        "1 item has different labels: 1 has '0' and '1'",
    ),
    "labels of 2": (
        {"a.csv": "id,score,y\n1,.1,0\n2,.9,2\n", "b.csv": "id,score,y\n1,.1,0\n2,.8,2\n"},
        ["a.csv", "b.csv", "--metric", "roc_auc", "--label", "y"],
        "the label 2 is neither 0 nor 1",
    ),
    "one class": (
        {"a.csv": "id,score,y\n1,.1,0\n2,.9,0\n", "b.csv": "id,score,y\n1,.1,0\n2,.8,0\n"},
        ["a.csv", "b.csv", "--metric", "roc_auc", "--label", "y"],
        "roc_auc does not exist here",
    ),
    "no probabilities": (
        {"a.csv": "id,score,y\n1,.1,0\n2,1.9,1\n", "b.csv": "id,score,y\n1,.1,0\n2,.8,1\n"},
        ["a.csv", "b.csv", "--metric", "log_loss", "--label", "y"],
        "is no probability",
    ),
    "negative margin": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--margin", "-0.1"], "the margin is -0.1"),
    "no margin": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--require", "not-worse"], "has no margin"),
    "level of 1": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--level", "1"], "the level is 1"),
    "no such slice": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--slice", "topic"], "'topic' to slice by"),
    "no such reference": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--against", "c"], "no system 'c'"),
    "too few names": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--names", "one"], "1 names for 2 systems"),
    "filter of a table": (
        {"a.csv": GOOD, "b.json": '[{"id": 1, "correct": 1}]'},
        ["b.json", "a.csv", "--filter", "x"],
        "no filters",
    ),
    "system of two files": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--system", "doc"], "for one file"),
    "out is a file": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--out", "a.csv"], "--out is a file"),
    "other tasks": (
        {f"samples_{task}_2026-11-02T10-00-00.jsonl": '{"doc_id": 0, "resps": [], "acc": 1}\n' for task in "ab"},
        [f"samples_{task}_2026-11-02T10-00-00.jsonl" for task in "ab"],
        "different tasks: a, b",
    ),
    "scores twice": (
        {"a.csv": "id,a,b\n1,1,0\n"},
        ["a.csv", "--scores", "a,a", "--higher-is-better"],
        "named twice: a, a",
    ),
    "names of systems that do not fit": (
        {"a.csv": "id,a,b\n1,1,0\n"},
        ["a.csv", "--scores", "a,b", "--higher-is-better", "--names", "x"],
        "1 names for 2 systems",
    ),
    **{
        f"empty {option}": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", f"--{option}", ""], f"--{option} ")
        for option in (
            *("by", "score", "metric", "label", "cluster", "repeat", "slice", "system", "scores", "filter"),
            *("against", "names", "out"),
        )
    },
    "an empty name": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--names", "x,"], "--names has an empty part"),
    "no such requirement": ({"a.csv": GOOD, "b.csv": GOOD}, ["a.csv", "b.csv", "--require", "best"], "best"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_exits_2_with_one_message_and_writes_nothing(case: str, run: Run, tmp_path: Path) -> None:
    files, arguments, said = BAD[case]
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    out_option = [] if "--out" in arguments else ["--out", "reports"]
    code, out, err = run(*arguments, *out_option)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert not out
    assert {path.name for path in tmp_path.iterdir()} == set(files)


@pytest.mark.usefixtures("results")
def test_systems_of_one_file_take_the_names_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("id,a,b\n" + "".join(f"{i},{i % 2},1\n" for i in range(40)))
    code, out, _ = run("wide.csv", "--scores", "a,b", "--higher-is-better", "--names", "old,new")
    assert (code, "new against old" in out) == (0, True)


@pytest.mark.usefixtures("results")
def test_nothing_is_written_where_one_of_the_reports_cannot_be(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reports/report.md").mkdir(parents=True)
    code, _, err = run("a.csv", "b.csv", "--out", "reports")
    assert (code, "it is a folder" in err) == (2, True)
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["report.md"]


def test_an_interruption_while_writing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from heldout.app import files

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.replace_texts(tmp_path, {"a": "1", "b": "2"})
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("results")
def test_ids_that_are_texts_on_one_side_are_told(run: Run, tmp_path: Path) -> None:
    rows = pd.read_csv(tmp_path / "b.csv").astype({"id": str}).to_dict("records")
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, out, _ = run("a.csv", "b.jsonl")
    assert (code, "400 items are in all; ids are texts in b and none in a, matched as written" in out) == (0, True)


@pytest.mark.usefixtures("results")
def test_a_parquet_file_cut_in_half_is_refused(run: Run, tmp_path: Path) -> None:
    pd.read_csv("a.csv").to_parquet(tmp_path / "cut.parquet")
    content = (tmp_path / "cut.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(content[: len(content) // 2])
    code, out, err = run("a.csv", "cut.parquet", "--out", "reports")
    assert (code, out) == (2, "")
    assert "damaged or incomplete" in err
    assert not (tmp_path / "reports").exists()


def test_text_of_a_file_does_not_reach_the_terminal_as_it_came(run: Run, tmp_path: Path) -> None:
    rows = [f"\x1b[31mid{i},{i % 2},\x1b]8;;http://tracker.invalid\x07t" for i in range(40)]
    for name in ("a", "b"):
        lines = rows if name == "a" else [row.replace(",0,", ",1,") for row in rows]
        (tmp_path / f"{name}.csv").write_text("id,correct,topic\n" + "\n".join(lines))
    code, out, _ = run("a.csv", "b.csv", "--slice", "topic")
    assert code == 0
    assert "\x1b" not in out
    assert "tracker" not in out
    (tmp_path / "b.csv").write_text("id,correct,topic\n\x1b[31mx,1,t\n\x1b[31mx,1,t\n")
    code, _, err = run("a.csv", "b.csv")
    assert code == 2
    assert "\x1b" not in err
