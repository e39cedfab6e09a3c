"""What lies where in a bundle, and the list that holds each file to its hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.evals.cards import read_card

__all__ = ["LIST", "Bundle", "Kind", "differences", "list_of", "open_bundle"]

LIST = "bundle.json"
MOST_FILES = 50_000
MOST_BYTES = 20_000_000
"""Of the list and of each text that is read whole."""

Kind = Literal["sealed", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle's folder and what its list says: the kind, the names of eval and candidate, the SHA-256 of each file.

    A sealed bundle holds features and answers of the final rows and is the organiser's; an open one holds hashes of
    ids and labels in their place and is the candidate's.
    """

    folder: Path
    kind: Kind
    candidate: str
    commit: str
    files: Mapping[str, str]

    def path(self, name: str) -> Path:
        """Return the path of a file of the bundle."""
        return self.folder / name

    def plain(self, name: str) -> Any:
        """Return a JSON file of the bundle as plain data. Raises BadInput where it is none."""
        path = self.folder / name
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
    if not path.is_file():
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
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if len(found) > MOST_FILES:
        raise BadInput(f"{folder} has {len(found):,} files", expected=f"at most {MOST_FILES:,}", mend="name a bundle")
    names = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: _sha256(path) for name, path in names.items() if name != LIST}


def differences(bundle: Bundle) -> tuple[str, ...]:
    """Say which files are missing, foreign, changed, or links; none for a bundle that is as its list says."""
    there = list_of(bundle.folder)
    said = [f"{name} is missing" for name in bundle.files if name not in there]
    said += [f"{name} is not in the list" for name in there if name not in bundle.files]
    said += [f"{name} is changed" for name, found in there.items() if bundle.files.get(name, found) != found]
    links = [path for path in bundle.folder.rglob("*") if path.is_symlink()]
    return (*said, *(f"{path.relative_to(bundle.folder)} is a link" for path in links))


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
