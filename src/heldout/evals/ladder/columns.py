"""What the references may use of a brief's table: its known columns by type, and the late ones that tell the label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.types as pt
from numpy.typing import NDArray

from heldout.evals.authoring.labels import labels_of
from heldout.evals.brief import OpenBrief
from heldout.evals.parquet import read_table

__all__ = ["Columns", "columns_of", "narrow"]

TELLING = 0.2
"""A column that is not known in time is used to leak where it goes along with the label this closely."""
MOST_LEAKS = 3
MOST_COLUMNS = 120
FEWEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The known columns by type, without key and target, and the numbers of the training table that come too late."""

    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    times: tuple[str, ...]
    late: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All known columns."""
        return (*self.numbers, *self.texts, *self.times)

    def only(self, names: Sequence[str]) -> "Columns":
        """Return those among `names`."""
        kept = {kind: tuple(name for name in getattr(self, kind) if name in names) for kind in KINDS}
        return Columns(**kept, late=self.late)


KINDS = ("numbers", "texts", "times")


def columns_of(opened: OpenBrief) -> Columns:
    """Return what can be used of the training table. Raises BadInput where it cannot be read."""
    data = opened.brief.data
    train = read_table(opened.file(data.train.path))
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for name in [name for name in data.known_at_prediction if name not in (data.key, data.target)][:MOST_COLUMNS]:
        kind = _kind(train.schema.field(name).type)
        if kind:
            found[kind].append(name)
    label = labels_of(train.column(data.target), data.positive)
    unknown = [name for name in train.column_names if name not in opened.brief.available | {data.target}]
    told = {name: _along(train, name, label) for name in unknown}
    late = sorted((name for name in unknown if told[name] >= TELLING), key=lambda name: -told[name])[:MOST_LEAKS]
    return Columns(**{kind: tuple(names) for kind, names in found.items()}, late=tuple(late))


def narrow(opened: OpenBrief, columns: Columns, of_baseline: Sequence[str]) -> Columns:
    """Return the small part of the columns that a mediocre reference uses; the final rows are not looked at.

    Those that the baseline uses, where they are less than half of the known ones; else the half that tells least of
    the label one by one, on the training table.
    """
    shared = [name for name in columns.names if name in of_baseline]
    if shared and 2 * len(shared) <= len(columns.names):
        return columns.only(shared)
    data = opened.brief.data
    train = read_table(opened.file(data.train.path))
    label = labels_of(train.column(data.target), data.positive)
    told = {name: _told(train, name, label) for name in columns.names}
    least = sorted(columns.names, key=lambda name: told[name])
    return columns.only(least[: max(len(least) // 2, 1)])


def _kind(kind: pa.DataType) -> str:
    if pt.is_integer(kind) or pt.is_floating(kind) or pt.is_boolean(kind) or pt.is_decimal(kind):
        return "numbers"
    if pt.is_timestamp(kind) or pt.is_date(kind):
        return "times"
    return "texts" if pt.is_string(kind) or pt.is_large_string(kind) or pt.is_dictionary(kind) else ""


def _along(train: pa.Table, name: str, label: NDArray[np.float64]) -> float:
    """Return the |correlation| of a number with the label; 0 for anything else."""
    if _kind(train.schema.field(name).type) != "numbers":
        return 0.0
    return _correlation(labels_of(train.column(name), None), label)


def _told(train: pa.Table, name: str, label: NDArray[np.float64]) -> float:
    """Return how much a column alone tells: the |correlation| of a number, or of the mean by its values."""
    kind = _kind(train.schema.field(name).type)
    if kind == "numbers":
        return _correlation(labels_of(train.column(name), None), label)
    if kind == "times":
        return 0.0
    codes = train.column(name).combine_chunks().cast(pa.string()).dictionary_encode(null_encoding="encode").indices
    code = np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)
    known = ~np.isnan(label)
    rows = np.bincount(code[known], minlength=int(code.max(initial=0)) + 1)
    mean = np.bincount(code[known], label[known], rows.size) / np.maximum(rows, 1)
    groups = int((rows > 0).sum())
    spread = float(np.var(label[known])) or 1.0
    explained = float(np.var(mean[code[known]])) / spread - groups / max(int(known.sum()), 1)  # what chance explains
    return float(np.sqrt(max(explained, 0.0)))


def _correlation(values: NDArray[np.float64], label: NDArray[np.float64]) -> float:
    both = np.isfinite(values) & ~np.isnan(label)
    if both.sum() < FEWEST or not np.ptp(values[both]) or not np.ptp(label[both]):
        return 0.0
    return abs(float(np.corrcoef(values[both], label[both])[0, 1]))
