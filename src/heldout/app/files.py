"""Writes files whole or not at all."""

import os
import tempfile
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["replace_text"]


def replace_text(path: Path, text: str) -> None:
    """Write `text` to `path`, making its folder; whoever reads it sees the old file or the new one, never a part.

    Raises BadInput where the folder cannot be written.
    """
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            part = Path(file.name)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise BadInput(
            f"cannot write {path.name}: {error.strerror}",
            where=str(path.parent),
            expected="a folder that can be written",
            mend="name another folder with --out",
        ) from None
