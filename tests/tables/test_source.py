"""Reading: every source gives the same table, and what is no whole table is refused with the mend."""

import gzip
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.tables import Table, kind_of, read_table

CSV = "name,n,x,ok,day\nab,1,0.5,true,2013-01-01\ncd,2,,false,2013-01-02\n,3,2.5,true,\n"


def rows_of(table: Table) -> dict[str, list[object]]:
    return {name: array.to_pylist() for name, array in table.columns.items()}


def kinds_of(table: Table) -> dict[str, str]:
    return {name: kind_of(array).value for name, array in table.columns.items()}


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["ab", "cd", None],
            "n": [1, 2, 3],
            "x": [0.5, np.nan, 2.5],
            "ok": [True, False, True],
            "day": pd.to_datetime(["2013-01-01", "2013-01-02", None]),
        }
    )


def as_is(frame: pd.DataFrame, folder: Path) -> object:
    return frame


def as_polars(frame: pd.DataFrame, folder: Path) -> object:
    return pl.from_pandas(frame)


def as_arrow(frame: pd.DataFrame, folder: Path) -> object:
    return pa.Table.from_pandas(frame)


def as_duckdb(frame: pd.DataFrame, folder: Path) -> object:
    return duckdb.from_df(frame)


def as_csv(frame: pd.DataFrame, folder: Path) -> object:
    path = folder / "t.csv"
    path.write_text(CSV)
    return path


def as_gzip(frame: pd.DataFrame, folder: Path) -> object:
    path = folder / "t.csv.gz"
    path.write_bytes(gzip.compress(CSV[:20].encode()) + gzip.compress(CSV[20:].encode()))  # two members, as pigz does
    return str(path)


def as_zip(frame: pd.DataFrame, folder: Path) -> object:
    path = folder / "t.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.csv", CSV)
    return path


def as_parquet(frame: pd.DataFrame, folder: Path) -> object:
    path = folder / "t.parquet"
    frame.to_parquet(path)
    return path


def as_tabs(frame: pd.DataFrame, folder: Path) -> object:
    path = folder / "t.tsv"
    path.write_text(CSV.replace(",", "\t"))
    return path


SOURCES = [as_is, as_polars, as_arrow, as_duckdb, as_csv, as_gzip, as_zip, as_parquet, as_tabs]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_every_source_gives_the_same_columns(
    source: Callable[[pd.DataFrame, Path], object], frame: pd.DataFrame, tmp_path: Path
) -> None:
    table = read_table(source(frame, tmp_path))
    assert table.rows == 3
    assert kinds_of(table) == {"name": "text", "n": "numeric", "x": "numeric", "ok": "boolean", "day": "time"}
    rows = rows_of(table)
    assert rows["name"] == ["ab", "cd", None]
    assert rows["x"] == [0.5, None, 2.5]
    assert rows["ok"] == [True, False, True]
    assert [None if day is None else day.date().isoformat() for day in rows["day"]] == [
        "2013-01-01",
        "2013-01-02",
        None,
    ]


def test_an_index_that_pandas_adds_is_no_column(frame: pd.DataFrame) -> None:
    assert "n" in (table := read_table(frame.iloc[[2, 0]])).columns
    assert len(table.columns) == frame.shape[1]


def test_categories_of_any_frame_are_text(frame: pd.DataFrame) -> None:
    frame["name"] = frame["name"].astype("category")
    for source in (frame, pl.from_pandas(frame)):
        assert rows_of(read_table(source))["name"] == ["ab", "cd", None]


def test_a_column_of_lists_is_left_out_and_said() -> None:
    table = read_table(pl.DataFrame({"a": [1, 2], "b": [[1], [2]]}))
    assert list(table.columns) == ["a"]
    assert "b holds" in table.notes[0]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("y,v\n1, 7\n2, 8\n", [7, 8]),  # blanks after commas
        ("y;v\n1;7,5\n2;8,25\n", [7.5, 8.25]),  # decimal commas
        ('y,v\n1,"a,\nb"\n2,c\n', ["a,\nb", "c"]),  # quoted separators and line ends
        ("\ufeffy,v\n1,a\n2,NA\n", ["a", None]),  # a byte-order mark
        ("y,v\r\n1,a\r\n2, NULL\r\n", ["a", None]),
        ("y,v\n\n1,0\n2,1\n", [0, 1]),  # few levels stay numbers
    ],
)
def test_values_are_what_people_mean(text: str, values: list[object], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8", newline="")
    table = read_table(path)
    assert list(table.columns) == ["y", "v"]
    assert rows_of(table)["v"] == values


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["01-02-11", "31-12-11"], "2011-02-01"),
        (["02/01/2011", "12/31/2011"], "2011-02-01"),
        (["1.2.2011 08:30", "31.12.2011 09:00"], "2011-02-01"),
        (["2011/02/01", "2011/12/31"], "2011-02-01"),
    ],
)
def test_dates_are_read_where_the_values_settle_the_order(dates: list[str], first: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("y,day\n" + "".join(f"{i},{day}\n" for i, day in enumerate(dates)))
    table = read_table(path)
    assert kinds_of(table)["day"] == "time"
    assert str(rows_of(table)["day"][0]).startswith(first)


def test_dates_that_could_be_either_stay_text_and_are_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("y,day\n1,01/02/2011\n2,03/04/2011\n")
    table = read_table(path)
    assert kind_of(table.columns["day"]) is ColumnKind.TEXT
    assert "day is text" in table.notes[0]


def test_without_a_header_columns_are_numbered_from_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("5,a\n6,b\n")
    table = read_table(path, header=False)
    assert rows_of(table) == {"1": [5, 6], "2": ["a", "b"]}


def test_a_text_that_means_missing_can_be_named_and_is_guessed_aloud(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("v\n" + "".join(f"{i}\n" for i in range(20)) + "?\n?\n")
    guessed = read_table(path)
    assert kind_of(guessed.columns["v"]) is ColumnKind.TEXT
    assert "'?' in 2 rows" in guessed.notes[0]
    named = read_table(path, null_texts=["?"])
    assert kind_of(named.columns["v"]) is ColumnKind.NUMERIC
    assert named.columns["v"].null_count == 2


def test_a_header_cell_without_a_name_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",v\n1,2\n")
    assert list(read_table(path).columns) == ["(column 1)", "v"]


def ragged(path: Path) -> None:
    path.write_text('a,b\n1,2\n"x\ny",3\n4,5,6\n')


def cut_parquet(path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:500])


