"""Writes files whole or not at all."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["replace_text", "replace_texts"]


def replace_text(path: Path, text: str) -> None:
    """Write one file as `replace_texts` does: a link is followed, and a device or a pipe is written to as it is.

    Raises BadInput where it cannot be written.
    """
    mend = "name another file"
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_text(text, encoding="utf-8", newline="")
            return
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        why = (error.strerror if isinstance(error, OSError) else None) or "its links lead nowhere"
        raise BadInput(
            f"{path.name} cannot be written: {why}", where=str(path), expected="a file that can be written", mend=mend
        ) from error
    replace_texts(target.parent, {target.name: text}, mend=mend)


def replace_texts(
    folder: Path, texts: Mapping[str, str], *, mend: str = "name another folder with --out"
) -> tuple[Path, ...]:
    """Write the `texts` to files of these names in `folder`, which is made, and return their paths.

    Whoever reads a file sees the old one or the new one, never a part; where one cannot be written, none is.
    Raises BadInput where the folder cannot be written.
    """
    parts: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in texts:
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, "it is a folder", str(folder / name))
        for name, text in texts.items():
            parts[name] = _started(folder)
            _write(parts[name], text)
        return tuple(part.replace(folder / name) for name, part in parts.items())
    except OSError as error:
        _remove(parts.values())
        raise BadInput(
            f"{' and '.join(texts)} cannot be written: {error.strerror}",
            where=str(error.filename or folder),
            expected="a folder that can be written to",
            mend=mend,
        ) from error
    except BaseException:  # an interruption leaves nothing behind either
        _remove(parts.values())
        raise


def _remove(parts: Iterable[Path]) -> None:
    for part in parts:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _started(folder: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=".part-")
    os.close(handle)
    return Path(name)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)
