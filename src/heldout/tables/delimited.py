"""Reads delimited text (CSV and its kin) to Arrow, and says where a file is not what it should be."""

import codecs
import csv
import functools
import io
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv

from heldout.core.errors import BadInput
from heldout.tables.names import shortened

__all__ = [
    "NULL_TEXTS",
    "convert_options",
    "first_lines",
    "not_text",
    "not_utf8",
    "read_delimited",
    "separator_of",
    "unparsable",
]

NULL_TEXTS = ("", "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL")
"""The texts that mean "no value" in every file; more can be given."""

SEPARATORS = (",", ";", "\t", "|")
HEAD = 256 * 1024
LOOK = 50


def read_delimited(
    content: bytes,
    where: str,
    *,
    header: bool = True,
    separator: str | None = None,
    null_texts: Sequence[str] = (),
    choose: Callable[[Sequence[str]], Sequence[str]] | None = None,
    as_written: Callable[[Sequence[str]], Sequence[str]] | None = None,
) -> tuple[pa.Table, str]:
    """Parse `content` and return it with its separator; without a header the columns are named 1, 2, and so on.

    `separator` is sniffed from the first lines when it is None; `choose` picks the columns to keep,
    `as_written` those of them to keep as texts.
    Raises BadInput for content that is empty, holds no row, is not UTF-8, has rows of different lengths, or names two
    columns alike.
    """
    _refuse_other_encodings(content, where)
    names, separator, _ = first_lines(
        content[:HEAD], where, header=header, separator=separator, is_whole=len(content) <= HEAD
    )
    chosen = list(choose(names)) if choose else names
    texts = as_written(chosen) if as_written else ()
    table = _parse(content, where, names, chosen, texts, separator=separator, header=header, null_texts=null_texts)
    if table.num_rows == 0:
        raise BadInput(
            "the file holds a header and no rows",
            where=where,
            expected="at least one row below the header",
            mend="if the first line is data, say --no-header",
        )
    return table, separator


def first_lines(
    start: bytes, where: str, *, header: bool, separator: str | None, is_whole: bool
) -> tuple[list[str], str, list[str]]:
    """Return the names, the separator and the first record, from the first bytes of a text."""
    if not start.strip():
        raise BadInput("the file is empty", where=where, expected="a table with at least one row")
    head = _head(start, is_whole=is_whole)
    separator = separator or _sniff(head)
    first = _first_record(head, separator, where)
    return _names(first, where) if header else [str(i + 1) for i in range(len(first))], separator, first


def _refuse_other_encodings(content: bytes, where: str) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), 2**20):
        try:
            decoder.decode(content[start : start + 2**20], final=start + 2**20 >= len(content))
        except UnicodeDecodeError as error:
            at = max(start + error.start - len(decoder.getstate()[0]), 0)
            raise not_utf8(content[at : at + 1], at, _at(content, at, where)) from error
    if b"\0" in content:
        raise not_text(_at(content, content.index(b"\0"), where))


def not_utf8(byte: bytes, position: int, where: str) -> BadInput:
    """Return the refusal of a text in another encoding."""
    return BadInput(
        f"the file is not UTF-8 text: byte {byte[0]:#04x} at position {position:,}",
        where=where,
        expected="UTF-8 text (or a Parquet file)",
        mend="convert it first, for instance: iconv -f latin1 -t utf-8 FILE > NEW",
    )


def not_text(where: str) -> BadInput:
    """Return the refusal of a file with NUL bytes."""
    return BadInput(
        "the file holds NUL bytes, so it is no text",
        where=where,
        expected="UTF-8 text (or a Parquet file)",
        mend="convert it first, for instance: iconv -f utf-16 -t utf-8 FILE > NEW",
    )


def _at(content: bytes, position: int, where: str) -> str:
    line = content.count(b"\n", 0, position) + 1
    return f"{where}, line {line:,}"


def _head(start: bytes, *, is_whole: bool) -> str:
    """Return the first lines as text, whole lines only where the content goes on."""
    text = start.decode("utf-8-sig", errors="ignore")
    if not is_whole and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    return text


