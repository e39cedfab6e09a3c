"""Who may come in: random tokens, of which the eval keeps hashes only."""

import contextlib
import datetime as dt
import fcntl
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole
from heldout.evals.record.kinds import Role

__all__ = ["Holder", "Tokens"]

BYTES = 32
LONGEST = 200
"""Characters of what is looked at as a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whom a token was given to: a role, and a name where there can be several of it."""

    role: Role
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    sha256: str
    role: str
    name: str
    issued: str


class Tokens:
    """The tokens of an eval, in a file that only its owner reads. Any number of processes may issue and revoke."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def issue(self, role: Role, name: str = "") -> str:
        """Return a new token, which is written down nowhere else. Tokens issued before stay good."""
        token = secrets.token_urlsafe(BYTES)
        issued = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._locked():
            self._write([*self._entries(), _Entry(sha256=_hash(token), role=role, name=name, issued=issued)])
        return token

    def whose(self, token: str) -> Holder | None:
        """Return whom a token was given to, None for one that is no token of this eval or was revoked."""
        if not 0 < len(token) <= LONGEST:
            return None
        asked, found = _hash(token), None
        for entry in self._entries():  # all of them, so that the time tells nothing
            if hmac.compare_digest(asked, entry.sha256):
                found = Holder(role=Role(entry.role), name=entry.name)
        return found

    def revoke(self, role: Role, name: str = "") -> int:
        """Make all tokens of this role and name worthless, and return how many there were."""
        with self._locked():
            entries = self._entries()
            left = [entry for entry in entries if (entry.role, entry.name) != (role, name)]
            self._write(left)
        return len(entries) - len(left)

    def has(self, role: Role, name: str = "") -> bool:
        """Tell whether a token of this role and name is good."""
        return any((entry.role, entry.name) == (role, name) for entry in self._entries())

    def count(self, role: Role) -> int:
        """Return how many were let in under this role, by name."""
        return len({entry.name for entry in self._entries() if entry.role == role})

    def _entries(self) -> list[_Entry]:
        if not self._path.is_file():
            return []
        try:
            return [_Entry(**entry) for entry in json.loads(self._path.read_text(encoding="utf-8"))]
        except (ValueError, TypeError):
            raise BadInput(
                "the tokens of the eval cannot be read",
                where=str(self._path),
                expected="the JSON that Heldout wrote",
                mend="restore the file, or remove it and give everybody a new token",
            ) from None

    def _write(self, entries: list[_Entry]) -> None:
        write_whole(self._path, json.dumps([asdict(entry) for entry in entries], indent=1).encode())

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f".{self._path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()
