"""A few rows of a large file, without reading the rest: for a first look, never for an answer."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from heldout.tables.source import Source

__all__ = ["FIRST_ROWS", "first_rows"]

FIRST_ROWS = 10_000
PLACES = 2
"""Row groups over which the rows are spread: a file is often written in the order of time."""

MOST_BYTES = 32 * 2**20
"""Read of a text file, at most; where that is fewer lines, the look is at fewer."""


@contextlib.contextmanager
def first_rows(source: Source, rows: int = FIRST_ROWS) -> Iterator[Source | None]:
    """Yield a source of about `rows` rows of a file that has more of them; None for anything else.

    Of Parquet they come from several row groups, of a text file from its beginning; compressed texts are not opened.
    """
    path = Path(source) if isinstance(source, str | Path) and "://" not in str(source) else None
    if path is None or not path.is_file():
        yield None
        return
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        yield _of_parquet(path, rows)
    elif start.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        yield None
    else:
        with tempfile.TemporaryDirectory(prefix="heldout-") as folder:
            yield _of_text(path, rows, Path(folder))


def _of_parquet(path: Path, rows: int) -> pa.Table | None:
    with pq.ParquetFile(path, pre_buffer=False) as file:
        if file.metadata.num_rows <= rows:
            return None
        groups = sorted({file.num_row_groups * place // PLACES for place in range(PLACES)})
        batches = []
        for group in groups:
            batches += list(_taken(file, group, -(-rows // len(groups))))
        return pa.Table.from_batches(batches)


def _taken(file: pq.ParquetFile, group: int, rows: int) -> Iterator[pa.RecordBatch]:
    for batch in file.iter_batches(batch_size=rows, row_groups=[group], use_threads=True):
        yield batch.slice(0, rows)
        return


def _of_text(path: Path, rows: int, folder: Path) -> Path | None:
    """Copy the first lines to a file of the same name, so that whatever reads the whole reads these alike."""
    copied = 0
    with path.open("rb") as file, (folder / path.name).open("wb") as part:
        for number, line in enumerate(iter(lambda: file.readline(MOST_BYTES), b"")):
            if number > rows or copied + len(line) > MOST_BYTES:
                return folder / path.name
            copied += part.write(line)
    return None
