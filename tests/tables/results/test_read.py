"""Results are recognised by their content, read with the columns asked for, and refused with the place."""

import gzip
import json
import os
import zipfile
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.tables.results.logs import eval_log, inspect_samples, lm_eval_samples, write_lines

from heldout.core.errors import BadInput
from heldout.tables.results import Asked, known_direction, read_results, rows_by_value, texts_of

SAMPLES = "samples_arithmetic_2026-11-02T10-00-00.000000.jsonl"


def test_an_lm_eval_sample_file_tells_id_score_model_and_task(tmp_path: Path) -> None:
    (tmp_path / "org__model").mkdir()
    path = write_lines(tmp_path / "org__model" / SAMPLES, lm_eval_samples([1.0, 0.0, 1.0]))
    loaded, roles = read_results(path, Asked())
    assert loaded.recognised == "an lm-eval sample file, task arithmetic"
    assert loaded.system == "org__model"
    assert (roles.by, roles.scores, roles.same) == (("doc_id",), ("exact_match",), "doc_hash")
    assert loaded.table.columns["exact_match"].to_pylist() == [1, 0, 1]
    assert not any(name.startswith("doc.") for name in loaded.table.columns)


def test_a_name_inside_an_object_is_read_where_it_is_asked_for(tmp_path: Path) -> None:
    path = write_lines(tmp_path / SAMPLES, lm_eval_samples([1.0, 0.0]))
    loaded, roles = read_results(path, Asked(slices=("doc.subject",), cluster="doc.question"))
    assert loaded.table.columns["doc.subject"].to_pylist() == ["a", "b"]
    assert len(loaded.table.columns["doc.question"][0].as_py()) == 300
    assert roles.slices == ("doc.subject",)


def test_one_of_several_filters_has_to_be_chosen(tmp_path: Path) -> None:
    path = write_lines(tmp_path / SAMPLES, lm_eval_samples([1.0, 0.0], ("strict-match", "flexible-extract")))
    with pytest.raises(BadInput, match=r"scored under 2 filters[^$]*'strict-match', 'flexible-extract'"):
        read_results(path, Asked())
    with pytest.raises(BadInput, match="no filter 'strict'"):
        read_results(path, Asked(only_filter="strict"))
    loaded, _ = read_results(path, Asked(only_filter="strict-match"))
    assert loaded.table.rows == 2


def test_several_metrics_of_a_sample_are_never_chosen_among(tmp_path: Path) -> None:
    samples = [
        sample | {"metrics": ["acc", "acc_norm"], "acc": 1.0, "acc_norm": 0.0} for sample in lm_eval_samples([1])
    ]
    path = write_lines(tmp_path / SAMPLES, samples)
    with pytest.raises(BadInput, match="several columns can be the score: 'acc', 'acc_norm'"):
        read_results(path, Asked())
    assert read_results(path, Asked(score="acc"))[1].scores == ("acc",)


@pytest.mark.parametrize("summaries", [True, False])
def test_an_eval_archive_tells_model_grades_and_epochs(tmp_path: Path, summaries: bool) -> None:
    path = eval_log(tmp_path / "log.eval", inspect_samples(["C", "I", "P", "N"], 2), model="a/b", summaries=summaries)
    loaded, roles = read_results(path, Asked(slices=("metadata.subject",)))
    assert (loaded.recognised, loaded.system) == ("an Inspect log, task arithmetic", "a/b")
    assert sorted(loaded.table.columns["match"].to_pylist()) == [0, 0, 0, 0, 0.5, 0.5, 1, 1]
    assert (roles.by, roles.scores, roles.repeat) == (("id",), ("match",), "epoch")
    assert loaded.higher_is_better == {"match": True}


def test_an_inspect_log_as_json_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    document = {"version": 2, "eval": {"task": "t", "model": "m"}, "samples": inspect_samples([0.5, 2.0])}
    for name, indent in (("log.txt", None), ("log.json", 2)):
        (tmp_path / name).write_text(json.dumps(document, indent=indent))
        loaded, _ = read_results(tmp_path / name, Asked())
        assert loaded.recognised == "an Inspect log, task t"
        assert loaded.higher_is_better == {}, "a number does not tell its direction"


def test_a_sample_without_a_score_is_left_out_and_told(tmp_path: Path) -> None:
    samples = inspect_samples(["C", "I"])
    samples[1]["scores"] = None
    loaded, _ = read_results(eval_log(tmp_path / "log.eval", samples, model="m"), Asked())
    assert loaded.table.rows == 1
    assert loaded.table.notes == ("1 sample without a score left out",)


def test_several_values_of_one_scorer_are_columns_of_their_own(tmp_path: Path) -> None:
    path = eval_log(tmp_path / "log.eval", inspect_samples([{"style": 1, "fact": 0}]), model="m")
    with pytest.raises(BadInput, match=r"'match.style', 'match.fact'"):
        read_results(path, Asked())


