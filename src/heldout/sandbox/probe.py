"""Finds out which isolation works on this machine, by using it."""

import functools
import os
import platform
import sys
from pathlib import Path

from heldout.core.errors import InfrastructureFailure
from heldout.sandbox.bubblewrap import Bubblewrap, find_bubblewrap
from heldout.sandbox.interpreter import interpreter
from heldout.sandbox.job import Isolation, Job, Limits, Outcome
from heldout.sandbox.own_paths import run_own_paths
from heldout.sandbox.supervision import supervise
from heldout.sandbox.system_call_filter import system_call_filter

__all__ = ["probe", "run"]

_TRIAL = Limits(wall_seconds=30, cpu_seconds=30, memory_mb=256, output_mb=1, output_files=10)
_INSTALL = "install bubblewrap: `make system-deps`, or `apt-get install bubblewrap`"
_APPARMOR = (
    "Ubuntu's AppArmor keeps ordinary programs from user namespaces; allow bubblewrap with a profile "
    "(docs/guide/sandbox.md), or all of them with `sysctl kernel.apparmor_restrict_unprivileged_userns=0` as root"
)
_EXPECTED = {
    "--size": "its scratch space is watched instead of sized",
    "--disable-userns": "only the system call filter keeps jobs from nested user namespaces",
    "--clearenv": "the environment is emptied by us alone",
}
_SWITCHES = (
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", _APPARMOR),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "allow user namespaces: `sysctl kernel.unprivileged_userns_clone=1` as root",
    ),
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "allow user namespaces: `sysctl user.max_user_namespaces=10000` as root",
    ),
)


@functools.cache
def probe() -> Isolation:
    """Return the isolation in force here, found by running a trivial job at each level. Cached for the process."""
    if sys.platform != "linux":
        return Isolation(level=0, explanation="The sandbox needs Linux.", remedy="grade on a Linux machine")
    program = find_bubblewrap()
    if program is None:
        return Isolation(level=0, explanation="Bubblewrap (bwrap) is not installed.", remedy=_INSTALL)
    whole_job = "it takes root"
    if os.geteuid() == 0:
        whole_job = _failure(2)
        if not whole_job:
            return Isolation(level=2, explanation=_describe(program, 2))
    failed = _failure(1)
    if failed:
        return Isolation(level=0, explanation=f"Bubblewrap is installed but does not work: {failed}", remedy=_remedy())
    return Isolation(
        level=1,
        explanation=f"{_describe(program, 1)} No control group: {whole_job}.",
        remedy="grade as root on a machine whose control groups can be written",
    )


def run(job: Job, *, isolation: Isolation | None = None) -> Outcome:
    """Run `job` in the sandbox at the level in force, or at a lower one, and return how it ended.

    Somebody's own code runs at level 0 where `isolation` says that it is theirs. Raises InfrastructureFailure where no
    isolation works, and where the sandbox itself fails.
    """
    isolation = isolation or probe()
    if isolation.level == 0 and isolation.is_own_code:
        return run_own_paths(job)
    if isolation.level == 0:
        raise InfrastructureFailure(
            f"foreign code is not run without isolation. {isolation.explanation} To mend: {isolation.remedy}"
        )
    return supervise(job, level=isolation.level)


def _failure(level: int) -> str:
    """Return why a trivial job does not run at `level`, or an empty string."""
    job = Job(command=(interpreter(), "-I", "-S", "-c", ""), limits=_TRIAL)
    try:
        outcome = supervise(job, level=level)
    except (InfrastructureFailure, OSError) as error:
        return str(error)
    return "" if outcome.succeeded else f"a trivial job ended with {outcome.reason}: {outcome.stderr.strip()}"


def _describe(program: Bubblewrap, level: int) -> str:
    said = [
        f"Level {level}: bubblewrap {program.version}, no network, nothing of the host but what a job is given"
        + (", a user of its own per run." if os.geteuid() == 0 else ", as the user who started it.")
    ]
    if level == 2:
        said.append("Memory, processes and CPU time are limited for the whole job by control groups.")
    else:
        said.append("Memory is limited per process only, so that a job of many processes can exceed it.")
    said += [
        f"This bubblewrap lacks {option}: {so}."
        for option, so in _EXPECTED.items()
        if option not in program.understands
    ]
    if system_call_filter() is None:
        said.append(f"No system call filter is known for {platform.machine()}.")
    return " ".join(said)


def _remedy() -> str:
    for path, value, remedy in _SWITCHES:
        switch = Path(path)
        if switch.exists() and switch.read_text().strip() == value:
            return remedy
    return "in a container, allow user namespaces and mounts to it, or grade on the host"
