"""The Python that jobs find inside: the one that runs Heldout, at the same path as outside.

At another path it would not start where it was built with a shared library (its search path is absolute), and
environments made with it outside would not find it.
"""

import sys
from pathlib import Path

__all__ = ["interpreter", "interpreter_directories"]


def interpreter() -> str:
    """Return the path inside of a Python without third-party packages, to be run or to build environments with."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for name in (version, "python3", "python"):
        path = Path(sys.base_prefix, "bin", name)
        if path.exists():
            return str(path)
    return sys.executable


def interpreter_directories() -> tuple[Path, ...]:
    """Return the directories that hold it and are not below /usr: none, one, or one under two names."""
    candidates = dict.fromkeys((Path(sys.base_prefix), Path(sys.base_prefix).resolve()))
    return tuple(path for path in candidates if not path.is_relative_to("/usr"))
