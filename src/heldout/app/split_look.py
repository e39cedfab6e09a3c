"""What a split looks at, as arrays: labels, times, keys and copies of the rows that can be placed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.app.split_rule import Chosen
from heldout.core.errors import BadInput
from heldout.core.profile import LabelKind
from heldout.core.split_manifest import DroppedRows
from heldout.splits import ToPlace, joined, strata_of
from heldout.tables import Label
from heldout.tables.order import DAY
from heldout.tables.shown import shown_number, shown_time
from heldout.tables.to_split import SplitSource

__all__ = ["Looked", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The rows that can be placed (`at`, their numbers in the table) with all that placing and telling takes."""

    at: NDArray[np.int64]
    label: Label
    times: NDArray[np.float64] | None
    is_time: bool
    entity: NDArray[np.int64] | None
    to_place: ToPlace
    dropped: tuple[DroppedRows, ...]

    def moment(self, value: float) -> str:
        """Return a moment as text."""
        return shown_time(value) if self.is_time else shown_number(value)

    def clusters(self, name: str, rows: NDArray[np.bool_]) -> tuple[str, tuple[int, ...]]:
        """Return what ties the chosen rows together, and the rows of each: the entity, else the day."""
        if self.entity is not None:
            group, unit = self.entity[rows], f"value of {name}"
        elif self.times is not None and self.is_time:
            group, unit = np.floor(self.times[rows] / DAY).astype(np.int64), "day"
        else:
            return "", ()
        sizes = np.unique(group, return_counts=True)[1]
        return (unit, tuple(sizes.tolist())) if sizes.max(initial=0) > 1 and len(sizes) > 1 else ("", ())


def look(source: SplitSource, label: Label, chosen: Chosen, *, copies_together: bool, where: str) -> Looked:
    """Read the columns that the rule goes by, and leave out the rows that it cannot place.

    Raises BadInput where none is left.
    """
    keep = label.known.copy()
    dropped = [_dropped("no_label", ~label.known, "they have no label")]
    times, is_time, entity = None, False, None
    if chosen.time is not None:
        times, is_time = source.times(chosen.time)
        dropped.append(_dropped("no_time", keep & ~np.isfinite(times), f"they have no {chosen.time}"))
        keep &= np.isfinite(times)
    if chosen.entity is not None:
        entity = source.entities(chosen.entity, chosen.entity_part)
        dropped.append(_dropped("no_entity", keep & (entity < 0), f"they have no {chosen.entity}, so no side is safe"))
        keep &= entity >= 0
    at = np.flatnonzero(keep)
    if not len(at):
        raise BadInput(
            "no row has a label, a time and an entity",
            where=where,
            expected="rows that have all that was declared",
            mend="declare other columns",
        )
    copy = source.copies()[at] if _copies_matter(source, chosen, copies_together) else None
    chosen_times = None if times is None else times[at]
    own = None if entity is None else np.unique(entity[at], return_inverse=True)[1].astype(np.int64).ravel()
    return Looked(
        at=at,
        label=label.rows(at),
        times=chosen_times,
        is_time=is_time,
        entity=own,
        to_place=ToPlace(
            strata=_strata(label.rows(at)),
            unit=None if times is not None else _unit(own, copy, copies_together=copies_together),
            times=chosen_times,
            entity=own,
            copy=copy if times is not None else None,
        ),
        dropped=tuple(drop for drop in dropped if drop.rows),
    )


def _dropped(reason: str, rows: NDArray[np.bool_], why: str) -> DroppedRows:
    return DroppedRows(reason=reason, rows=int(rows.sum()), why=why)


def _copies_matter(source: SplitSource, chosen: Chosen, copies_together: bool) -> bool:
    """Tell whether a rule could part equal rows: not where its column is among those in which they are equal."""
    if chosen.kind == "random":
        return True
    if not copies_together:
        return False
    names = [chosen.time, chosen.entity if chosen.entity_part == "whole" else None]
    return not any(name is not None and not source.numbers_rows(name) for name in names)


def _strata(label: Label) -> NDArray[np.int64]:
    return strata_of(label.values, len(label.values)) if label.kind is LabelKind.REGRESSION else label.codes


def _unit(
    entity: NDArray[np.int64] | None, copy: NDArray[np.int64] | None, *, copies_together: bool
) -> NDArray[np.int64]:
    """Number what is dealt whole by content: entities, equal rows, both together, or rows."""
    if entity is not None:
        return entity if copy is None else joined(entity, copy)
    assert copy is not None
    if copies_together:
        return np.unique(copy, return_inverse=True)[1].astype(np.int64).ravel()
    unit = np.empty(len(copy), np.int64)
    unit[np.argsort(copy, kind="stable")] = np.arange(len(copy))  # equal rows can stand for one another
    return unit
