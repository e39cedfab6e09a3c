"""Reads the file that says who is of which group. It is held apart from the eval, and nothing of it is kept there."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.repository import shown

__all__ = ["GroupFile", "read_group_file"]

MOST_BYTES = 1_000_000
MOST_COLUMNS = 6
MOST_GROUPS = 50
MOST_CHARACTERS = 80
KEY = "candidate"
EXPECTED = "a CSV with the columns candidate, group, and more columns of groups if there are any"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFile:
    """The group columns, and for each candidate the group in each of them."""

    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]


def read_group_file(path: Path, *, asked: Collection[str], known: Collection[str]) -> GroupFile:
    """Return the groups of all `asked` candidates; others that are `known` may be there too.

    Raises BadInput, which names row and column, for a candidate that is unknown, there twice or missing, an empty cell,
    and a file that is no such table.
    """
    lines = _lines(path)
    columns = _columns(lines[0], path)
    rows: dict[str, tuple[str, ...]] = {}
    places: dict[str, int] = {}
    for number, cells in enumerate(lines[1:], start=2):
        where = f"{path}, row {number}"
        if len(cells) != len(columns) + 1:
            raise BadInput(
                f"the row has {len(cells)} cells", where=where, expected=f"{len(columns) + 1}, as the first row has"
            )
        name, groups = cells[0].strip(), tuple(" ".join(cell.split()) for cell in cells[1:])
        if name not in known:
            raise BadInput(
                f"{shown(name) or 'an empty cell'} is no candidate of this eval",
                where=f"{where}, column {KEY}",
                expected="a name in the eval's record",
                mend="heldout eval status EVAL names the candidates",
            )
        if name in rows:
            raise BadInput(
                f"{name} is there twice",
                where=f"{where}, column {KEY}",
                expected=f"one row a candidate; the first is row {places[name]}",
            )
        _check_cells(groups, columns, where)
        rows[name], places[name] = groups, number
    if missing := [name for name in asked if name not in rows]:
        named = ", ".join(missing[:5]) + (" and more" if missing[5:] else "")
        raise BadInput(
            f"{named} {'is' if len(missing) == 1 else 'are'} missing",
            where=f"{path}, column {KEY}",
            expected="a row for each candidate who has a card",
            mend="add the rows; a group may be called “not stated”",
        )
    for at, column in enumerate(columns):
        groups_there = {rows[name][at] for name in asked}
        if len(groups_there) > MOST_GROUPS:
            raise BadInput(
                f"{len(groups_there)} groups", where=f"{path}, column {column}", expected=f"at most {MOST_GROUPS}"
            )
    return GroupFile(columns=columns, rows={name: rows[name] for name in asked})


def _lines(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"the file has more than {MOST_BYTES:,} bytes", where=str(path), expected=EXPECTED)
        text = path.read_bytes().decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise BadInput(f"the group file cannot be read: {error.strerror}", where=str(path), expected=EXPECTED) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"the group file is no CSV in UTF-8: {error}", where=str(path), expected=EXPECTED) from None
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    if len(lines) < 2:
        raise BadInput("the group file has no row", where=str(path), expected=EXPECTED)
    return lines


def _columns(head: Sequence[str], path: Path) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in head]
    if names[0].lower() != KEY or not 2 <= len(names) <= 1 + MOST_COLUMNS:
        raise BadInput(f"the columns are {shown(', '.join(names), 200)}", where=f"{path}, row 1", expected=EXPECTED)
    for at, name in enumerate(names[1:], start=2):
        if not name or len(name) > MOST_CHARACTERS or names.count(name) > 1:
            raise BadInput(
                f"column {at} is called {shown(name)!r}",
                where=f"{path}, row 1",
                expected="a name for each column, each once",
            )
    return tuple(names[1:])


def _check_cells(groups: Sequence[str], columns: Sequence[str], where: str) -> None:
    for column, group in zip(columns, groups, strict=True):
        if not group or len(group) > MOST_CHARACTERS:
            what = "an empty cell" if not group else f"a group of {len(group)} characters"
            raise BadInput(
                what,
                where=f"{where}, column {column}",
                expected=f"1 to {MOST_CHARACTERS} characters",
                mend="write “not stated” where a group is not known",
            )
