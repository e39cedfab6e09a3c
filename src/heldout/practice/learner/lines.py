"""An append-only file of JSON lines: each is synced before it counts, and a torn last one is left out and said."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.practice.learner.whole import not_written, read_bounded

__all__ = ["Lines", "append_line", "read_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of a file in their order, and what was `torn` off its end ("" where nothing was)."""

    plain: tuple[dict[str, Any], ...]
    torn: str = ""


def append_line(path: Path, plain: Mapping[str, Any]) -> None:
    """Append one line and sync it; what a killed writer left of a line before is cut off first.

    Its caller holds the folder's lock. Raises BadInput where it cannot be written.
    """
    line = json.dumps(plain, allow_nan=False).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            _cut_torn_line(file.fileno())
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise not_written(path, error) from None


def read_lines(path: Path) -> Lines:
    """Return the whole lines of a file, none where there is no file.

    A last line without its end was being written when the writer was killed: it is left out, and `torn` says so.
    Raises BadInput for a damaged line before that.
    """
    content = read_bounded(path) or b""
    whole = content[: content.rfind(b"\n") + 1]
    lines = [_plain(path, number, line) for number, line in enumerate(whole.split(b"\n")[:-1], start=1)]
    lost = len(content) - len(whole)
    torn = (
        f"The last line of {path.name} was not finished ({lost} bytes): the session that wrote it was ended in the "
        f"middle. It is left out; the {len(lines)} before it are whole."
    )
    return Lines(plain=tuple(lines), torn=torn if lost else "")


def damaged(path: Path, number: int, why: str) -> BadInput:
    """Return what is said of a line that practice did not write."""
    return BadInput(
        f"{path.name} is damaged: {why}",
        where=f"{path}, line {number}",
        expected="lines as practice wrote them",
        mend="remove this line, or put a copy of the file back; the other lines are kept",
    )


def _plain(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise damaged(path, number, "a line is no JSON object")
    return plain


def _cut_torn_line(handle: int) -> None:
    size = os.fstat(handle).st_size
    end = size
    while end and os.pread(handle, 1, end - 1) != b"\n":
        start = max(0, end - 4096)
        cut = os.pread(handle, end - start, start).rfind(b"\n")
        end = start + cut + 1  # cut is -1 where the piece holds no line's end
    if end < size:
        os.ftruncate(handle, end)
