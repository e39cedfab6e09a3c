"""Bad input to the audit's tables: a clear message or a stated degradation, never a wrong answer."""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import heldout
from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.tables import Table, parse_target, profile_of, read_label, read_table
from heldout.tables.columns import Columns


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables of a few thousand rows be too large for memory."""
    monkeypatch.setattr("heldout.tables.delimited_stream.BLOCK_BYTES", 2**16)
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "2")


def profiled(table: Table) -> dict[str, int]:
    profile = profile_of(table, read_label(table, parse_target("y", table)))
    return {name: column.distinct for name, column in profile.columns.items()}


def test_mixed_types_in_a_csv_column_are_text_and_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("y,v\n" + "".join(f"{i % 2},{i}\n" for i in range(50)) + "1,n/k\n")
    table = read_table(path)
    assert table.kind("v") is ColumnKind.TEXT
    assert "v is text because of 'n/k' in 1 rows among numbers" in table.notes[0]


def test_dates_in_three_formats_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("y,day\n0,2013-06-30\n1,30/06/2013\n0,Jun 30 2013\n")
    table = read_table(path)
    assert table.kind("day") is ColumnKind.TEXT
    with pytest.raises(BadInput, match=r"holds '30/06/2013'"):
        heldout.audit(str(path), test=str(path), target="y", time="day")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_ten_thousand_columns_are_read(form: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pa.table({"y": rng.integers(0, 2, 20)} | {f"c{i}": rng.integers(0, 9, 20) for i in range(10_000)})
    path = tmp_path / f"t.{form}"
    if form == "csv":
        pa.csv.write_csv(frame, path)
    else:
        pq.write_table(frame, path)
    assert len(profiled(read_table(path))) == 10_000


def test_a_cell_of_50_mb_is_read_and_shown_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_text("y,text\n0,a\n1," + "x" * 50_000_000 + "\n")
    for bound in ("4096", "300"):  # in memory, and as a stream
        monkeypatch.setenv("HELDOUT_MEMORY_MB", bound)
        table = read_table(path)
        profile = profile_of(table, read_label(table, parse_target("y", table)))
        assert max(map(len, profile.columns["text"].bins)) <= 80
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "40")
    with pytest.raises(BadInput, match="longer than 10 MB"):
        read_table(path)


@pytest.mark.usefixtures("streamed")
def test_a_million_levels_are_counted_out_of_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "100")
    levels = 1_000_000
    keys = pa.array([f"user {i}" for i in range(levels)])
    table = pa.table({"key": pa.concat_arrays([keys, keys.slice(0, 200_000)]), "y": pa.array([0, 1] * 600_000)})
    path = tmp_path / "t.parquet"
    pq.write_table(table, path, row_group_size=250_000)
    read = read_table(path)
    assert isinstance(read.columns, Columns)
    profile = profile_of(read, read_label(read, parse_target("y", read))).columns["key"]
    assert abs(profile.distinct / levels - 1) < 4 * 0.016
    assert len(profile.bins) == 256
    assert profile.joint[:, :255].sum() == 2 * 255  # the levels that are kept are among those that stand twice


def test_whole_numbers_beyond_64_bits_are_said_or_exact(tmp_path: Path) -> None:
    big = [10**25, 10**25 + 1, 10**25 + 2]
    csv, lines = tmp_path / "t.csv", tmp_path / "t.jsonl"
    csv.write_text("y,id\n" + "".join(f"{i % 2},{value}\n" for i, value in enumerate(big)))
    lines.write_text("".join(json.dumps({"y": i % 2, "id": value}) + "\n" for i, value in enumerate(big)))
    assert "id holds whole numbers beyond 64 bits" in read_table(csv).notes[0]
    exact = read_table(lines)
    assert exact.columns["id"].to_pylist() == list(map(str, big))
    assert exact.notes == ("id holds numbers beyond 64 bits, and is taken as text",)


def test_naive_against_aware_times_are_said(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=200, freq="h")
    frame = pd.DataFrame({"day": days, "x": np.arange(200.0), "y": [0, 1] * 100})
    naive, aware = tmp_path / "train.parquet", tmp_path / "test.parquet"
    frame.to_parquet(naive)
    frame.assign(day=days.tz_localize("Europe/Berlin")).to_parquet(aware)
    found = heldout.audit(str(naive), test=str(aware), target="y", time="day")
    assert "day has times with a zone in test and without in train" in found.facts["note"]
    alike = heldout.audit(str(naive), test=str(naive), target="y", time="day")
    assert "note" not in alike.facts


@pytest.mark.usefixtures("streamed")
def test_parquet_that_is_damaged_in_the_middle_names_column_and_row_group(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    rng = np.random.default_rng(0)
    table = pa.table({"x": rng.normal(size=20_000), "z": rng.normal(size=20_000), "y": rng.integers(0, 2, 20_000)})
    pq.write_table(table, path, row_group_size=5_000, use_dictionary=False)
    chunk = pq.read_metadata(path).row_group(2).column(1)
    content = bytearray(path.read_bytes())
    start = chunk.data_page_offset
    content[start : start + chunk.total_compressed_size] = bytes(chunk.total_compressed_size)
    path.write_bytes(bytes(content))
    read = read_table(path)
    assert profiled(read.without(["z"]))["x"] > 0
    with pytest.raises(BadInput, match="damaged or incomplete") as refused:
        profiled(read)
    assert refused.value.where == f"{path}, column 'z', row group 2"


def csv_of(rows: int) -> str:
    return "a,b,y\n" + "".join(f"{i},text {i},{i % 2}\n" for i in range(rows))


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize(
    ("content", "said", "place"),
    [
        (gzip.compress(csv_of(20_000).encode())[:-50], "the gzip file cannot be unpacked", ""),
        ((csv_of(20_000) + "1,2\n").encode(), "line 20,002 has 2 fields, the first line has 3", ", line 20,002"),
        (csv_of(20_000).encode() + b"1,caf\xe9,0\n", "not UTF-8 text: byte 0xe9", ", line 20,002"),
        (csv_of(20_000).encode() + b"1,\0,0\n", "NUL bytes", ", line 20,002"),
        (b"a,b,a\n" + b"1,2,3\n" * 80_000, "two columns have the same name", ", line 1"),
    ],
    ids=["cut gzip", "ragged", "latin-1", "binary", "twice named"],
)
def test_a_large_text_is_refused_like_a_small_one(content: bytes, said: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=said) as refused:
        read_table(path)
    assert refused.value.where == f"{path}{place}"


def test_json_lines_are_read_with_types_and_missing_names(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl.gz"
    lines = [
        {"y": 1, "name": "ab", "day": "2013-01-01", "x": 1, "deep": {"a": 1}},
        {"y": 0, "name": None, "day": "2013-01-02", "x": 2.5, "mixed": "a"},
        {"y": 1, "name": "cd", "ok": True, "mixed": 3},
    ]
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    table = read_table(path)
    assert {name: table.columns[name].to_pylist() for name in ("y", "name", "x", "ok", "mixed")} == {
        "y": [1, 0, 1],
        "name": ["ab", None, "cd"],
        "x": [1.0, 2.5, None],
        "ok": [None, None, True],
        "mixed": [None, "a", "3"],
    }
    assert table.kind("day") is ColumnKind.TIME
    assert set(table.notes) == {
        "deep holds objects or lists and is not examined",
        "mixed holds numbers and texts, and is taken as text",
    }


def test_a_broken_line_of_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.ndjson"
    path.write_text('{"y": 1}\n' * 40_000 + '{"y": \n' + '{"y": 0}\n')
    with pytest.raises(BadInput, match="no JSON") as refused:
        read_table(path)
    assert "line 40,001" in refused.value.where


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import resource
    import signal

    monkeypatch.setenv("HELDOUT_MEMORY_MB", "30")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    reader = pa.RecordBatchReader.from_batches(
        pa.schema([("x", pa.float64())]),
        (pa.record_batch([np.random.default_rng(i).normal(size=100_000)], names=["x"]) for i in range(4)),
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))  # writing more fails as on a full disk
    try:
        with pytest.raises(BadInput, match="cannot be kept on disk") as refused:
            read_table(reader)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "TMPDIR" in refused.value.mend
