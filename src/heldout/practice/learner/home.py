"""Where a learner's folder is on this machine."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["VARIABLE", "practice_folder"]

VARIABLE = "HELDOUT_PRACTICE"


def practice_folder(
    given: Path | None = None, environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Path:
    """Return the folder of the learner: the given one, HELDOUT_PRACTICE, or the platform's place for users' data.

    That is $XDG_DATA_HOME (absolute, else ~/.local/share) on Linux, and ~/Library/Application Support on macOS.
    Raises BadInput where the home folder is needed and not known.

    >>> practice_folder(environment={"XDG_DATA_HOME": "/data"}, platform="linux").as_posix()
    '/data/heldout/practice'
    """
    try:
        return _practice_folder(given, environment, platform)
    except RuntimeError:  # no HOME, and no entry of this user, or of one that ~ names
        raise BadInput(
            "this user's home folder is not known",
            where=VARIABLE,
            expected="a home folder, or a folder that this variable names",
            mend=f"set {VARIABLE} to the folder that shall keep your answers",
        ) from None


def _practice_folder(given: Path | None, environment: Mapping[str, str], platform: str) -> Path:
    if given is not None:
        return given.expanduser()
    if named := environment.get(VARIABLE, ""):
        return Path(named).expanduser()
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "heldout" / "practice"
    data = Path(environment.get("XDG_DATA_HOME", ""))
    # the XDG specification has relative paths ignored
    return (data if data.is_absolute() else Path.home() / ".local" / "share") / "heldout" / "practice"
