"""A few rows of a large file: from several places of Parquet, from the beginning of a text, of nothing else."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from heldout.tables import read_table
from heldout.tables.first_rows import first_rows

ROWS = 900


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "t.parquet"
    table = pa.table({"n": range(ROWS), "x": [f"x{n}" for n in range(ROWS)]})
    pq.write_table(table, path, row_group_size=300)
    return path


def test_rows_of_parquet_come_from_each_part_of_the_file(parquet: Path) -> None:
    with first_rows(parquet, 90) as source:
        assert source is not None
        numbers = source["n"].to_pylist()
    assert numbers == [*range(45), *range(300, 345)]


def test_lines_of_a_text_are_its_first_and_the_copy_is_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("n,x\n" + "".join(f"{n},x{n}\n" for n in range(ROWS)))
    with first_rows(path, 50) as source:
        assert source is not None
        table = read_table(source)
        assert table.rows == 50
        assert Path(source).name == "t.csv"
    assert not Path(source).exists()


def test_there_is_no_look_at_small_files_at_compressed_ones_and_at_frames(parquet: Path, tmp_path: Path) -> None:
    small, zipped = tmp_path / "s.csv", tmp_path / "t.csv.gz"
    small.write_text("n,y\n1,0\n2,1\n")
    zipped.write_bytes(gzip.compress(b"n,y\n" + b"1,0\n" * 999))
    for source in (small, zipped, parquet, tmp_path, tmp_path / "none.csv", pa.table({"n": range(ROWS)})):
        with first_rows(source, ROWS) as found:
            assert found is None
