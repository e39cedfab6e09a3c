"""Writes a learner's file whole or not at all, and reads one back within a bound."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole

__all__ = ["MOST_BYTES", "not_written", "read_bounded", "read_plain", "write_plain"]

MOST_BYTES = 64 * 2**20
"""No file of a learner is near this; one that is larger was not written by practice."""


def write_plain(path: Path, plain: Mapping[str, Any]) -> None:
    """Replace a JSON file: whoever reads it sees the old or the new one. Raises BadInput where it cannot be written."""
    content = json.dumps(plain, allow_nan=False, indent=1).encode()
    try:
        write_whole(path, content)
    except OSError as error:
        raise not_written(path, error) from None


def read_plain(path: Path) -> dict[str, Any] | None:
    """Return a JSON object; None where there is no file. Raises BadInput for one that cannot be read."""
    content = read_bounded(path)
    if content is None:
        return None
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise BadInput(
            f"{path.name} cannot be read",
            where=str(path),
            expected="a JSON object, as practice wrote it",
            mend="put a copy of it back, or remove the file: practice then begins it anew",
        )
    return plain


def read_bounded(path: Path) -> bytes | None:
    """Return a file's bytes; None where there is none. Raises BadInput for what is too large or cannot be read."""
    try:
        if not path.exists():
            return None
        if not path.is_file():  # a pipe would be waited for
            raise BadInput(
                f"{path.name} is no file",
                where=str(path),
                expected="a file as practice wrote it",
                mend="move it away: practice then begins it anew",
            )
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(
                f"{path.name} is too large",
                where=str(path),
                expected=f"at most {MOST_BYTES // 2**20} MB",
                mend="it was not written by practice: move it away",
            )
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path.name} cannot be read: {error.strerror}",
            where=str(path),
            expected="a file that can be read",
            mend="mend its permissions, or name another folder in HELDOUT_PRACTICE",
        ) from None


def not_written(path: Path, error: OSError) -> BadInput:
    """Return what is said where a file of the learner's folder cannot be written."""
    return BadInput(
        f"{path.name} cannot be written: {error.strerror}",
        where=str(path.parent),
        expected="a folder that can be written to",
        mend="name another folder in HELDOUT_PRACTICE",
    )