def test_a_swe_bench_report_is_one_row_per_submitted_instance(tmp_path: Path) -> None:
    report = {"resolved_ids": ["a__b-1"], "unresolved_ids": ["a__b-2"], "error_ids": ["c__d-3"]}
    (tmp_path / "model.run.json").write_text(json.dumps(report | {"submitted_ids": ["a__b-1", "a__b-2", "c__d-3"]}))
    loaded, _ = read_results(tmp_path / "model.run.json", Asked(slices=("repo",)))
    assert loaded.system == "model"
    assert loaded.table.columns["resolved"].to_pylist() == [True, False, False]
    assert loaded.table.columns["repo"].to_pylist() == ["a/b", "a/b", "c/d"]


@pytest.mark.parametrize("name", ["r.csv", "r.csv.gz", "r.parquet", "r.jsonl", "r.jsonl.gz", "r.json"])
def test_plain_results_are_the_same_in_every_format(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"item_id": [3, 1, 2], "accuracy": [0.5, 1.0, 0.0], "other": ["x", "y", "z"]})
    path = tmp_path / name
    if name.startswith("r.csv"):
        frame.to_csv(path, index=False)
    elif name == "r.parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines="jsonl" in name)
    loaded, roles = read_results(path, Asked())
    assert (roles.by, roles.scores) == (("item_id",), ("accuracy",))
    assert loaded.table.columns["item_id"].to_pylist() == [3, 1, 2]
    assert loaded.table.columns["accuracy"].to_pylist() == [0.5, 1, 0]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_frame_is_read_with_the_columns_that_are_needed(make: type) -> None:
    loaded, _ = read_results(make({"id": [1, 2], "correct": [True, False], "text": ["a", "b"]}), Asked())
    assert list(loaded.table.columns) == ["id", "correct"]


def test_a_duckdb_relation_is_read() -> None:
    import duckdb

    with duckdb.connect() as connection:
        relation = connection.sql("select range as id, range % 2 as correct from range(4)")
        loaded, _ = read_results(relation, Asked())
    assert loaded.table.columns["correct"].to_pylist() == [0, 1, 0, 1]


def test_the_id_is_never_guessed_among_several_or_none() -> None:
    with pytest.raises(BadInput, match="not clear which column is the id: 'id', 'doc_id'"):
        read_results(pa.table({"id": [1], "doc_id": [1], "correct": [1]}), Asked())
    with pytest.raises(BadInput, match="no column is recognised as the id"):
        read_results(pa.table({"name": ["a"], "correct": [1]}), Asked())


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("accuracy", True),
        ("Pass@1", True),
        ("recall@100", True),
        ("log loss", False),
        ("WER", False),
        ("latency-ms", False),
        ("score", None),
        ("reward", None),
        ("toxicity_score", None),
        ("pass@k", None),
    ],
)
def test_a_direction_is_known_for_names_of_metrics_alone(name: str, direction: bool | None) -> None:
    assert known_direction(name) is direction


def test_ids_of_any_length_are_kept_without_being_asked_for(tmp_path: Path) -> None:
    rows = [{"ID": "x" * 5000 + str(place), "correct": place, "answer": "y" * 5000} for place in range(2)]
    loaded, roles = read_results(write_lines(tmp_path / "r.jsonl", rows), Asked())
    assert (roles.by, loaded.table.rows) == (("ID",), 2)
    assert list(loaded.table.columns) == ["ID", "correct"]


def test_records_with_thousands_of_names_keep_what_is_needed(tmp_path: Path) -> None:
    rows = [{f"n{place}_{i}": 1 for i in range(1200)} | {"correct": 1, "id": place, "x": 2} for place in range(3)]
    loaded, roles = read_results(write_lines(tmp_path / "r.jsonl", rows), Asked(slices=("x",)))
    assert (roles.by, roles.scores, roles.slices) == (("id",), ("correct",), ("x",))
    assert len(loaded.table.columns) == 1003
    assert "1,000 names" in loaded.table.notes[0]


@pytest.mark.parametrize(
    ("values", "scores"),
    [(["1", "0", "0.5"], [1, 0, 0.5]), (["C", "0.25", True], [1, 0.25, 1]), ([1, "1e-1"], [1, 0.1])],
)
def test_numbers_in_the_texts_of_a_log_are_read(tmp_path: Path, values: list, scores: list[float]) -> None:
    loaded, _ = read_results(eval_log(tmp_path / "log.eval", inspect_samples(values), model="m"), Asked())
    assert loaded.table.columns["match"].to_pylist() == scores


def test_texts_of_a_log_that_are_no_grades_are_refused_by_name(tmp_path: Path) -> None:
    for values in (["yes", "no"], ["C", "I", "yes"]):
        path = eval_log(tmp_path / "log.eval", inspect_samples(values), model="m")
        with pytest.raises(BadInput, match="values of match are neither grades nor numbers: 'yes'"):
            read_results(path, Asked())
    samples = inspect_samples(["C", "I"])
    for sample in samples:
        sample["scores"]["kind"] = {"value": "algebra"}
    path = eval_log(tmp_path / "log.eval", samples, model="m")
    assert read_results(path, Asked())[1].scores == ("match",)
    with pytest.raises(BadInput, match="values of kind are neither"):
        read_results(path, Asked(score="kind"))


