"""What a holdout could tell of its labels beside its features: in ids, in the order of rows, in its files' metadata.

This module makes the tables that checks are asked about, and looks at metadata; `app.eval_holdout` asks them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from numpy.typing import NDArray

from heldout.evals.brief import OpenBrief
from heldout.evals.parquet import read_table
from heldout.evals.predictions import read_keys

__all__ = ["LABEL", "HoldoutFinding", "holdout_parts", "key_traces", "labelled", "metadata_findings", "shared_keys"]

ENDS = (1, 2, 3)
"""So many characters at either end of an id are looked at."""
LABEL = "heldout_label"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutFinding:
    """What is wrong with a holdout: in which part, what was found, how to mend it; `code` of the check that found it.

    `refuses` is False for what a person should know and no more.
    """

    part: str
    claim: str
    mend: str
    code: str = ""
    refuses: bool = True


def holdout_parts(opened: OpenBrief) -> tuple[str, ...]:
    """Return the parts that a holdout has."""
    return ("feedback", "final") if opened.brief.data.feedback else ("final",)


def labelled(opened: OpenBrief, part: str) -> pa.Table:
    """Return the features of a part in the order in which they lie there, with the label as the target's column.

    The label is 0 or 1 where the brief names a positive class, else the target's number; null where unknown.
    """
    data = opened.brief.data
    path = opened.file(getattr(data, part).path)
    if part == "train":
        train = read_table(path)
        place = train.column_names.index(data.target)
        return train.set_column(place, data.target, _label(train.column(data.target).combine_chunks(), data.positive))
    answers = opened.answers_file(part)
    at = pc.index_in(read_keys(path, data.key), value_set=read_keys(answers, data.key))
    target = read_table(answers, [data.target]).column(0).combine_chunks().take(at)
    return read_table(path).append_column(data.target, _label(target, data.positive))


def _label(column: pa.Array, positive: str | float | bool | None) -> pa.Array:
    if positive is None:
        return column.cast(pa.float64())
    return pc.equal(column, pa.scalar(positive).cast(column.type)).cast(pa.int64())


def key_traces(opened: OpenBrief, part: str) -> pa.Table:
    """Return what an id and a place in the file could tell: columns of it, and the label (0, 1 or a number) last.

    The id itself, its length, its characters at either end, its remainders; the row's number modulo small numbers.
    """
    data = opened.brief.data
    features = opened.file(getattr(data, part).path)
    keys = read_keys(features, data.key)
    given = read_table(features, [data.key]).column(0).combine_chunks()
    names = {f"{data.key}": given, f"{data.key} (length)": pc.utf8_length(keys).cast(pa.int64())}
    for size in ENDS:
        names[f"{data.key} (first {size})"] = pc.utf8_slice_codeunits(keys, 0, size)
        names[f"{data.key} (last {size})"] = pc.utf8_slice_codeunits(keys, -size, None)
    if pa.types.is_integer(given.type):
        number = np.asarray(given.to_numpy(zero_copy_only=False)).astype(np.int64)
        for modulus in (2, 3, 10):
            names[f"{data.key} (modulo {modulus})"] = _texts(number % modulus)
    place = np.arange(len(keys))
    for modulus in (2, 3, 10):
        names[f"(row number modulo {modulus})"] = _texts(place % modulus)
    label = labelled(opened, part).column(data.target)
    made = pa.table(names | {LABEL: label})
    return made.filter(pc.is_valid(label))


def _texts(numbers: NDArray[np.int64]) -> pa.Array:
    return pa.array([f"r{number}" for number in numbers.tolist()])


def metadata_findings(opened: OpenBrief) -> list[HoldoutFinding]:
    """Return what the Parquet files of the holdout say beside their columns: index, notes of whoever wrote them."""
    found = []
    for part in holdout_parts(opened):
        path = opened.file(getattr(opened.brief.data, part).path)
        for where, names in _metadata(path):
            found.append(
                HoldoutFinding(
                    part=part,
                    code="metadata",
                    claim=f"{path.name} carries metadata {where}: {', '.join(names)}; it may say what the label is, or "
                    "from which rows of the source the holdout was taken",
                    mend="write the table without metadata, as `heldout eval new` does",
                )
            )
        index = [name for name in pyarrow.parquet.read_schema(path).names if name.startswith("__index_level_")]
        if index:
            found.append(
                HoldoutFinding(
                    part=part,
                    code="metadata",
                    claim=f"{path.name} holds the row numbers of its source as {index[0]}",
                    mend="write the table without its index",
                )
            )
    return found


def _metadata(path: Path) -> list[tuple[str, Sequence[str]]]:
    with pyarrow.parquet.ParquetFile(path) as file:
        schema, written = file.schema_arrow, file.metadata.metadata or {}
    # ARROW:schema repeats the columns' types, and whatever was said of them, which stands below too
    of_file = sorted(name.decode(errors="replace") for name in written if name != b"ARROW:schema")
    found: list[tuple[str, Sequence[str]]] = [("of the file", of_file)] if of_file else []
    for field in schema:
        said = sorted(name.decode(errors="replace") for name in field.metadata or {} if name != b"PARQUET:field_id")
        if said:
            found.append((f"of the column {field.name}", said))
    return found


def shared_keys(opened: OpenBrief) -> list[HoldoutFinding]:
    """Return the parts that share ids: a holdout row that is in another part too is no holdout row."""
    data = opened.brief.data
    parts = ("train", *holdout_parts(opened))
    keys = {part: read_keys(opened.file(getattr(data, part).path), data.key) for part in parts}
    found = []
    for place, one in enumerate(parts):
        for other in parts[place + 1 :]:
            shared = int(pc.sum(pc.is_in(keys[other], value_set=keys[one])).as_py() or 0)
            if shared:
                found.append(
                    HoldoutFinding(
                        part=other,
                        code="keys",
                        claim=f"{shared:,} of its {len(keys[other]):,} rows have an id that {one} has too",
                        mend="put each row in one part, with ids that are unique over all of them",
                    )
                )
    return found
