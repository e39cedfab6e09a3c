"""Delimited text larger than memory: checked and parsed block by block, each column typed once all of it was seen."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import IO

import pyarrow as pa
import pyarrow.csv

from heldout.core.errors import BadInput
from heldout.tables.delimited import NULL_TEXTS, convert_options, first_lines, not_text, not_utf8, unparsable
from heldout.tables.memory import VARIABLE, limit_bytes
from heldout.tables.spool import Gathering
from heldout.tables.streams import gathered
from heldout.tables.texts import retyped

__all__ = ["stream_delimited"]

BLOCK_BYTES = 2**24
"""Types are guessed from the first block; a column that turns out otherwise is read again as text."""

SINGLE_FAILURES = 3
"""From this many columns on that turned out otherwise, all columns that were guessed are read as text."""

COLUMN = re.compile(r"In CSV column #(\d+)")

Open = Callable[[], AbstractContextManager[IO[bytes]]]
Choose = Callable[[Sequence[str]], Sequence[str]]


def stream_delimited(
    opened: Open,
    where: str,
    *,
    header: bool,
    separator: str | None,
    null_texts: Sequence[str],
    choose: Choose | None,
) -> tuple[Gathering, list[str]]:
    """Parse text that `opened` opens anew each time, and return its columns and notes.

    It gives what `read_delimited` and `retyped` give for smaller text, and refuses the same.
    """
    with opened() as file:
        head = file.read(2**18)
        names, separator, _ = first_lines(head, where, header=header, separator=separator, is_whole=len(head) < 2**18)
    chosen = list(choose(names)) if choose else names
    texts: set[str] = set()
    failures, block = 0, BLOCK_BYTES
    while True:
        with opened() as file:
            stream = _Checked(file, where)
            try:
                reader = pa.csv.open_csv(
                    pa.PythonFile(stream, mode="r"),
                    read_options=pa.csv.ReadOptions(
                        column_names=names, skip_rows_after_names=int(header), block_size=block
                    ),
                    parse_options=pa.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
                    convert_options=convert_options(null_texts, chosen, sorted(texts)),
                )
                unsettled = {field.name for field in reader.schema if pa.types.is_null(field.type)} - texts
                if unsettled:  # no value in the first block tells their type
                    texts |= unsettled
                    continue
                gathering, notes = gathered(reader, where, (*NULL_TEXTS, *null_texts))
                break
            except (pa.ArrowException, ValueError) as error:
                if stream.refused is not None:
                    raise stream.refused from error
                if "straddling" in str(error):  # a row that is longer than a block
                    block = _longer(block, where)
                    continue
                failed = COLUMN.search(str(error))
                name = names[int(failed[1])] if failed else ""
                if not failed or name in texts:
                    raise _explained(opened, where, len(names), separator, error) from error
                failures += 1
                texts |= {name} if failures < SINGLE_FAILURES else set(names)
    if not gathering.rows:
        raise BadInput(
            "the file holds a header and no rows",
            where=where,
            expected="at least one row below the header",
            mend="if the first line is data, say --no-header",
        )
    return gathering, [*notes, *_retype(gathering, decimal_comma=separator == ";")]


def _longer(block: int, where: str) -> int:
    most = limit_bytes() // 4
    if block >= most:
        raise BadInput(
            f"a row of the file is longer than {most // 2**20:,} MB",
            where=where,
            expected="rows that fit the memory bound",
            mend=f"look for a quote that is not closed, or raise {VARIABLE}",
        )
    return min(block * 8, most)


def _retype(gathering: Gathering, *, decimal_comma: bool) -> Iterator[str]:
    columns = gathering.done()
    for name in list(gathering.columns):
        if pa.types.is_dictionary(gathering.columns[name].type):
            array, note = retyped(columns[name], decimal_comma=decimal_comma)
            if not pa.types.is_dictionary(array.type):
                gathering.replace(name, array)
            if note:
                yield f"{name} {note}"


class _Checked(io.RawIOBase):
    """A stream that refuses what is no UTF-8 text, and keeps the reason: Arrow passes on only that reading failed."""

    def __init__(self, file: IO[bytes], where: str) -> None:
        super().__init__()
        self.file, self.where = file, where
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.position = self.lines = 0
        self.refused: BadInput | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            content = self.file.read(size)
            self._check(content)
        except BadInput as refused:
            self.refused = refused
            raise ValueError(refused.what) from refused
        return content

    def _check(self, content: bytes) -> None:
        pending = len(self.decoder.getstate()[0])
        try:
            self.decoder.decode(content, final=not content)
        except UnicodeDecodeError as error:
            at = max(error.start - pending, 0)
            line = self.lines + content.count(b"\n", 0, at) + 1
            raise not_utf8(content[at : at + 1] or b"\0", self.position + at, f"{self.where}, line {line:,}") from error
        if b"\0" in content:
            line = self.lines + content.count(b"\n", 0, content.index(b"\0")) + 1
            raise not_text(f"{self.where}, line {line:,}")
        self.lines += content.count(b"\n")
        self.position += len(content)


def _explained(opened: Open, where: str, width: int, separator: str, error: Exception) -> BadInput:
    with opened() as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        return unparsable(csv.reader(text, delimiter=separator), where, width, separator, error)
