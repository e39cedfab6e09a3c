"""Reads FINDINGS.md of a rescue: one table, a fault of the project in each row, with the place where it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from heldout.core.repository import shown
from heldout.core.rescue_evidence import MOST_PLACES
from heldout.evals.talk.document import MAX_ENTRIES, Message, Notes, read_lines
from heldout.evals.talk.table import cells_of, column_names, is_rule

__all__ = ["COLUMNS", "FILE", "MOST_LINES", "Fault", "Findings", "read_findings"]

FILE = "FINDINGS.md"
COLUMNS = ("finding", "file", "line", "how it was told", "worth", "how it was mended")
NEEDED = ("file", "line")
OTHER_NAMES = {"fault": "finding", "leak": "finding", "path": "file", "lines": "line", "mended": "how it was mended"}
SAID = ("finding", "how it was told", "worth", "how it was mended")
MOST_LINES = 10
"""A row names so many lines at most; of a longer range the first count."""

LINES = re.compile(r"[Ll]?(\d{1,6})(?:\s{0,3}(?:-|–|to|\.\.)\s{0,3}[Ll]?(\d{1,6}))?")
WORD = r"[A-Za-z_]\w{0,79}"
FUNCTION = re.compile(rf"`({WORD}(?:\.{WORD})?)(?:\(\))?`|({WORD}\.{WORD})|({WORD}(?:\.{WORD})?)\(\)|def ({WORD})")
"""A name in backticks, with a dot, with parentheses or with def; any other word is no function."""
HOME = re.compile(r"^(?:\./)?(?:kit/)?(?:project/)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row: what is said to be wrong in `file`, at the lines `first` to `last`, or in `function`; `line` is the row's.

    Without a place that can be read `file` is empty.
    """

    what: str
    file: str
    first: int | None
    last: int | None
    function: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The rows in order, and what can be mended."""

    faults: tuple[Fault, ...]
    messages: tuple[Message, ...]


def read_findings(content: bytes) -> Findings:
    """Return what the bytes of a FINDINGS.md say; never raises. Rows that are blank are left out."""
    notes = Notes(FILE)
    faults: list[Fault] = []
    columns: Sequence[str] | None = None
    has_table = False
    for number, line in enumerate(read_lines(content, notes), start=1):
        cells = cells_of(line)
        if cells is None:
            columns = None
        elif columns is None:
            columns = _columns(cells, number, notes)
            has_table = has_table or bool(columns)
        elif columns and not is_rule(cells) and any(cells):
            if len(faults) == MAX_ENTRIES:
                notes.add(number, "the rest of the file is not read", expected=f"at most {MAX_ENTRIES:,} rows")
                break
            faults.append(_fault(columns, cells, number, notes))
    if content.strip() and not has_table:
        notes.add(None, "there is no table with a file and a line", expected=" | ".join(COLUMNS))
    placed = sum(bool(fault.file) for fault in faults)
    if placed > MOST_PLACES:
        what = f"there are {placed:,} places; a list of more than {MOST_PLACES} counts as naming none"
        notes.add(None, what, mend="keep the faults that you would mend first")
    return Findings(faults=tuple(faults), messages=notes.all())


def _columns(cells: Sequence[str], number: int, notes: Notes) -> Sequence[str]:
    """Return the names of a table's columns; none where it is another table."""
    names = [OTHER_NAMES.get(name, "worth" if name.startswith("worth") else name) for name in column_names(cells)]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        notes.add(number, f"the table has no column {', '.join(missing)}", expected=" | ".join(COLUMNS))
        return ()
    return names


def _fault(columns: Sequence[str], cells: Sequence[str], line: int, notes: Notes) -> Fault:
    if len(cells) != len(columns):
        notes.add(line, f"the row has {len(cells)} cells", expected=f"{len(columns)}, as the table's first row")
    said = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    empty = [name for name in SAID if not said[name]]
    if empty:
        notes.add(line, f"the row does not say: {', '.join(empty)}", expected="a few words in each column")
    file, _, behind = said["file"].replace("\\", "/").strip("`* ").partition(":")
    file, place = HOME.sub("", file.strip("`* ")), said["line"].strip("* ") or behind.strip("* ")
    first, last, function = _place(place, line, notes)
    if not file or (first is None and not function):
        expected = "a file of the project, and a line of it: 12, 12-15, or a function's name"
        notes.add(line, f"the row names no place: {shown(file)!r}, {shown(place)!r}", expected=expected)
        file, first, last, function = "", None, None, ""
    return Fault(what=said["finding"], file=file[:300], first=first, last=last, function=function, line=line)


def _place(text: str, line: int, notes: Notes) -> tuple[int | None, int | None, str]:
    found = LINES.fullmatch(text.strip("`"))
    if found is None:
        named = FUNCTION.fullmatch(text)
        return None, None, next(filter(None, named.groups())) if named else ""
    first, last = sorted((int(found[1]), int(found[2] or found[1])))
    if last - first >= MOST_LINES:
        what = f"the row names {last - first + 1:,} lines; the first {MOST_LINES} count"
        notes.add(line, what, expected="the lines that would have to change")
        last = first + MOST_LINES - 1
    return first, last, ""
