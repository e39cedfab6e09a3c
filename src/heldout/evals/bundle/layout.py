"""What lies where in a bundle, and the list that holds each file to its hash."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.evals.cards import read_card

__all__ = ["LIST", "TRAIN", "Bundle", "Kind", "differences", "list_of", "odd_parts", "open_bundle"]

LIST = "bundle.json"
TRAIN = "eval/data/train.parquet"
"""The training table, of a sealed bundle."""
MOST_FILES = 50_000
MOST_DEPTH = 60
MOST_BYTES = 20_000_000
"""Of the list and of each text that is read whole."""
MOST_FILE_BYTES = 20_000_000_000
MOST_BELOW = {"tree": 50_000_000, "payloads": MOST_BYTES, "commit": MOST_BYTES, "ledger.jsonl": 500_000_000}
"""Bytes of a file below these names, which are read into memory."""

Kind = Literal["sealed", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle's folder and what its list says: the kind, the names of eval and candidate, the SHA-256 of each file.

    A sealed bundle holds the training table, features and answers of the final rows, and is the organiser's; an open
    one holds hashes of ids and labels in their place and is the candidate's.
    """

    folder: Path
    kind: Kind
    candidate: str
    commit: str
    files: Mapping[str, str]

    def path(self, name: str) -> Path:
        """Return the path of a file of the bundle. Raises BadInput for a path that leads out of it."""
        if not isinstance(name, str) or not _is_inside(name):
            raise BadInput(f"{str(name)[:200]!r} leads out of the bundle", expected="a path inside of it")
        return self.folder / name

    def plain(self, name: str) -> Any:
        """Return a JSON file of the bundle as plain data. Raises BadInput where it is none."""
        path = self.path(name)
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ValueError("too large")
            return json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise _unreadable(path, error) from None

    def card(self) -> Card:
        """Return the card. Raises BadInput where the file is no card."""
        return read_card(self.folder)


def open_bundle(folder: Path) -> Bundle:
    """Read a bundle's list. Raises BadInput where the folder is no bundle."""
    path = folder / LIST
    if not path.is_file() or path.is_symlink():
        raise BadInput(
            "this is no bundle",
            where=str(folder),
            expected=f"a folder with a {LIST}, as `heldout eval bundle` writes it",
            mend="name the folder itself; unpack an archive first",
        )
    empty = Bundle(folder=folder, kind="open", candidate="", commit="", files={})
    plain = empty.plain(LIST)
    try:
        files = {str(name): str(sha256) for name, sha256 in plain["files"].items()}
        kind, candidate, commit = plain["kind"], str(plain["candidate"]), str(plain["commit"])
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from None
    if kind not in ("sealed", "open") or any(not _is_inside(name) for name in files):
        raise _unreadable(path, ValueError("another kind, or a path out of the bundle"))
    return Bundle(folder=folder, kind=kind, candidate=candidate, commit=commit, files=files)


def list_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below `folder` but the list itself, by path, in order."""
    files = sorted(entry.path for entry in _entries(folder) if entry.is_file(follow_symlinks=False))
    names = {Path(path).relative_to(folder).as_posix(): Path(path) for path in files}
    return {name: _sha256(path) for name, path in names.items() if name != LIST}


def odd_parts(folder: Path) -> tuple[str, ...]:
    """Say what no bundle holds: links, pipes and other special files, files too large to be read.

    Raises BadInput for too many files, or folders too deep.
    """
    said = []
    for entry in _entries(folder):
        name = Path(entry.path).relative_to(folder).as_posix()
        if entry.is_symlink():
            said.append(f"{name} is a link")
        elif not entry.is_file(follow_symlinks=False) and not entry.is_dir(follow_symlinks=False):
            said.append(f"{name} is a special file")
        elif entry.is_file(follow_symlinks=False):
            size, most = entry.stat(follow_symlinks=False).st_size, MOST_BELOW.get(name.split("/")[0], MOST_FILE_BYTES)
            said += [f"{name} has {size:,} bytes, more than {most:,}"] if size > most else []
    return tuple(sorted(said))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield all that lies below a folder, within bounds, without following a link."""
    waiting, count = [(str(folder), 0)], 0
    while waiting:
        path, depth = waiting.pop()
        with os.scandir(path) as found:
            for entry in found:
                count += 1
                if count > 2 * MOST_FILES or depth > MOST_DEPTH:
                    raise BadInput(
                        f"{folder} has too many files, or folders too deep",
                        expected=f"at most {MOST_FILES:,} files, {MOST_DEPTH} folders deep",
                        mend="name a bundle",
                    )
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, depth + 1))


def differences(bundle: Bundle) -> tuple[str, ...]:
    """Say which files are missing, foreign or changed; none for a bundle that is as its list says."""
    there = list_of(bundle.folder)
    said = [f"{name} is missing" for name in bundle.files if name not in there]
    said += [f"{name} is not in the list" for name in there if name not in bundle.files]
    return (*said, *(f"{name} is changed" for name, found in there.items() if bundle.files.get(name, found) != found))


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(path: Path, error: Exception) -> BadInput:
    return BadInput(
        f"{path.name} cannot be read: {str(error).splitlines()[0][:200]}",
        where=str(path),
        expected="the file that `heldout eval bundle` wrote",
        mend="get the bundle again from who made it",
    )
