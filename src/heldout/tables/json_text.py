"""JSON from files that others wrote: one record a line, or one document; bounded, with the line of what is wrong."""

import contextlib
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from heldout.core.errors import BadInput
from heldout.tables.memory import limit_bytes, refuse_above
from heldout.tables.source import said_plainly

__all__ = ["LONGEST_LINE", "json_document", "json_records", "opened", "parsed", "unpacked"]

LONGEST_LINE = 64 * 2**20
"""Bytes of one line of JSON Lines; a longer one is refused before it is parsed."""

TEXT_FACTOR = 8
"""Working memory per byte of a JSON document."""

EXPECTED = "UTF-8 JSON"


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a plain or gzipped file for reading. Raises BadInput where the system refuses."""
    with said_plainly(path, "a file of results"), path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        if start != b"\x1f\x8b":
            yield file
            return
        with gzip.open(file) as unpacked_file:
            yield cast(IO[bytes], unpacked_file)


def json_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of a file with one JSON object a line; blank lines are left out.

    Lines are read one at a time, so whoever keeps records bounds them. Raises BadInput naming the line that is too
    long, not UTF-8, no JSON, nested too deeply, or no object.
    """
    with opened(path) as file:
        for number in range(1, 2**62):
            with unpacked(path):
                raw = file.readline(LONGEST_LINE + 1)
            if not raw:
                return
            if not raw.strip():
                continue
            where = f"{path}, line {number:,}"
            if len(raw) > LONGEST_LINE:
                raise BadInput(
                    "the line is too long", where=where, expected=f"at most {LONGEST_LINE // 2**20} MB in one record"
                )
            record = parsed(raw, where)
            if not isinstance(record, dict):
                raise BadInput(
                    f"the line holds {_kind(record)}",
                    where=where,
                    expected='one JSON object a line, such as {"id": 1, "correct": true}',
                    mend="write each item as an object with names",
                )
            yield number, record


def json_document(path: Path) -> Any:
    """Return the whole file as one JSON value. Raises BadInput as `json_records` does, or for one too large."""
    with opened(path) as file, unpacked(path):
        bound = limit_bytes() // TEXT_FACTOR
        raw = file.read(bound + 1)
    refuse_above(len(raw) * TEXT_FACTOR, str(path), f"its JSON is {len(raw):,} bytes or more")
    return parsed(raw, str(path))


def parsed(raw: bytes, where: str) -> Any:
    """Parse one JSON text. Raises BadInput for text that is not UTF-8, no JSON, or nested too deeply."""
    try:
        return DECODER.decode(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(
            f"the file is not UTF-8 text: byte {raw[error.start]:#04x}",
            where=where,
            expected=EXPECTED,
            mend="convert it first, for instance: iconv -f latin1 -t utf-8 FILE > NEW",
        ) from error
    except json.JSONDecodeError as error:
        place = f", line {error.lineno:,}" if raw.count(b"\n", 0, max(len(raw) - 1, 0)) else ""
        raise BadInput(
            f"this is no JSON: {error.msg}",
            where=f"{where}{place}, column {error.colno:,}",
            expected=EXPECTED,
            mend="if the file was cut, write or copy it again",
        ) from error
    except _TwiceError as error:
        raise BadInput(
            f"an object has the name {str(error)[:60]!r} twice",
            where=where,
            expected="each name once: which of the values counts is anybody's guess",
            mend="write each value under a name of its own",
        ) from error
    except RecursionError as error:
        raise BadInput("the JSON is nested too deeply", where=where, expected="a few levels") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise BadInput(
            f"a number cannot be read: {error}", where=where, expected="numbers of up to 4,300 digits"
        ) from (error)


class _TwiceError(ValueError):
    """A name that stands twice in one JSON object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for place, name in enumerate(names) if name in names[:place]))
    return found


DECODER = json.JSONDecoder(object_pairs_hook=_object)


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[None]:
    """Turn what gzip refuses into BadInput."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(
            f"the gzip file cannot be unpacked: {error}",
            where=str(path),
            expected="a whole gzip file",
            mend="write or copy it again",
        ) from error


def _kind(value: Any) -> str:
    return "null" if value is None else f"a {type(value).__name__} and no object"