def test_samples_without_a_hash_of_the_document_are_noted(tmp_path: Path) -> None:
    samples = [{k: v for k, v in sample.items() if k != "doc_hash"} for sample in lm_eval_samples([1.0, 0.0])]
    loaded, roles = read_results(write_lines(tmp_path / SAMPLES, samples), Asked())
    assert roles.same == ""
    assert "taken on trust" in loaded.table.notes[0]


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(BadInput, match="no regular file"):
            read_results(path, Asked())


def test_a_score_that_is_asked_for_as_a_cluster_is_named() -> None:
    with pytest.raises(BadInput, match="'correct' is asked for as something else, and no other column"):
        read_results(pa.table({"id": [1], "correct": [1]}), Asked(cluster="correct"))


def test_a_value_of_a_megabyte_does_not_widen_all_others() -> None:
    values = pa.array(["a", "b"] * 50_000 + ["x" * 2**20]).dictionary_encode()
    assert texts_of(values)[:2] == ["a", "b"]
    assert [int(rows.sum()) for _, rows in rows_by_value(values)] == [50_000, 50_000, 1]


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "cut line": ("r.jsonl", b'{"id": 1, "correct": 1}\n{"id": 2, "corr', r"no JSON[^$]*r.jsonl, line 2, column"),
    "no object": ("r.jsonl", b'{"id": 1, "correct": 1}\n7\n', r"holds a int and no object[^$]*line 2"),
    "latin1": ("r.jsonl", '{"id": 1, "correct": 1}\n{"id": "é"}\n'.encode("latin1"), r"not UTF-8[^$]*line 2"),
    "deep": (
        "r.jsonl",
        b'{"id": 1}\n{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n",
        r"nested too deeply[^$]*line 2",
    ),
    "huge number": ("r.jsonl", b'{"id": 1, "correct": 1' + b"0" * 5000 + b"}\n", r"number cannot be read[^$]*line 1"),
    "empty": ("r.jsonl", b"\n\n", "the file is empty"),
    "empty list": ("r.json", b"[]", "no records"),
    "other JSON": ("r.json", b'{\n"a": 1}', "no results that are known"),
    "cut document": ("r.json", b'[{"id": 1, "correct": 1},\n {"id"', r"no JSON[^$]*line 2"),
    "a name twice": ("r.jsonl", b'{"id": 1}\n{"id": 2, "correct": 0, "correct": 1}\n', r"'correct' twice[^$]*line 2"),
    "a name twice in a list": ("r.json", b'[{"id": 1, "id": 2, "correct": 0}]', "'id' twice"),
    "cut gzip": (
        "r.jsonl.gz",
        gzip.compress(b'{"id": 1, "correct": 1}\n' * 9999)[:-40],
        "gzip file cannot be unpacked",
    ),
    "no zip": ("r.eval", b"hello", "no Inspect log"),
    "no scores": ("r.json", b'{"eval": {}, "samples": [{"id": 1, "epoch": 1}]}\n', "none of 1 sample has a score"),
    "no sample id": ("r.json", b'{"eval": {}, "samples": [{"epoch": 1}]}\n', r"no id[^$]*sample 1"),
    "contradiction": ("r.json", b'{"resolved_ids": ["a"], "unresolved_ids": ["a"]}', "both resolved and unresolved"),
    "other line": (
        "r.jsonl",
        b'{"doc_id": 0, "resps": [], "acc": 1}\n{"id": 1}\n',
        r"none of a sample file[^$]*line 2",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, case: str) -> None:
    name, content, said = BROKEN[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=said):
        read_results(tmp_path / name, Asked())


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = eval_log(tmp_path / "log.eval", inspect_samples(["C"] * 50), model="m")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BadInput, match="damaged or incomplete"):
        read_results(path, Asked())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("summaries.json", "[]")
    with pytest.raises(BadInput, match=r"holds no header.json"):
        read_results(path, Asked())


def test_an_archive_that_declares_more_than_fits_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", '{"eval": {}}')
        archive.writestr("summaries.json", b" " * 2**24)
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "64")
    with pytest.raises(BadInput, match="declares 16,777,216 bytes"):
        read_results(path, Asked())


def test_more_records_than_fit_are_refused_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_lines(tmp_path / "r.jsonl", [{"id": place, "correct": 1} for place in range(40_000)])
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "4")
    with pytest.raises(BadInput, match="too large"):
        read_results(path, Asked())


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heldout.tables.json_text.LONGEST_LINE", 1000)
    write_lines(tmp_path / "r.jsonl", [{"id": 1, "correct": 1}, {"id": 2, "text": "x" * 2000}])
    with pytest.raises(BadInput, match=r"too long[^$]*line 2"):
        read_results(tmp_path / "r.jsonl", Asked())


def test_a_column_of_lists_is_no_score() -> None:
    with pytest.raises(BadInput, match="'correct' holds no single values"):
        read_results(pa.table({"id": [1], "correct": [[1, 0]]}), Asked())
