"""Turns a job into the program to start and the descriptors to hand it."""

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from heldout.sandbox import entry, launcher
from heldout.sandbox.bubblewrap import ENTRY, Bubblewrap, FileSystem, file_systems, host_inputs, options, stubs
from heldout.sandbox.interpreter import interpreter
from heldout.sandbox.job import Job
from heldout.sandbox.system_call_filter import system_call_filter

__all__ = ["Start", "prepare"]

_USERS = range(1_900_000_000, 1_910_000_000)  # beyond what distributions, containers and directories hand out
_USERS_OF_A_CONTAINER = range(40_000, 60_000)  # where a user namespace maps only the usual 65,536


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What to execute, with which environment, and the descriptors that the program needs."""

    arguments: list[str]
    program: str
    descriptors: tuple[int, ...]
    environment: dict[str, str]


def prepare(
    program: Bubblewrap,
    job: Job,
    *,
    control: int,
    information: int,
    joins: Iterable[Path],
    without: frozenset[str],
    owner: contextlib.ExitStack,
) -> Start:
    """Return how to start `job` up to the entry, which waits on the descriptor `control`.

    `information` receives bubblewrap's word on its process 1, `joins` are the control group files to join, `without`
    the defences to leave out, and `owner` closes the descriptors that are made here.
    """
    understood = program.understands - without
    inputs, writable = host_inputs(job), file_systems(job)
    privileged = os.geteuid() == 0
    data = {
        inside: _in_memory(text, owner) for inside, text in {ENTRY: Path(entry.__file__).read_text(), **stubs()}.items()
    }
    reached_by = {"--info-fd": information}
    if "--seccomp" in understood and (filtered := system_call_filter()):
        reached_by["--seccomp"] = _in_memory(filtered, owner)
    staged = {each.inside: f"{launcher.STAGE}/writable-{number}" for number, each in enumerate(writable)}
    words = options(
        program.understands,
        inputs={
            inside: f"{launcher.STAGE}/{number}" if privileged else str(path)
            for number, (inside, path) in enumerate(inputs.items())
        },
        writable=writable,
        staged=staged if privileged else {},
        data=data,
        descriptors=reached_by,
        without=without,
    )
    descriptors = [control, *data.values(), *reached_by.values()]
    if "--args" in understood:
        descriptors.append(_in_memory("".join(f"{word}\0" for word in words), owner))
        words = ["--args", str(descriptors[-1])]
    arguments = ["bwrap", *words, "--", interpreter(), "-I", "-S", ENTRY, str(control)]
    environment = dict(os.environ) if "empty environment" in without else {}
    if not privileged:
        return Start(
            arguments=arguments,
            program=str(program.path),
            descriptors=tuple(descriptors),
            environment=environment,
        )
    user = 0 if "own user" in without else _free_user()
    order = {
        "parent": os.getpid(),
        "sources": [str(path) for path in inputs.values()],
        "file_systems": [(staged[each.inside], _mount_options(each, user), each.flags) for each in writable],
        "join": [str(path) for path in joins],
        "user": user,
        "bubblewrap": str(program.path),
        "arguments": arguments,
        "environment": environment,
    }
    descriptors.append(_in_memory(json.dumps(order), owner))
    launch = [sys.executable, "-I", "-S", launcher.__file__, str(descriptors[-1])]
    return Start(arguments=launch, program=sys.executable, descriptors=tuple(descriptors), environment={})


def _mount_options(each: FileSystem, user: int) -> str:
    return f"size={each.size},nr_inodes={each.files},mode={each.mode},uid={user},gid={user}"


def _in_memory(content: str | bytes, owner: contextlib.ExitStack) -> int:
    descriptor = os.memfd_create("heldout")
    owner.callback(os.close, descriptor)
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _free_user() -> int:
    mapped = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    for users in (_USERS, _USERS_OF_A_CONTAINER):
        if any(first <= users.start and users.stop <= first + length for first, _, length in mapped):
            return users.start + secrets.randbelow(len(users))
    return os.geteuid()
