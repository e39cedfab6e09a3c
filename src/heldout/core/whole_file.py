"""Writes a file whole or not at all: beside it first, synced, then one rename."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

__all__ = ["PART", "write_whole", "written_beside"]

PART = ".part-"
"""How the name of a file begins that is being written."""


@contextlib.contextmanager
def written_beside(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Yield a file beside `path` that takes its place, synced, when the block ends; where it fails nothing is left.

    Whoever reads `path` sees the old file or the new one, and none but its owner a part. Raises OSError.
    """
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(mode)
        Path(partial).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(partial).unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file by `content`, as `written_beside` does; its folder is made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_beside(path, mode=mode) as file:
        file.write(content)
