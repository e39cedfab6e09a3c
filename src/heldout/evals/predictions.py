"""The one table schema of predictions: a key and a finite number for every row, once; read without trust.

The grader and the candidate's `eval check` read by this module, in a limited process that holds no labels. A file is
text or Parquet; nothing is unpickled, and no size that a file declares is believed before it is bounded.
"""

import functools
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.evals.parquet import read_table

__all__ = ["NAMES", "PREDICTION", "predictions_file", "read_keys", "read_predictions"]

Reader = Callable[[Path, str], tuple[pa.Array, NDArray[np.float64]]]
PREDICTION = "prediction"
NAMES = ("predictions.parquet", "predictions.csv", "predictions.jsonl")
BASE_BYTES = 1 << 20
BYTES_PER_ROW = 512
MAX_CELL = 64
LARGEST = 1e150
"""A regression's largest |prediction|: its square still sums over any table without overflow."""
NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
"""A number as JSON writes it: no NaN, no infinity, no 1_000, no full-width digits, no blanks."""
MEND = "write the key and the prediction of every row once; docs/guide/submission.md shows how"


def predictions_file(folder: Path) -> Path:
    """Return the only predictions file in `folder`. Raises BadInput when there is none, several, or it is no file."""
    found = [name for name in NAMES if os.path.lexists(folder / name)]
    if len(found) != 1:
        raise _refused(f"{' and '.join(found)} were written" if found else "no predictions were written", folder)
    if not stat.S_ISREG((folder / found[0]).lstat().st_mode):
        raise _refused(f"{found[0]} is not a regular file", folder)
    return folder / found[0]


def read_keys(table: Path, key: str) -> pa.Array:
    """Return the key column of a Parquet table as text. Raises BadInput unless it is whole numbers or text, unique."""
    keys = _as_text(read_table(table, [key]).column(0).combine_chunks())
    if keys is None or keys.null_count or pc.count_distinct(keys).as_py() != len(keys):
        raise BadInput(
            f"{table.name}: {key} does not name its rows",
            where=f"column {key}",
            expected="whole numbers or text, unique, none missing",
            mend="give every row an id of its own",
        )
    return keys


def read_predictions(path: Path, *, key: str, keys: pa.Array, is_probability: bool) -> NDArray[np.float64]:
    """Return the predictions of shape (n,) in the order of `keys`, text of shape (n,).

    Keys are compared byte by byte; order is free. Raises BadInput for a file that breaks the schema: other columns or
    types, a number that is not finite or out of range, a key that is missing, foreign or there twice, or a size beyond
    what the rows need.
    """
    limit = BASE_BYTES + BYTES_PER_ROW * len(keys)
    size = path.stat().st_size
    if size > limit:
        raise _refused(f"{path.name} is {size:,} bytes", path, f"at most {limit:,} bytes for {len(keys):,} rows")
    readers: dict[str, Reader] = {
        ".csv": _read_csv,
        ".jsonl": _read_jsonl,
        ".parquet": functools.partial(_read_parquet, rows=len(keys)),
    }
    if path.suffix not in readers:
        raise _refused(f"{path.name} has an unknown format", path, ", ".join(NAMES))
    try:
        given, values = readers[path.suffix](path, key)
    except (OSError, pa.ArrowException, ValueError, OverflowError, RecursionError) as error:
        raise _refused(f"{path.name} cannot be read: {_first_line(error)}", path) from None
    _check_values(path, given, values, is_probability=is_probability)
    return _in_order(path, keys, given, values)


def _read_csv(path: Path, key: str) -> tuple[pa.Array, NDArray[np.float64]]:
    content = path.read_bytes()
    if content.startswith(b"\xef\xbb\xbf") or b"\0" in content:
        raise _refused(f"{path.name} holds a byte order mark or a NUL", path, "plain UTF-8")
    table = pyarrow.csv.read_csv(
        pa.BufferReader(content),
        read_options=pyarrow.csv.ReadOptions(use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={key: pa.string(), PREDICTION: pa.string()}, null_values=[], strings_can_be_null=False
        ),
    )
    _check_columns(path, table.column_names, key)
    return table.column(key).combine_chunks(), _numbers(path, table.column(PREDICTION).combine_chunks())


def _numbers(path: Path, text: pa.Array) -> NDArray[np.float64]:
    is_number = pc.and_(pc.match_substring_regex(text, NUMBER), pc.less_equal(pc.binary_length(text), MAX_CELL))
    if not pc.all(is_number, min_count=0).as_py():
        row = pc.index(is_number, False).as_py()
        raise _refused(f"{path.name}: {_shown(text[row].as_py())} is not a number", path, row=row)
    return np.asarray(pc.cast(text, pa.float64()), dtype=np.float64)


