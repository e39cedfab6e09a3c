"""Which split a table asks for, and why."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from heldout.core.profile import ColumnKind, LabelKind
from heldout.tables.agreement import in_row_order
from heldout.tables.entity_hints import EntityHint, entity_hints
from heldout.tables.hashing import repeated
from heldout.tables.label import Label
from heldout.tables.names import shortened
from heldout.tables.overlap import row_ids
from heldout.tables.table import Table
from heldout.tables.time_hints import date_parts, time_hints

__all__ = ["SplitAdvice", "Structure", "split_advice"]

IN_ORDER = 0.25
"""From this excess of agreement on, neighbouring rows are said to belong together."""

LEAST_KEYED = 0.5
"""A key with values in a smaller share of the rows is told, and no split is advised by it: most rows have none."""

REPEATS = 0.005
"""From this share of repeated rows on, a random split has to keep equal rows together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What a table shows that matters for splitting it.

    `times` are columns that hold times (`holds_times` tells whether one does) or whose names say so, the likeliest
    first; `date_parts` are a year with its months or days, where their names say so; `repeated` of
    `rows` equal another row (target included, row numbers left out).
    """

    entities: tuple[EntityHint, ...]
    times: tuple[str, ...]
    holds_times: bool
    date_parts: tuple[str, ...]
    row_order: str
    is_sorted: bool
    repeated: int
    rows: int

    @property
    def entity(self) -> EntityHint | None:
        """The likeliest key that most rows have."""
        return next((hint for hint in self.entities if hint.rows >= LEAST_KEYED * self.rows), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitAdvice:
    """The split to use and why, each as a phrase, and the structure that it rests on."""

    split: str
    why: str
    structure: Structure


def split_advice(
    table: Table, label: Label, *, time: str | None = None, entity: str | None = None, ignored: Collection[str] = ()
) -> SplitAdvice:
    """Advise a split from the declared `time` and `entity`, else from what the table shows.

    `ignored` columns give no hints: those that hold the answer are known too late to split by.
    """
    times = time_hints(table, label, ignored)
    row_order, is_sorted = _row_order(label)
    structure = Structure(
        entities=entity_hints(table, label, ignored),
        times=times,
        holds_times=any(table.kind(name) is ColumnKind.TIME for name in times),
        date_parts=date_parts(name for name in table.columns if name not in {*label.columns, *ignored}),
        row_order=row_order,
        is_sorted=is_sorted,
        repeated=_repeated(table),
        rows=table.rows,
    )
    split, why = _advised(structure, time, entity)
    return SplitAdvice(split=split, why=why, structure=structure)


def _advised(found: Structure, time: str | None, entity: str | None) -> tuple[str, str]:
    hint = found.entity
    key, key_why = (entity, "it was declared") if entity else (hint.key, hint.why) if hint else ("", "")
    if time or found.holds_times or found.date_parts:
        also = f"; each {key} on one side if the model is to meet new ones" if key else ""
        by, said = _by_time(found, time)
        return f"forward in time by {by}{also}", f"{said}, and a model is used on rows that come after those it saw"
    if key:
        why = f"{key_why}; a model that has met an entity is right about it too easily"
        return f"by group: each {key} on one side", why
    if found.times:
        return f"forward in time by {shortened(found.times, 3)}", "their names say when a row happened"
    if found.row_order and not found.is_sorted:
        return "forward in the order of the rows", f"{found.row_order}: they may stand in the order of time"
    if found.repeated > REPEATS * found.rows:
        return "at random, equal rows on one side", f"{found.repeated:,} rows equal another, and would be on both sides"
    return "at random, stratified by the target", "nothing found that ties rows together; declare it if you know better"


def _by_time(found: Structure, time: str | None) -> tuple[str, str]:
    """Return what orders the rows in time, and how that is known."""
    if time:
        return time, "it was declared"
    if found.holds_times:
        return shortened(found.times, 1), "the table holds times"
    return f"{', '.join(found.date_parts)}, put into one column", "their names are those of the parts of a date"


def _row_order(label: Label) -> tuple[str, bool]:
    """Say how neighbouring rows agree where they do, and whether that is because the rows are sorted by the target."""
    agreement = in_row_order(label)
    if not agreement.is_marked or agreement.excess < IN_ORDER:
        return "", False
    if label.kind is LabelKind.REGRESSION:
        is_sorted = bool(
            (np.diff(label.values[label.known]) >= 0).all() or (np.diff(label.values[label.known]) <= 0).all()
        )
        return f"neighbouring rows correlate by {agreement.excess:.2f} in the target", is_sorted
    known = label.codes[label.known]
    changes = int((known[1:] != known[:-1]).sum())
    if changes < 2 * len(label.classes):
        return "the rows are sorted by the target", True
    alike = 1 - changes / (len(known) - 1)
    expected = float(((np.bincount(known) / len(known)) ** 2).sum())
    return f"neighbouring rows share the target in {alike:.0%} of cases, {expected:.0%} by chance", False


def _repeated(table: Table) -> int:
    ids = row_ids(table)
    names = [name for name in table.columns if name not in ids]
    return int(repeated(table.row_lanes(names)).sum())
