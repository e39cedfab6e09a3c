"""Opens a file in the editor of whoever sits at the terminal."""

import os
import shlex
import subprocess
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["edit", "editor_named"]


def editor_named() -> str:
    """Return what VISUAL or EDITOR names; "" where neither does."""
    return os.environ.get("VISUAL", "") or os.environ.get("EDITOR", "")


def edit(path: Path) -> None:
    """Open a file in the editor and return when it is left. Raises BadInput where there is none that starts."""
    named = editor_named()
    try:
        command = shlex.split(named)
        if not command:
            raise ValueError("none is named")
        subprocess.run([*command, str(path)], check=False)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"the editor {named!r} does not start: {error}",
            where="VISUAL, EDITOR",
            expected="a program that opens a file",
            mend="EDITOR=nano, for example; or open the file in another window",
        ) from None
