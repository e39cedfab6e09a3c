"""Reads a Markdown file of entries: a heading, fields as list items, text. Tolerant and bounded."""

import difflib
import functools
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from heldout.core.repository import shown

__all__ = ["MAX_BYTES", "MAX_ENTRIES", "Entry", "Field", "Message", "Notes", "number_of", "read_entries", "read_lines"]

MAX_BYTES = 1_000_000
MAX_ENTRIES = 10_000
MAX_MESSAGES = 100
MAX_GUESSES = 1_000
"""Names of fields that are compared with the known ones, per file: such a comparison is slow."""

HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
BULLETS = ("- ", "* ", "+ ")
FENCES = ("```", "~~~")
NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody can mend in a file: its name, the line (first is 1) or None, what is wrong, how to mend it."""

    file: str
    line: int | None
    what: str
    expected: str = ""
    mend: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        parts = [f"{place}: {self.what}"]
        parts += [f"{label}: {text}" for label, text in (("expected", self.expected), ("mend", self.mend)) if text]
        return "; ".join(parts)


class Notes:
    """Collects the messages about one file, a bounded number of them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._kept: list[Message] = []
        self._left = 0

    def add(self, line: int | None, what: str, *, expected: str = "", mend: str = "") -> None:
        """Add a message."""
        if len(self._kept) >= MAX_MESSAGES:
            self._left += 1
            return
        self._kept.append(Message(file=self.file, line=line, what=what, expected=expected, mend=mend))

    def all(self) -> tuple[Message, ...]:
        """Return the messages, with one on how many were left out."""
        if not self._left:
            return tuple(self._kept)
        more = Message(file=self.file, line=None, what=f"{self._left:,} more messages were left out")
        return (*self._kept, more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One `- name: value`, with the lines that go on with it; `line` is that of its name, first is 1."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What stands below one heading: its fields in order, and the text before the first of them."""

    heading: str
    line: int
    fields: tuple[Field, ...]
    text: str

    def value(self, name: str) -> str:
        """Return all values of a field, one below the other; empty when it is not there."""
        return "\n".join(field.value for field in self.fields if field.name == name and field.value)


def read_lines(content: bytes, notes: Notes) -> list[str]:
    """Return the lines of a file as text, at most MAX_BYTES of it; what was left out or replaced is noted."""
    if len(content) > MAX_BYTES:
        notes.add(
            None,
            f"the file has {len(content):,} bytes; the rest is not read",
            expected=f"at most {MAX_BYTES:,} bytes",
            mend="move old entries to another file",
        )
        content = content[: content.rfind(b"\n", 0, MAX_BYTES) + 1 or MAX_BYTES]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notes.add(line, "there are bytes that are not UTF-8; they are replaced", mend="save the file as UTF-8")
        text = content.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_entries(
    content: bytes,
    notes: Notes,
    *,
    starts_entry: Callable[[str], bool],
    fields: Collection[str],
    one_line: Collection[str] = (),
) -> tuple[Entry, ...]:
    """Return the entries of a file in order.

    An entry begins with a heading of level 2, or of any level when `starts_entry` knows its text. `fields` are the
    names of all fields, in lower case; those in `one_line` end with their line, others go on to the next field.
    """
    reader = _Reader(notes=notes, fields=frozenset(fields), one_line=frozenset(one_line))
    for number, line, is_verbatim in _visible(read_lines(content, notes), notes):
        heading = None if is_verbatim else HEADING.fullmatch(line)
        title = heading[2].strip().rstrip("#").strip() if heading else ""
        if heading and (len(heading[1]) == 2 or starts_entry(title)):
            if len(reader.entries) == MAX_ENTRIES:
                notes.add(number, "the rest of the file is not read", expected=f"at most {MAX_ENTRIES:,} entries")
                break
            reader.begin(title, number)
        else:
            reader.take(line, number, is_verbatim=is_verbatim)
    return tuple(reader.finished())


def number_of(text: str) -> float | None:
    """Return the finite number that a text is, or None.

    >>> number_of("0.81"), number_of("1e-3"), number_of("nan"), number_of("0,81")
    (0.81, 0.001, None, None)
    """
    value = float(text) if NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


class _Reader:
    """Sorts lines into entries and fields."""

    def __init__(self, *, notes: Notes, fields: frozenset[str], one_line: frozenset[str]) -> None:
        self.entries: list[tuple[str, int, list[tuple[str, list[str], int]], list[str]]] = []
        self._notes = notes
        self._fields = fields
        self._one_line = one_line
        self._open: list[str] | None = None
        self._guesses = 0

    def begin(self, heading: str, line: int) -> None:
        text: list[str] = []
        self.entries.append((heading, line, [], text))
        self._open = text

    def take(self, line: str, number: int, *, is_verbatim: bool) -> None:
        if self._open is None:
            return  # what stands above the first entry is the file's own introduction
        _, _, fields, text = self.entries[-1]
        name, value = ("", "") if is_verbatim else self._field(line, number)
        if not name:
            self._open.append(line)
            return
        fields.append((name, [value], number))
        # what follows a field of one line goes on with the text
        self._open = text if name in self._one_line else fields[-1][1]

    def finished(self) -> Iterator[Entry]:
        for heading, line, fields, text in self.entries:
            yield Entry(
                heading=heading,
                line=line,
                fields=tuple(Field(name=name, value=_block(lines), line=at) for name, lines, at in fields),
                text=_block(text),
            )

    def _field(self, line: str, number: int) -> tuple[str, str]:
        body = line.strip()
        is_item = body.startswith(BULLETS)
        is_deep = len(line) - len(line.lstrip()) > 3
        said, colon, value = (body[2:] if is_item else body).partition(":")
        name = said.strip(" *_`\t").lower() if len(said) <= 60 else ""
        if not colon or not name:
            return "", ""
        if name in self._fields and not is_deep:
            return name, value.strip(" *_`\t") if said.strip()[:1] in "*_`" else value.strip()
        if is_item and not is_deep and self._guesses < MAX_GUESSES:
            self._guesses += 1
            near = _nearest(name, self._fields)
            if near:
                self._notes.add(number, f"there is no field {shown(name)}", mend=f"did you mean {near}?")
        return "", ""


@functools.lru_cache(maxsize=4_096)
def _nearest(name: str, known: frozenset[str]) -> str:
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.75) if 3 <= len(name) <= 20 else []
    return found[0] if found else ""


def _block(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()


def _visible(lines: list[str], notes: Notes) -> Iterator[tuple[int, str, bool]]:
    """Yield (number, line, whether it stands in a fence of code); comments are left out.

    A comment or a fence that nothing closes is text: it would swallow the rest of the file.
    """
    last = {mark: max((i for i, line in enumerate(lines) if mark in line), default=-1) for mark in ("-->", *FENCES)}
    closer, is_fence = "", False
    for place, line in enumerate(lines):
        stripped = line.strip()
        if closer:
            if closer in line if not is_fence else stripped.startswith(closer):
                closer = ""
            if is_fence:
                yield place + 1, line, True
            continue
        mark = "-->" if stripped.startswith("<!--") else stripped[:3] if stripped.startswith(FENCES) else ""
        if mark and last[mark] > place and not (mark == "-->" and mark in stripped):
            closer, is_fence = mark, mark != "-->"
        elif mark and last[mark] <= place and mark not in stripped[3:]:
            notes.add(place + 1, "what begins here is never closed, and is read as text", mend=f"close it with {mark}")
        if mark != "-->":
            yield place + 1, line, bool(mark)
