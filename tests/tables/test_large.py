"""Tables larger than memory: the same columns, profile and answers as in memory, read piece by piece."""

import gzip
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

import heldout
from heldout.core.profile import Profile
from heldout.tables import Table, kind_of, parse_target, profile_of, read_label, read_table
from heldout.tables.columns import Columns
from heldout.tables.sampling import sample_of

ROWS = 30_000


@pytest.fixture(scope="module")
def frame() -> pa.Table:
    rng = np.random.default_rng(5)
    y = rng.integers(0, 2, ROWS)
    return pa.table(
        {
            "whole": rng.integers(-50, 50, ROWS),
            "amount": pa.array(np.where(rng.random(ROWS) < 0.1, np.nan, rng.normal(size=ROWS)), from_pandas=True),
            "late": pa.array([None] * (ROWS - 5) + [1.5, 2.5, 3.5, 4.5, 5.5]),
            "turns": pa.array([str(i) for i in range(ROWS - 1)] + ["x"]),
            "level": pa.array(rng.choice(["a", "b ", "c", None], ROWS).tolist()),
            "key": pa.array([f"k{i}" for i in rng.integers(0, 9000, ROWS)]),
            "day": pa.array(np.datetime64("2024-01-01") + rng.integers(0, 300, ROWS).astype("timedelta64[D]")),
            "none": pa.array([None] * ROWS, pa.string()),
            "ok": pa.array((rng.random(ROWS) < 0.5).tolist()),
            "y": pa.array([None, *y[1:].tolist()]),
        }
    )


def as_parquet(frame: pa.Table, path: Path) -> object:
    pq.write_table(frame, path, row_group_size=7_000)
    return path


def as_csv(frame: pa.Table, path: Path) -> object:
    pyarrow.csv.write_csv(frame, path)
    return path


def as_gzip(frame: pa.Table, path: Path) -> object:
    as_csv(frame, path)
    path.write_bytes(gzip.compress(path.read_bytes(), 1))
    return path


def as_frame(frame: pa.Table, path: Path) -> object:
    return frame


def as_relation(frame: pa.Table, path: Path) -> object:
    return duckdb.from_arrow(frame)


def as_feather(frame: pa.Table, path: Path) -> object:
    pyarrow.feather.write_feather(frame, path.with_suffix(".feather"))
    return path.with_suffix(".feather")


SOURCES = [as_parquet, as_csv, as_gzip, as_frame, as_relation, as_feather]


@pytest.fixture(params=SOURCES, ids=lambda source: source.__name__)
def both(
    request: pytest.FixtureRequest, frame: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Table, Table]:
    make: Callable[[pa.Table, Path], object] = request.param
    source = make(frame, tmp_path / "t")
    small = read_table(source)
    monkeypatch.setattr("heldout.tables.delimited_stream.BLOCK_BYTES", 2**18)
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "3")
    large = read_table(make(frame, tmp_path / "t"))
    assert isinstance(small.columns, dict)
    assert isinstance(large.columns, Columns)
    return small, large


def profile(table: Table) -> Profile:
    return profile_of(table, read_label(table, parse_target("y", table)))


def test_a_large_source_gives_the_columns_of_a_small_one(both: tuple[Table, Table]) -> None:
    small, large = both
    assert large.rows == small.rows
    assert set(large.notes) == set(small.notes)
    assert list(large.columns) == list(small.columns)
    for name, array in small.columns.items():
        assert large.kind(name) is small.kind(name) is kind_of(array), name
        assert large.columns[name].to_pylist() == array.to_pylist(), name
        assert [value for piece in large.pieces(name) for value in piece.to_pylist()] == array.to_pylist()


def test_a_large_source_gives_the_profile_of_a_small_one(both: tuple[Table, Table]) -> None:
    one, other = map(profile, both)
    assert one.label == other.label
    for a, b in zip(one.columns.values(), other.columns.values(), strict=True):
        np.testing.assert_array_equal(a.joint, b.joint)
        for field in ("kind", "nulls", "distinct", "minimum", "maximum", "bins", "equal_to_label", "masses"):
            assert getattr(a, field) == getattr(b, field), (a.name, field)


def test_rows_taken_filtered_and_hashed_are_the_same(both: tuple[Table, Table]) -> None:
    rows = np.array([29_999, 3, 15_000, 3, 0])
    keep = np.arange(ROWS) % 7 == 2
    small, large = ([t, t.take(rows), t.filter(keep), t.without(["key"])] for t in both)
    for one, other in zip(small, large, strict=True):
        assert one.rows == other.rows
        assert list(one.columns) == list(other.columns)
        for name in one.columns:
            assert one.columns[name].to_pylist() == other.columns[name].to_pylist(), name
        np.testing.assert_array_equal(one.row_lanes(one.columns), other.row_lanes(other.columns))
        np.testing.assert_array_equal(one.row_lanes(["level", "ok"]), other.row_lanes(["level", "ok"]))
    assert isinstance(large[1].columns, dict)
    sampled = [sample_of(table, read_label(table, parse_target("y", table)), rows=500)[0] for table in both]
    assert isinstance(sampled[1].columns, dict)
    for name in sampled[0].columns:
        assert sampled[0].columns[name].to_pylist() == sampled[1].columns[name].to_pylist()


def test_an_audit_of_large_tables_says_what_that_of_small_ones_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, ROWS)
    world = pd.DataFrame(
        {
            "user": rng.integers(0, 3000, ROWS),
            "x": rng.normal(size=ROWS) + y,
            "leak": np.where(y == 1, "yes", rng.choice(["no", "maybe"], ROWS)),
            "day": pd.date_range("2024-01-01", periods=ROWS, freq="min"),
            "y": y,
        }
    )
    train, test = tmp_path / "train.parquet", tmp_path / "test.parquet"
    world[:20_000].to_parquet(train, row_group_size=6_000)
    world[19_990:].to_parquet(test, row_group_size=6_000)
    options = {"test": str(test), "target": "y", "time": "day", "entity": "user"}
    small = heldout.audit(str(train), **options)
    monkeypatch.setenv("HELDOUT_MEMORY_MB", "2")
    assert isinstance(read_table(train).columns, Columns)
    large = heldout.audit(str(train), **options)
    assert [finding.answer.claim for finding in large.findings] == [finding.answer.claim for finding in small.findings]
    assert large.facts == small.facts
