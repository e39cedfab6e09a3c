"""The ledger: one line per event in `ledger.jsonl`, each holding the hash of the line before it.

A line names the hash of its payload, which lies in a file of its own with a salt: deleting that file forgets what it
said and leaves the chain whole. Lines are hashed as the bytes that they are, without any canonical form of JSON.
"""

import contextlib
import datetime as dt
import fcntl
import hashlib
import json
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole
from heldout.evals.record.kinds import Kind, Role

__all__ = ["FIRST", "Event", "Ledger", "Now", "Receipt", "broken_at", "read_lines", "utc_now"]

FIRST = "0" * 64
"""What the first line holds instead of the hash of a line before it."""

LENGTH = "ledger.length"
"""Beside the ledger: how many lines were finished. A killed writer leaves half a line; a lost half leaves this."""

AFTER_FORGETTING = frozenset({Kind.FORGOTTEN, Kind.CLOSED})
FORGOTTEN = f'"kind": "{Kind.FORGOTTEN.value}"'.encode()
MOST_PAYLOAD_BYTES = 50_000_000
HASH = re.compile(r"[0-9a-f]{64}")
MOST_REMEMBERED, MOST_REMEMBERED_BYTES = 100, 5_000_000
_REMEMBERING = threading.Lock()
_CHECKED: dict[Path, bytes] = {}
"""Lines of ledgers as this process checked them last; they hold hashes and times, and nothing that can be forgotten."""

KEYS = frozenset({"n", "at", "kind", "actor", "payload", "previous"})
Now = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an event's maker gets: its number, the server's time, and the hash of the ledger's last line."""

    n: int
    at: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the ledger. `payload` is None once it was forgotten; `head` is the hash of this line."""

    n: int
    at: dt.datetime
    kind: Kind
    actor: Role
    payload: Mapping[str, Any] | None
    payload_sha256: str
    head: str


class Ledger:
    """The ledger of one folder. Any number of processes may append: each append holds the folder's lock."""

    def __init__(self, folder: Path, now: Now = utc_now) -> None:
        self.folder = folder
        self._file = folder / "ledger.jsonl"
        self._payloads = folder / "payloads"
        self._now = now

    def append(self, kind: Kind, payload: Mapping[str, Any], *, actor: Role) -> Receipt:
        """Append an event and return its receipt, once both payload and line are on the disk.

        Its time is the clock's, but never before the event ahead of it; a clock that ran back is said beside it.
        Raises BadInput where the ledger is damaged, or what it held was deleted: nothing of a person comes anew then.
        """
        with self._locked():
            lines = self._recovered()
            if kind not in AFTER_FORGETTING and any(FORGOTTEN in line for line in lines):
                raise BadInput("what this record held was deleted", expected="a record that was not forgotten")
            last = json.loads(lines[-1]) if lines else None
            now = self._now().astimezone(dt.UTC)
            at = max(now, dt.datetime.fromisoformat(last["at"])) if last else now
            line: dict[str, Any] = {
                "n": len(lines),
                "at": at.isoformat(timespec="milliseconds"),
                "kind": kind.value,
                "actor": actor.value,
                "payload": self._kept(payload),
                "previous": _hash(lines[-1]) if lines else FIRST,
            }
            if at != now:
                line["clock_said"] = now.isoformat(timespec="milliseconds")
            written = json.dumps(line).encode()
            with self._file.open("ab") as file:
                file.write(written + b"\n")
                file.flush()
                os.fsync(file.fileno())
            write_whole(self.folder / LENGTH, str(len(lines) + 1).encode())
            return Receipt(n=line["n"], at=line["at"], head=_hash(written))

    def events(self) -> tuple[Event, ...]:
        """Return all events in order. Raises BadInput where the ledger is damaged."""
        return tuple(self._event(line) for line in read_lines(self._file))

    @property
    def head(self) -> str:
        """The hash of the last line."""
        lines = read_lines(self._file)
        return _hash(lines[-1]) if lines else FIRST

    def forget_all(self) -> None:
        """Delete all payloads but of the events that say so; also those that no line names, of appends broken off."""
        with self._locked():
            events = (self._event(line) for line in self._recovered())
            kept = {f"{event.payload_sha256}.json" for event in events if event.kind is Kind.FORGOTTEN}
            for path in self._payloads.iterdir() if self._payloads.is_dir() else ():
                if path.name not in kept:
                    path.unlink(missing_ok=True)

    def forget(self, payload_sha256: str) -> bool:
        """Delete a payload and its salt; tell whether it was there."""
        path = self._payloads / f"{payload_sha256}.json"
        there = path.is_file()
        path.unlink(missing_ok=True)
        return there

    def _event(self, written: bytes) -> Event:
        line = json.loads(written)
        return Event(
            n=line["n"],
            at=dt.datetime.fromisoformat(line["at"]),
            kind=Kind(line["kind"]),
            actor=Role(line["actor"]),
            payload=self._payload(line["payload"]),
            payload_sha256=line["payload"],
            head=_hash(written),
        )

    def _payload(self, sha256: str) -> Mapping[str, Any] | None:
        path = self._payloads / f"{sha256}.json"
        if not path.is_file():
            return None
        content = path.read_bytes() if path.stat().st_size <= MOST_PAYLOAD_BYTES else b""
        if _hash(content) != sha256:
            raise BadInput(
                "the payload of an event is not what the ledger promised",
                where=str(path),
                expected=f"bytes with the SHA-256 {sha256}",
                mend="restore the file from a copy",
            )
        payload: Mapping[str, Any] = json.loads(content)["payload"]
        return payload

    def _kept(self, payload: Mapping[str, Any]) -> str:
        content = json.dumps({"salt": secrets.token_hex(16), "payload": payload}, allow_nan=False).encode()
        sha256 = _hash(content)
        self._payloads.mkdir(parents=True, exist_ok=True)
        write_whole(self._payloads / f"{sha256}.json", content)
        return sha256

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _recovered(self) -> tuple[bytes, ...]:
        """Cut off a line that was never finished, and return the others."""
        lines = read_lines(self._file)
        content = self._file.read_bytes() if self._file.is_file() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            os.truncate(self._file, len(whole))
        return lines


