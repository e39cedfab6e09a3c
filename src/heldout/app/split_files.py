"""The folder of a split: written whole or not at all, left alone where it holds it already."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.split_manifest import SplitManifest
from heldout.tables.manifest import MANIFEST, read_manifest, sha256_of

__all__ = ["made_already", "write_folder"]


def made_already(folder: Path, made: SplitManifest) -> SplitManifest | None:
    """Return the manifest of `folder` where it holds this very split whole; None where it may be written.

    A split of the same table by the same rule whose files were lost or changed may be written again. Raises BadInput
    for a file, and for a folder with anything else in it.
    """
    if not folder.exists():
        return None
    if not folder.is_dir():
        raise BadInput("--out is a file", where=str(folder), expected="a folder", mend="name another folder")
    if not any(folder.iterdir()):
        return None
    if not (folder / MANIFEST).is_file():
        raise _occupied(folder, "it is not empty and holds no split")
    there = read_manifest(folder / MANIFEST)
    if (there.input, there.request) != (made.input, made.request):
        other = "another table" if there.input.sha256 != made.input.sha256 else "the same table made otherwise"
        raise _occupied(folder, f"it holds a split of {other}")
    strange = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    strange -= {MANIFEST, *(part.file for part in there.parts if part.file)}
    if strange:
        raise _occupied(folder, f"it holds {min(strange)} too")
    is_whole = all(
        part.file and (folder / part.file).is_file() and sha256_of(folder / part.file) == part.sha256
        for part in there.parts
    )
    return there if is_whole else None


def _occupied(folder: Path, why: str) -> BadInput:
    return BadInput(
        f"the split cannot be written: {why}",
        where=str(folder),
        expected="a folder that is new, is empty, or holds this very split",
        mend="name another folder with --out, or move this one away",
    )


def write_folder(folder: Path, write: Callable[[Path], SplitManifest]) -> SplitManifest:
    """Let `write` fill a folder beside `folder`, and put it in its place when all is written.

    Raises BadInput where the file system refuses; then, and when interrupted, nothing is left behind.
    """
    parent = folder.absolute().parent
    part: Path | None = None
    try:
        parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=parent, prefix=f".{folder.name}-part-"))
        part.chmod(0o755)
        manifest = write(part)
        for path in part.rglob("*"):
            if path.is_file():
                _flush(path)
        _put(part, folder)
    except OSError as error:
        raise BadInput(
            f"the split cannot be written: {error.strerror or error}",
            where=str(error.filename or folder),
            expected="a folder that can be written to, with room for the parts",
            mend="name another folder with --out",
        ) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    return manifest


def _put(part: Path, folder: Path) -> None:
    """Put `part` in the place of `folder`; a damaged split that stood there goes when the whole one is in place."""
    old = None
    if folder.exists():
        old = Path(tempfile.mkdtemp(dir=part.parent, prefix=f".{folder.name}-old-"))
        folder.replace(old)
    try:
        part.replace(folder)
    except OSError:
        if old is not None:
            old.replace(folder)
        raise
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def _flush(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("rb") as file:  # some file systems flush no file that is read
        os.fsync(file.fileno())
