"""Takes a learner's data along, or removes all of them."""

import shutil
import zipfile
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.whole_file import PART, written_beside
from heldout.practice.learner.store import MARKER, open_store, read_store

__all__ = ["erase", "export"]


def export(folder: Path, to: Path) -> tuple[str, ...]:
    """Write all files of a learner into one zip and return their names; it is there whole or not at all.

    The lock and parts of files are left out, and links are not followed. Raises BadInput for another folder, and
    where the zip cannot be written or is there already.
    """
    read_store(folder)
    if to.exists():
        raise BadInput("the file is there already", where=str(to), mend="name another file, or move it away")
    names = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name != "lock" and not path.name.startswith(PART)
    ]
    if not names:
        raise BadInput("there is nothing to export", where=str(folder), mend="heldout practice today begins")
    try:
        with (
            written_beside(to) as file,  # a clock that was set back gives files times that no zip can hold
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as packed,
        ):
            for name in names:
                packed.write(folder / name, name.encode("utf-8", "backslashreplace").decode())
    except OSError as error:
        raise BadInput(
            f"the export cannot be written: {error.strerror}",
            where=str(to),
            expected="a folder that can be written to",
            mend="name another file",
        ) from None
    return tuple(names)


def erase(folder: Path) -> bool:
    """Remove everything of a learner and the folder; returns whether there was one.

    Raises BadInput for a folder that is not a learner's, and while a session is open. The mark of the folder goes
    last, so that an erasure that was ended in the middle can be asked for again.
    """
    if not folder.exists():
        return False
    folder = folder.resolve()
    with open_store(folder):
        try:
            for path in sorted(folder.iterdir(), key=lambda path: path.name == MARKER):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            folder.rmdir()
        except OSError as error:
            raise BadInput(
                f"not everything could be erased: {error.strerror}",
                where=str(error.filename or folder),
                expected="files that can be removed",
                mend="mend its permissions, and erase again",
            ) from None
    return True
