"""Texts that a model was trained on, in pieces that fit into memory: plain text, JSON Lines, Parquet."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from heldout.core.errors import BadInput
from heldout.tables.json_text import unpacked
from heldout.tables.ngrams import SEPARATOR
from heldout.tables.source import said_plainly

__all__ = ["pieces_of", "refuse_unreadable"]

PIECE = 4 * 2**20
"""Bytes that are hashed at a time."""

OVERLAP = 2_000
"""Bytes of a plain text that the next piece repeats, so that a run of words across the cut is seen."""

BLANK = b" \t\r\n" + bytes([SEPARATOR])

FIELD = "text"
EXPECTED = "a file of plain text, JSON Lines or Parquet, which may be gzipped but for Parquet"


def refuse_unreadable(paths: Iterable[str]) -> None:
    """Raise BadInput for a file that cannot be opened, before the first of them is read."""
    for path in paths:
        with said_plainly(Path(path), EXPECTED), Path(path).open("rb"):
            pass


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield the texts of a file in pieces, SEPARATOR between records; of records the field `text`, else all texts.

    Raises BadInput for a file that cannot be read.
    """
    with said_plainly(path, EXPECTED), path.open("rb") as file:
        start = file.read(4)
    names = [suffix.lower() for suffix in path.suffixes]
    if start == b"PAR1":
        pieces = _gathered(_of_parquet(path))
    elif ".jsonl" in names or ".ndjson" in names:
        pieces = _gathered(_of_lines(path, start))
    else:
        pieces = _of_text(path, start)
    is_empty = True
    for piece in pieces:
        is_empty = is_empty and not piece.strip(BLANK)
        yield piece
    if is_empty:
        raise BadInput("the corpus holds no text", where=str(path), expected=EXPECTED, mend="name another file")


def _opened(path: Path, start: bytes) -> Any:
    return gzip.open(path, "rb") if start.startswith(b"\x1f\x8b") else path.open("rb")


def _of_text(path: Path, start: bytes) -> Iterator[bytes]:
    tail = b""
    with said_plainly(path, EXPECTED), unpacked(path), _opened(path, start) as file:
        while block := file.read(PIECE):
            if b"\0" in block:
                raise BadInput(
                    "the corpus holds NUL bytes, so it is no text",
                    where=str(path),
                    expected=EXPECTED,
                    mend="name the texts themselves; other encodings first become UTF-8",
                )
            piece = tail + block
            yield piece
            tail = piece[-OVERLAP:].partition(b" ")[2]


def _of_lines(path: Path, start: bytes) -> Iterator[str]:
    with said_plainly(path, EXPECTED), unpacked(path), _opened(path, start) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, nested too deeply
                raise BadInput(
                    "the corpus holds a line that is no JSON",
                    where=f"{path}, line {number:,}",
                    expected=f"one JSON object per line, its text under {FIELD!r}",
                    mend="mend the line, or name the file .txt to read it as it stands",
                ) from error
            yield from _texts(record)


def _texts(record: object) -> list[str]:
    if isinstance(record, str):
        return [record]
    if not isinstance(record, dict):
        return []
    if isinstance(record.get(FIELD), str):
        return [record[FIELD]]
    return [value for value in record.values() if isinstance(value, str)]


def _of_parquet(path: Path) -> Iterator[str]:
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            names = [field.name for field in schema if field.type in (pa.string(), pa.large_string())]
            names = [FIELD] if FIELD in names else names
            if not names:
                raise BadInput("the corpus has no column of texts", where=str(path), expected=f"a column {FIELD!r}")
            for batch in file.iter_batches(batch_size=1024, columns=names):
                for column in batch.columns:
                    yield from (text for text in column.to_pylist() if text is not None)
    except (pa.ArrowException, OSError) as error:
        raise BadInput(
            "the Parquet file is damaged or incomplete",
            where=str(path),
            expected=EXPECTED,
            mend=f"write or copy it again; the reader said: {str(error).splitlines()[0]}",
        ) from error


def _gathered(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield texts in pieces of about PIECE bytes; a longer text is cut, with an overlap."""
    gap = bytes([SEPARATOR])
    gathered, size = [], 0
    for text in texts:
        raw = text.encode("utf-8", "replace")
        for at in range(0, max(len(raw), 1), PIECE):
            part = raw[max(at - OVERLAP, 0) : at + PIECE]
            gathered.append(part)
            size += len(part)
            if size >= PIECE:
                yield gap.join(gathered)
                gathered, size = [], 0
    if gathered:
        yield gap.join(gathered)
