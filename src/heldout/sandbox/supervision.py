"""Runs a job in the sandbox and says how it ended, and through whose doing."""

import contextlib
import signal
from pathlib import PurePosixPath

from heldout.core.errors import Cause, InfrastructureFailure
from heldout.sandbox.bubblewrap import file_systems, find_bubblewrap
from heldout.sandbox.cgroups import Group, find_hierarchy
from heldout.sandbox.collection import collect
from heldout.sandbox.job import Job, Outcome
from heldout.sandbox.process import SandboxProcess
from heldout.sandbox.resource_limits import per_process
from heldout.sandbox.watch import Watch

__all__ = ["supervise"]

_SIGNALLED = 128


def supervise(job: Job, *, level: int, without: frozenset[str] = frozenset()) -> Outcome:
    """Run `job` at level 1 or 2, without the named defences (for tests), and return how it ended.

    Raises InfrastructureFailure if the sandbox could not be set up, or not be cleared away.
    """
    program = find_bubblewrap()
    if program is None:
        raise InfrastructureFailure("bubblewrap is not installed")
    _check_paths(job)
    try:
        with contextlib.ExitStack() as stack:
            group = stack.enter_context(Group(find_hierarchy(), job.limits)) if level > 1 else None
            joins = group.joins if group else ()
            process = stack.enter_context(SandboxProcess(program, job, joins=joins, without=without))
            return _follow(job, process, group, without)
    except OSError as error:
        raise InfrastructureFailure(f"the sandbox failed: {error}") from error


def _follow(job: Job, process: SandboxProcess, group: Group | None, without: frozenset[str]) -> Outcome:
    systems = file_systems(job)
    limits = per_process(job.limits, whole_job_is_limited=group is not None)
    descriptors, not_started = process.begin(
        {
            "command": job.command,
            "environment": dict(job.environment),
            "directory": job.directory,
            "hand_out": [each.inside for each in systems],
            "resource_limits": {name: most for name, most in limits.items() if name not in without},
        }
    )
    watch = Watch(process, job.limits, group, tuple(zip(systems, descriptors, strict=True)))
    broken = watch.until_it_ends()
    reached = dict(zip((each.inside for each in systems), descriptors, strict=True))
    refused = collect({inside: (reached[inside], path) for inside, path in job.writable.items()}, job.limits)
    reason, cause = _judge(broken, watch.exit_code, group)
    return Outcome(
        reason=reason,
        cause=cause,
        exit_code=watch.exit_code if not broken and 0 <= watch.exit_code <= _SIGNALLED else None,
        wall_seconds=watch.wall_seconds,
        cpu_seconds=watch.cpu_seconds,
        peak_memory_mb=group.peak_memory_mb() if group else None,
        stdout=watch.stdout.text(),
        stderr="\n".join(filter(None, (watch.stderr.text(), not_started))),
        refused=refused,
    )


def _judge(broken: str, code: int, group: Group | None) -> tuple[str, Cause | None]:
    if broken == "memory" and group is not None and not group.reached_its_memory_limit():
        return broken, Cause.INFRASTRUCTURE  # the machine ran out, not the job
    if not broken and code == 0:
        return "", None
    if not broken and 0 < code <= _SIGNALLED:
        return f"exit code {code}", Cause.CANDIDATE
    number = -code if code < 0 else code - _SIGNALLED  # below 0, bubblewrap itself was killed
    if not broken and number == signal.SIGKILL:
        return f"signal {number}", Cause.UNKNOWN  # neither ours nor the kernel's for memory
    if not broken and number == signal.SIGXCPU:
        return "cpu time", Cause.CANDIDATE
    return broken or f"signal {number}", Cause.CANDIDATE


def _check_paths(job: Job) -> None:
    for inside in (*job.read_only, *job.writable, job.directory):
        path = PurePosixPath(inside)
        if not path.is_absolute() or ".." in path.parts:
            raise InfrastructureFailure(f"{inside!r} is not an absolute path without '..'")
    missing = [str(path) for path in job.read_only.values() if not path.exists()]
    if missing:
        raise InfrastructureFailure(f"nothing to mount at {', '.join(missing)}")