def read_lines(path: Path) -> tuple[bytes, ...]:
    """Return the lines of a ledger, without one that was not finished.

    Raises BadInput where the chain is broken, or lines are missing at its end that once were there.
    """
    least = _length(path.with_name(LENGTH))  # before the ledger, which may grow meanwhile
    content = path.read_bytes() if path.is_file() else b""
    lines = _checked(content[: content.rfind(b"\n") + 1], path)
    if len(lines) < least:
        raise BadInput(
            f"the ledger is cut off: it had {least} lines, and has {len(lines)}",
            where=str(path),
            expected="every line that was ever written",
            mend="restore the file from a copy; the receipts of pushes name the hashes of lines",
        )
    return lines


def broken_at(content: bytes, first: int = 0, previous: str = FIRST) -> int | None:
    """Return the number of the first line that does not continue the chain, or None.

    `content` begins with the line of number `first`; `previous` is the hash of the one before it.
    """
    for number, line in enumerate(content.split(b"\n")[:-1], start=first):
        if not _continues(line, number, previous):
            return number
        previous = _hash(line)
    return None if content.endswith(b"\n") or not content else first + content.count(b"\n")


def _continues(line: bytes, number: int, previous: str) -> bool:
    try:
        found = json.loads(line)
        Kind(found["kind"]), Role(found["actor"])
        has_zone = dt.datetime.fromisoformat(found["at"]).tzinfo is not None
        is_line = has_zone and HASH.fullmatch(found["payload"]) and set(found) - {"clock_said"} == KEYS
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return bool(is_line) and found["n"] == number and found["previous"] == previous


def _checked(content: bytes, path: Path) -> tuple[bytes, ...]:
    """Return the lines of a content that ends with one; what this process checked before is not checked again."""
    before = _CHECKED.get(path, b"")
    known = before if content.startswith(before) else b""
    lines = known.split(b"\n")[:-1]
    number = broken_at(content[len(known) :], len(lines), _hash(lines[-1]) if lines else FIRST)
    if number is not None:
        raise BadInput(
            "the ledger is damaged: a line does not continue the chain",
            where=f"{path}, line {number + 1}",
            expected="the lines that Heldout wrote, each with the hash of the one before",
            mend="restore the file from a copy; `heldout eval verify` says from where on it differs",
        )
    if len(content) <= MOST_REMEMBERED_BYTES:
        with _REMEMBERING:
            _CHECKED.pop(path, None)
            _CHECKED[path] = content
            while len(_CHECKED) > MOST_REMEMBERED:
                _CHECKED.pop(next(iter(_CHECKED)))
    return tuple(content.split(b"\n")[:-1])


def _length(path: Path) -> int:
    """Return how many lines were finished, 0 where nobody noted it, as beside a ledger in a bundle."""
    text = path.read_bytes()[:20] if path.is_file() else b""
    return int(text) if text.isdigit() else 0


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