def broken_parquet(path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(10_000))}), path)
    content = bytearray(path.read_bytes())
    content[50:2000] = bytes(1950)
    path.write_bytes(bytes(content))


def two_gigabytes(path: Path) -> None:
    part = pa.table({"a": pa.nulls(2**24, pa.int8())})
    with pq.ParquetWriter(path, part.schema) as writer:
        for _ in range(16):
            writer.write_table(part)


def cut_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(CSV.encode() * 100)[:-20])


def two_in_a_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "No such file"),
    "a directory": (lambda path: path.mkdir(), "Is a directory"),
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "blank": (lambda path: path.write_bytes(b"\n \n"), "the file is empty"),
    "header only": (lambda path: path.write_text("a,b\n"), "a header and no rows"),
    "latin-1": (lambda path: path.write_bytes("a,b\n1,2\n3,café\n".encode("latin-1")), "line 3"),
    "utf-16": (lambda path: path.write_text("a,b\n1,2\n", encoding="utf-16"), "not UTF-8"),
    "binary": (lambda path: path.write_bytes(b"a,b\n1,\x00\n"), "NUL bytes"),
    "ragged": (ragged, "line 5 has 3 fields, the first line has 2"),
    "twice named": (lambda path: path.write_text("a,b,a\n1,2,3\n"), "two columns have the same name: 'a'"),
    "cut Parquet": (cut_parquet, "damaged or incomplete"),
    "broken Parquet": (broken_parquet, "damaged or incomplete"),
    "2 GB of cells": (two_gigabytes, "too large: it declares 268,435,456 rows"),
    "cut gzip": (cut_gzip, "cannot be unpacked"),
    "two in a zip": (two_in_a_zip, "holds 2 files"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_with_what_and_where(case: str, tmp_path: Path) -> None:
    make, said = BAD_FILES[case]
    path = tmp_path / "file"
    make(path)
    with pytest.raises(BadInput) as refused:
        read_table(path)
    assert said in str(refused.value)
    assert str(path) in refused.value.where
    assert refused.value.mend or refused.value.expected


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """Root may read everything, so a test run by root becomes nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_without_permission_is_refused(tmp_path: Path, ordinary_user: None) -> None:
    path = tmp_path / "file.csv"
    if os.access(tmp_path, os.W_OK, effective_ids=True):
        path.write_text(CSV)
        path.chmod(0)
    with pytest.raises(BadInput, match="Permission denied"):
        read_table(path)


def test_only_more_rows_than_the_memory_bound_allows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "1")
    plain, packed, zipped = tmp_path / "t.csv", tmp_path / "t.csv.gz", tmp_path / "t.zip"
    plain.write_text("a\n" + "1\n" * 200_000)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain)
    for path in (plain, packed, zipped):
        with pytest.raises(BadInput, match="HELDOUT_MEMORY_MB=13"):
            read_table(path)
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "14")
    for path in (plain, packed, zipped):
        assert read_table(path).columns["a"].to_pylist() == [1] * 200_000


def test_a_memory_bound_that_is_no_number_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "4G")
    path = tmp_path / "t.csv"
    path.write_text(CSV)
    with pytest.raises(BadInput, match="HELDOUT_MEMORY_MB is '4G'"):
        read_table(path)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"a": [1, "x"]}), "cannot be turned into Arrow columns"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "Duplicate column names"),
        (pl.DataFrame({"a": []}), "no rows"),
        ([1, 2], "a list is no table"),
    ],
)
def test_a_bad_frame_is_refused(frame: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_table(frame)
