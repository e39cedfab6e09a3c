"""Runs a person's own code as their own process: isolation level 0, with time and memory limits and no sandbox.

For code that its author runs on their own machine, where no isolation works; never for anybody else's.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time

from heldout.core.errors import Cause
from heldout.sandbox.entry import lower
from heldout.sandbox.job import Job, Outcome
from heldout.sandbox.resource_limits import per_process
from heldout.sandbox.streams import Transcript

__all__ = ["main", "run_own"]

_BECOME = f"import sys; from {__name__} import main; main(*sys.argv[1:])"
_CHUNK_BYTES = 65536
_SIGNALS = {signal.SIGXCPU: "cpu time", signal.SIGXFSZ: "disk"}


def run_own(job: Job) -> Outcome:
    """Run `job` as a process of this user, at level 0, and return how it ended.

    Its paths in `read_only` are replaced, in the command, by those outside; nothing is collected from it, so that
    `writable` has to be empty (ValueError). It has a directory, a session and an environment of its own; its processes
    are ended with it, but for those that leave its session.
    """
    if job.writable:
        raise ValueError("nothing is collected at level 0")
    limits = per_process(job.limits, whole_job_is_limited=False)
    del limits["RLIMIT_NPROC"]  # it would count the user's other processes too
    command = [str(job.read_only.get(word, word)) for word in job.command]
    start = [sys.executable, "-I", "-c", _BECOME, json.dumps(limits), *command]
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="heldout-own-") as directory:
        process = subprocess.Popen(
            start,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(job.environment),
            cwd=directory,
            start_new_session=True,
        )
        with process:
            try:
                broken, said = _follow(process, job)
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
    reason = broken or _reason(process.returncode)
    return Outcome(
        reason=reason,
        cause=Cause.CANDIDATE if reason else None,
        exit_code=process.returncode if not broken and process.returncode >= 0 else None,
        wall_seconds=time.monotonic() - begin,
        cpu_seconds=0.0,
        peak_memory_mb=None,
        stdout=said[0].text(),
        stderr=said[1].text(),
    )


def main(limits: str, *command: str) -> None:
    """Lower the limits of this process and become the command."""
    import resource

    for name, most in json.loads(limits).items():
        lower(getattr(resource, name), most)
    os.execv(command[0], command)  # noqa: S606 - argv as given, no shell


def _follow(process: "subprocess.Popen[bytes]", job: Job) -> tuple[str, tuple[Transcript, Transcript]]:
    """Read what the process prints until it ends or breaks a limit; return which one, and what was kept."""
    cap = job.limits.log_kb * 1024
    said = Transcript(cap), Transcript(cap)
    deadline = time.monotonic() + job.limits.wall_seconds
    with selectors.DefaultSelector() as selector:
        for stream, transcript in zip((process.stdout, process.stderr), said, strict=True):
            assert stream is not None
            selector.register(stream, selectors.EVENT_READ, transcript)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return "wall time", said
            for key, _ in selector.select(left):
                data = os.read(key.fd, _CHUNK_BYTES)
                key.data.feed(data)
                if not data:
                    selector.unregister(key.fileobj)
                if key.data.length > cap:
                    return "log size", said
    try:
        process.wait(max(deadline - time.monotonic(), 0.001))
    except subprocess.TimeoutExpired:
        return "wall time", said
    return "", said


def _reason(code: int) -> str:
    if code < 0:
        return _SIGNALS.get(signal.Signals(-code), f"signal {-code}")
    return f"exit code {code}" if code else ""
