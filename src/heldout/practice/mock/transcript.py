"""The transcript of a mock: JSON Lines, a header and one event a line, each on the disk before the next is said."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import TypeAdapter, ValidationError

from heldout.core.errors import BadInput
from heldout.practice.learner.as_plain import checked_instant
from heldout.practice.mock.aim import Level

__all__ = ["Event", "Header", "Transcript", "read_transcript"]

T = TypeVar("T")
SCHEMA = 1
LARGEST = 20_000_000
"""Bytes of a transcript."""
LATEST = 1e7
"""Seconds: no mock takes so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a transcript is of: enough to make its script again, with its subject of this SHA-256.

    `at` is the ISO instant of the start, with its offset; `rubric` the version of the rules by which it is scored.
    """

    schema: int
    rubric: int
    seed: int
    level: Level
    minutes: float
    subject: str
    title: str
    at: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "minutes", float(self.minutes))  # 45 and 45.0 are one length, also in its bytes
        if self.seed < 0:
            raise ValueError("a seed is not negative")
        checked_instant(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing said, `at` so many seconds after the start, rounded to tenths.

    `what`: the interviewer "asks", "probes", "nudges", "replies" (each waits for an answer) or "tells"; the candidate
    "answers" (`to` says what) or gives a "self-score"; the mock "resumes" or "ends". `aim` is the point that a probe is
    about. `stored` is the stored wording where another was shown. `first_key` and `seconds` time an answer; `silent`
    tells that the interviewer did not wait any longer.
    """

    at: float
    who: str
    what: str
    phase: str = ""
    turn: str = ""
    text: str = ""
    aim: str = ""
    to: str = ""
    stored: str = ""
    first_key: float = 0.0
    seconds: float = 0.0
    silent: bool = False

    def __post_init__(self) -> None:
        if not all(0 <= one <= LATEST for one in (self.at, self.first_key, self.seconds)):
            raise ValueError("a time is a number of seconds from the start")

    @property
    def waits(self) -> bool:
        """Return whether an answer is expected."""
        return self.who == "interviewer" and self.what in ("asks", "probes", "nudges", "replies")


_HEADER: TypeAdapter[Header] = TypeAdapter(Header)
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Transcript:
    """A transcript that grows on the disk: what `append` returned from is there after a power cut."""

    def __init__(self, path: Path, header: Header, events: list[Event], good: int) -> None:
        self.path, self.header, self._events = path, header, events
        self._file = path.open("r+b")
        self._file.truncate(good)
        self._file.seek(good)

    @classmethod
    def begin(cls, path: Path, header: Header) -> Self:
        """Write the header to a new file. Raises FileExistsError."""
        with path.open("xb") as file:
            file.write(_line({"heldout": "mock", **asdict(header)}))
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)  # so that the file's name is on the disk as well
        os.fsync(folder)
        os.close(folder)
        return cls(path, header, [], path.stat().st_size)

    @classmethod
    def resume(cls, path: Path) -> Self:
        """Open a transcript to go on with; a last line that was not written whole is cut off. Raises BadInput."""
        header, events, good = _read(path)
        return cls(path, header, list(events), good)

    @property
    def events(self) -> tuple[Event, ...]:
        """Return the events so far."""
        return tuple(self._events)

    def append(self, event: Event) -> None:
        """Write an event, and return when it is on the disk."""
        self._file.write(_line(_short(event)))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._events.append(event)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_transcript(path: Path) -> tuple[Header, tuple[Event, ...]]:
    """Return the header and the events; a last line that was not written whole is left out.

    Raises BadInput, with the line, for anything else that is not as this version writes it.
    """
    header, events, _ = _read(path)
    return header, events


def _read(path: Path) -> tuple[Header, tuple[Event, ...], int]:
    """Return header, events and the length in bytes of all whole lines."""
    if path.stat().st_size > LARGEST:
        raise _bad(path, 1, f"it is larger than {LARGEST:,} bytes")
    content = path.read_bytes()
    whole, _, _ = content.rpartition(b"\n")
    lines = whole.split(b"\n")
    head = _object(path, 1, lines[0])
    if head.pop("heldout", None) != "mock":
        raise _bad(path, 1, "it is no header of a mock")
    if head.get("schema") != SCHEMA:
        raise _bad(path, 1, f"its schema is {head.get('schema')!r}, not {SCHEMA}")
    header = _checked(path, 1, _HEADER, head)
    events = tuple(
        _checked(path, number, _EVENT, _object(path, number, line)) for number, line in enumerate(lines[1:], start=2)
    )
    return header, events, len(whole) + 1


def _checked(path: Path, number: int, adapter: TypeAdapter[T], data: dict[str, Any]) -> T:
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        raise _bad(path, number, error.errors()[0]["msg"]) from error


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise _bad(path, number, "it is no JSON object")
    return data


def _no_number(name: str) -> float:
    raise ValueError(name)


def _bad(path: Path, number: int, why: str) -> BadInput:
    return BadInput(
        f"this transcript cannot be read: {why}",
        where=f"{path}, line {number}",
        expected="JSON Lines as `heldout practice mock` writes them",
        mend="name the transcript.jsonl of a mock",
    )


def _short(event: Event) -> Mapping[str, Any]:
    """Return an event without what it does not say."""
    return {key: value for key, value in asdict(event).items() if value or key == "at"}


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode() + b"\n"
