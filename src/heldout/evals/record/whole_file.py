"""Writes a file whole or not at all: beside it first, synced, then one rename."""

import os
import tempfile
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file by `content`; whoever reads it sees the old or the new one, and none but its owner a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(partial).chmod(mode)
    Path(partial).replace(path)
