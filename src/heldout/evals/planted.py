"""The planted leaks of a rescue: as private as labels. Authoring writes them, and the judging process reads them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from heldout.core.errors import BadInput

__all__ = ["Key", "Leak", "Place", "read_key"]

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Lines of a file of the project at which a leak shows, first and last included."""

    file: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """One planted leak: its kind, where it was planted, in words, in which function, the `columns` it is about.

    `places` are all places at which it may be named, the planted one first.
    """

    kind: str
    file: str
    line: int
    what: str
    function: str
    columns: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The planted leaks, and the project as candidates found it, by path."""

    leaks: tuple[Leak, ...]
    project: Mapping[str, str]

    def written(self) -> str:
        """Return the text of `planted.json`."""
        return json.dumps(asdict(self), indent=1) + "\n"


KEY = TypeAdapter(Key)


def read_key(path: Path) -> Key:
    """Return the key in a file. Raises BadInput for anything else."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES:,} bytes")
        return KEY.validate_python(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
        why = "another form" if isinstance(error, ValidationError) else why
        raise BadInput(
            f"the list of planted leaks cannot be read: {why}",
            where=path.name,
            expected="planted.json as `heldout eval new` wrote it",
            mend="restore it from a copy; the opening commits to it",
        ) from None
