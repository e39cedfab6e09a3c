"""Gives a person's own job, at level 0, the paths that it would have in the sandbox: below a scratch folder.

Programs that go by HELDOUT_DATA, HELDOUT_MODEL and HELDOUT_OUT run as they do in the sandbox; one that has `/data`
written into it finds nothing there, because nothing is mounted.
"""

import os
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from heldout.sandbox.collection import collect
from heldout.sandbox.job import Isolation, Job, Outcome
from heldout.sandbox.own_code import run_own

__all__ = ["OWN_CODE", "run_own_paths"]

OWN_CODE = Isolation(
    level=0,
    explanation="Level 0: no sandbox. The code ran as a process of the user who wrote it, with limits of time and "
    "memory; it could read everything that this user can, labels and network too. Such a card is practice, and no "
    "evidence.",
    remedy="grade on a Linux machine with bubblewrap",
    is_own_code=True,
)
"""The isolation of somebody's own code on their own machine, where none works."""

_SHELL = ("/bin/sh", "-c", 'cd "$0" && exec "$@"')


def run_own_paths(job: Job) -> Outcome:
    """Run `job` as a process of this user, with its inputs as links and its outputs collected as from the sandbox.

    Words of the command and of the environment that name a path inside name the one outside instead.
    """
    with tempfile.TemporaryDirectory(prefix="heldout-own-") as name:
        root = Path(name)
        for inside, outside in job.read_only.items():
            link = _below(root, inside)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(outside.resolve())
        for inside in job.writable:
            _below(root, inside).mkdir(parents=True, exist_ok=True)
        inside_paths = (*job.read_only, *job.writable)
        environment = {key: _outside(root, value, inside_paths) for key, value in job.environment.items()}
        command = tuple(_outside(root, word, inside_paths) for word in job.command)
        directory = _outside(root, job.directory, inside_paths)
        own = replace(
            job,
            command=(*_SHELL, directory, *command),
            read_only={},
            writable={},
            environment={**environment, "TMPDIR": _scratch(root)},
        )
        outcome = run_own(own)
        return replace(outcome, refused=_collected(root, job))


def _below(root: Path, inside: str) -> Path:
    return root / PurePosixPath(inside).relative_to("/")


def _scratch(root: Path) -> str:
    (root / "scratch").mkdir()
    return str(root / "scratch")


def _outside(root: Path, text: str, inside: tuple[str, ...]) -> str:
    """Return a path, or several with colons between them, as they are outside."""
    parts = text.split(":")
    return ":".join(_one_outside(root, part, inside) for part in parts)


def _one_outside(root: Path, part: str, inside: tuple[str, ...]) -> str:
    path = PurePosixPath(part)
    is_inside = path.is_absolute() and any(
        path.is_relative_to(one) or PurePosixPath(one).is_relative_to(path) for one in inside
    )
    return str(_below(root, part)) if is_inside and part != "/" else part


def _collected(root: Path, job: Job) -> tuple[tuple[str, str], ...]:
    opened = {
        inside: (os.open(_below(root, inside), os.O_RDONLY | os.O_DIRECTORY), path)
        for inside, path in job.writable.items()
    }
    try:
        return collect(opened, job.limits)
    finally:
        for descriptor, _ in opened.values():
            os.close(descriptor)