def separator_of(content: bytes) -> str:
    """Return the separator that the beginning of a delimited text is taken to have."""
    return _sniff(_head(content, is_whole=False))


def _records(text: str, separator: str) -> "itertools.chain[list[str]]":
    """Parse records lazily, blank lines left out."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return itertools.chain.from_iterable([row] for row in rows if row)


def _sniff(head: str) -> str:
    """Choose the separator that gives most lines the same number of columns, then the most columns."""

    def merit(separator: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in itertools.islice(_records(head, separator), LOOK))
        except csv.Error:
            return (0.0, 0)
        width, hits = widths.most_common(1)[0] if widths else (0, 0)
        return (hits / widths.total(), width) if width > 1 else (0.0, 0)

    best = max(SEPARATORS, key=merit)
    return best if merit(best) > (0.0, 0) else ","


def _first_record(head: str, separator: str, where: str) -> list[str]:
    try:
        return next(_records(head, separator))
    except (csv.Error, StopIteration) as error:
        raise BadInput(
            "the first line cannot be parsed",
            where=f"{where}, line 1",
            expected=f"names or values separated by {separator!r}",
            mend="check its quotes, or name the separator with --separator",
        ) from error


def _names(first: list[str], where: str) -> list[str]:
    names = [name.strip() or f"(column {i + 1})" for i, name in enumerate(first)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise BadInput(
            f"two columns have the same name: {shortened(map(repr, twice))}",
            where=f"{where}, line 1",
            expected="a header in which each name stands once",
            mend="rename one of them; if the first line is data, say --no-header",
        )
    return names


def _parse(
    content: bytes,
    where: str,
    names: list[str],
    chosen: list[str],
    texts: Sequence[str],
    *,
    separator: str,
    header: bool,
    null_texts: Sequence[str],
) -> pa.Table:
    read = functools.partial(
        pa.csv.read_csv,
        parse_options=pa.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
        convert_options=convert_options(null_texts, chosen, texts),
    )
    options = pa.csv.ReadOptions(column_names=names, skip_rows_after_names=int(header))
    try:
        try:
            return read(pa.BufferReader(content), read_options=options)
        except pa.ArrowInvalid as error:
            if "straddling" not in str(error):
                raise
            options.block_size = len(content)  # a row is longer than a block
            return read(pa.BufferReader(content), read_options=options)
    except (pa.ArrowException, ValueError) as error:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator)
        raise unparsable(rows, where, len(names), separator, error) from error


def convert_options(null_texts: Sequence[str], chosen: list[str], texts: Sequence[str]) -> pa.csv.ConvertOptions:
    """Return how values are read: which mean "no value", and which columns stay texts."""
    nulls = [*NULL_TEXTS, *null_texts]
    return pa.csv.ConvertOptions(
        null_values=[*nulls, *(f" {text}" for text in nulls)],  # many files put a blank after each comma
        strings_can_be_null=True,
        include_columns=chosen,
        column_types=dict.fromkeys(texts, pa.string()),
    )


def unparsable(rows: Any, where: str, width: int, separator: str, error: Exception) -> BadInput:
    """Find the first of csv's `rows` with another number of fields than the first; else say what the parser said."""
    try:
        for row in rows:
            if row and len(row) != width:
                return BadInput(
                    f"line {rows.line_num:,} has {len(row)} fields, the first line has {width}",
                    where=f"{where}, line {rows.line_num:,}",
                    expected=f"{width} fields separated by {separator!r} in every line",
                    mend="quote values that hold the separator, or name another with --separator",
                )
    except csv.Error as refused:
        return BadInput(f"line {rows.line_num:,} cannot be parsed: {refused}", where=f"{where}, line {rows.line_num:,}")
    return BadInput(
        "the file cannot be parsed",
        where=where,
        expected=f"text in columns separated by {separator!r}",
        mend=f"the parser said: {str(error).splitlines()[0]}",
    )