class _Literal(str):
    """A JSON number as it was written, so that no digit of it is lost or taken as another's."""

    __slots__ = ()


AS_WRITTEN: Any = {"parse_float": _Literal, "parse_int": _Literal, "parse_constant": _Literal}


def _read_jsonl(path: Path, key: str) -> tuple[pa.Array, NDArray[np.float64]]:
    keys: list[str] = []
    values: list[str] = []
    lines = path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    for number, line in enumerate(lines):
        row = json.loads(line, object_pairs_hook=list, **AS_WRITTEN)
        names = [pair[0] for pair in row] if isinstance(row, list) and all(isinstance(p, tuple) for p in row) else []
        _check_columns(path, names, key, row=number)
        given: dict[str, Any] = dict(row)
        if not isinstance(given[key], str) or not isinstance(given[PREDICTION], _Literal):
            raise _refused(f"{path.name}: a key is text or a whole number, a prediction a number", path, row=number)
        keys.append(given[key])
        values.append(given[PREDICTION])
    return pa.array(keys, pa.string()), _numbers(path, pa.array(values, pa.string()))


def _read_parquet(path: Path, key: str, *, rows: int) -> tuple[pa.Array, NDArray[np.float64]]:
    with pyarrow.parquet.ParquetFile(path, thrift_string_size_limit=1 << 20) as file:
        if file.metadata.num_rows != rows:
            raise _refused(f"{path.name} has {file.metadata.num_rows:,} rows", path, f"{rows:,} rows")
        _check_columns(path, file.schema_arrow.names, key)
        kind = file.schema_arrow.field(PREDICTION).type
        if not (pa.types.is_floating(kind) or pa.types.is_integer(kind)):
            raise _refused(f"{path.name}: {PREDICTION} is of type {kind}", path, "a float or a whole number")
        table = file.read(columns=[key, PREDICTION], use_threads=False)
        table.validate(full=True)  # that text is text, and no index leads out of a dictionary
    keys = _as_text(table.column(key).combine_chunks())
    values = table.column(PREDICTION).combine_chunks()
    if keys is None or keys.null_count or values.null_count:
        raise _refused(f"{path.name} has nulls, or a key that is no text or whole number", path)
    return keys, np.asarray(values.cast(pa.float64()), dtype=np.float64)


def _as_text(column: pa.Array) -> pa.Array | None:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return column.cast(pa.string()) if is_text or pa.types.is_integer(kind) else None


def _check_columns(path: Path, names: list[str], key: str, row: int | None = None) -> None:
    if sorted(names) != sorted((key, PREDICTION)):
        shown = ", ".join(_shown(name) for name in names[:6]) or "none"
        raise _refused(f"{path.name}: its columns are {shown}", path, f"{key} and {PREDICTION}, once each", row=row)


def _check_values(path: Path, keys: pa.Array, values: NDArray[np.float64], *, is_probability: bool) -> None:
    low, high = (0.0, 1.0) if is_probability else (-LARGEST, LARGEST)
    wrong = np.flatnonzero(~((values >= low) & (values <= high)))  # NaN fails both comparisons
    if wrong.size:
        row = int(wrong[0])
        expected = f"finite numbers from {low:g} to {high:g}"
        what = f"{path.name}: the prediction of {_shown(keys[row].as_py())} is {values[row]:g} ({wrong.size:,} such)"
        raise _refused(what, path, expected, row=row)


def _in_order(path: Path, keys: pa.Array, given: pa.Array, values: NDArray[np.float64]) -> NDArray[np.float64]:
    distinct = pc.count_distinct(given).as_py()
    if distinct != len(given):
        counts = pc.value_counts(given)
        twice = counts.filter(pc.greater(counts.field("counts"), 1))[0]["values"].as_py()
        raise _refused(f"{path.name}: {len(given) - distinct:,} keys are there again, such as {_shown(twice)}", path)
    foreign = given.filter(pc.invert(pc.is_in(given, value_set=keys)))
    if len(foreign):
        what = f"{path.name}: {len(foreign):,} keys are none of the table's, such as {_shown(foreign[0].as_py())}"
        raise _refused(what, path, "the keys byte by byte as the features have them")
    place = pc.index_in(keys, value_set=given)
    if place.null_count:
        absent = keys.filter(pc.is_null(place))
        raise _refused(f"{path.name}: {len(absent):,} keys are missing, such as {_shown(absent[0].as_py())}", path)
    ordered: NDArray[np.float64] = values[np.asarray(place)]
    return ordered


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 40 else text[:37] + "...")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _refused(what: str, path: Path, expected: str = "", *, row: int | None = None) -> BadInput:
    where = path.name if row is None else f"{path.name}, data row {row} (first is 0)"
    return BadInput(what, where=where, expected=expected or "one key and one finite number a row", mend=MEND)
