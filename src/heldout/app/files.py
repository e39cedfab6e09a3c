"""Writes files whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["replace_texts"]


def replace_texts(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the `texts` to files of these names in `folder`, which is made, and return their paths.

    Whoever reads a file sees the old one or the new one, never a part; where one cannot be written, none is.
    Raises BadInput where the folder cannot be written.
    """
    parts: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            parts[name] = _written(folder, text)
        return tuple(part.replace(folder / name) for name, part in parts.items())
    except OSError as error:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise BadInput(
            f"{' and '.join(texts)} cannot be written: {error.strerror}",
            where=str(error.filename or folder),
            expected="a folder that can be written to",
            mend="name another folder with --out",
        ) from error


def _written(folder: Path, text: str) -> Path:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=".part-", delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    path = Path(file.name)
    path.chmod(0o644)
    return path
