"""Prepares, as root, what an ordinary user cannot have, then drops to the run's own user and becomes bubblewrap.

In a mount namespace of its own it mounts every input under a neutral name (so that inputs below private directories
can be had) and sized file systems for what the job writes. Nothing of it reaches the disk, and all of it goes with
its last process. It runs as a script, with the standard library only.
"""

import ctypes
import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

__all__ = ["STAGE", "main"]

STAGE = "/tmp"  # noqa: S108 - a private tmpfs lies over it; bubblewrap itself needs this directory to exist

_NEW_MOUNT_NAMESPACE = 0x00020000
_LIST_AND_ENTER = os.R_OK | os.X_OK
_FLAGS = {"nosuid": 2, "nodev": 4, "noexec": 8, "nosymfollow": 256}
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG

_libc = ctypes.CDLL(None, use_errno=True)


def main(descriptor: int) -> None:
    """Carry out the JSON order read from `descriptor`; on failure say why on stderr and exit with 1."""
    with os.fdopen(descriptor) as file:
        order: dict[str, Any] = json.load(file)
    _die_with(order["parent"])
    _call("unshare", _NEW_MOUNT_NAMESPACE)
    _mount("none", "/", "", _RECURSIVE | _PRIVATE)
    # opened before the stage covers what lies below it
    sources = [os.open(source, os.O_PATH) for source in order["sources"]]
    bubblewrap = os.open(order["bubblewrap"], os.O_PATH)
    _mount("tmpfs", STAGE, "tmpfs", _FLAGS["nosuid"] | _FLAGS["nodev"], "size=4m,mode=0755")
    for number, source in enumerate(sources):
        _bind(source, Path(STAGE, str(number)))
    _bind(bubblewrap, Path(STAGE, "bwrap"))
    for path, options, flags in order["file_systems"]:
        Path(path).mkdir()
        _mount("tmpfs", path, "tmpfs", sum(_FLAGS[flag] for flag in flags), options)
    for path in order["join"]:
        Path(path).write_text("0")  # 0 is the writer itself
    user = order["user"]
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _die_with(order["parent"])  # a change of user forgets it
    _check_readable(order["sources"])
    os.chdir("/")
    # by its own path where that can be reached, since AppArmor knows programs by their paths
    program = order["bubblewrap"] if os.access(order["bubblewrap"], os.X_OK) else f"{STAGE}/bwrap"
    os.execve(program, order["arguments"], order["environment"])  # noqa: S606 - argv as given, no shell


def _bind(source: int, target: Path) -> None:
    if stat.S_ISDIR(os.fstat(source).st_mode):
        target.mkdir()
    else:
        target.touch()
    _mount(f"/proc/self/fd/{source}", str(target), "", _BIND | _RECURSIVE)


def _check_readable(sources: list[str]) -> None:
    for number, source in enumerate(sources):
        staged = Path(STAGE, str(number))
        needed = _LIST_AND_ENTER if staged.is_dir() else os.R_OK
        if not os.access(staged, needed):
            sys.exit(f"{source} is not readable by other users, so the job's own user cannot read it: chmod -R o+rX")


def _die_with(parent: int) -> None:
    _call("prctl", _DIE_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL))
    if os.getppid() != parent:
        sys.exit("the supervisor is gone")


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    try:
        _call("mount", source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())
    except OSError as error:
        raise OSError(error.errno, f"mount on {target}: {os.strerror(error.errno or 0)}") from None


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except OSError as error:
        sys.exit(f"cannot prepare the sandbox: {error.strerror} {error.filename or ''}".strip())
