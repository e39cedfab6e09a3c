"""One running sandbox: its processes and the descriptors that reach them."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Self, cast

from heldout.core.errors import InfrastructureFailure
from heldout.sandbox.bubblewrap import Bubblewrap
from heldout.sandbox.entry import READY
from heldout.sandbox.job import Job
from heldout.sandbox.preparation import prepare

__all__ = ["SandboxProcess"]

_SET_UP_WITHIN_SECONDS = 30.0
_DIES_WITHIN_SECONDS = 10.0
_MESSAGE_BYTES = 4096
_MOST_HANDED_OUT = 64
_SECONDS_PER_TICK = 1 / os.sysconf("SC_CLK_TCK")


class SandboxProcess:
    """A started sandbox that waits for its command. A context manager: nothing of it outlives it, whatever happens.

    `joins` are the control group files to join; `without` names defences to leave out, for the tests that show that
    an attack works without them.
    """

    def __init__(
        self, program: Bubblewrap, job: Job, *, joins: Iterable[Path] = (), without: frozenset[str] = frozenset()
    ) -> None:
        self._process_1: tuple[int, int] | None = None
        # `passed` is closed as soon as the child has its own, `owned` in the end, or here if there is no child
        with contextlib.ExitStack() as owned, contextlib.ExitStack() as passed:
            self._control, theirs = socket.socketpair()
            owned.callback(self._control.close)
            passed.callback(theirs.close)
            self._information, information = os.pipe()
            owned.callback(os.close, self._information)
            passed.callback(os.close, information)
            start = prepare(
                program,
                job,
                control=theirs.fileno(),
                information=information,
                joins=joins,
                without=without,
                owner=passed,
            )
            self._popen = subprocess.Popen(
                start.arguments,
                executable=start.program,
                env=start.environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **_descriptors(start.descriptors, all_of_them="close_fds" in without),
            )
            self.stdout, self.stderr = cast(IO[bytes], self._popen.stdout), cast(IO[bytes], self._popen.stderr)
            owned.callback(self.stdout.close)
            owned.callback(self.stderr.close)
            self.ended = os.pidfd_open(self._popen.pid)
            owned.callback(os.close, self.ended)
            self._owned = owned.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.kill()
        finally:
            self._owned.close()

    def begin(self, order: Mapping[str, object]) -> tuple[list[int], str]:
        """Hand the entry its order; return the descriptors that it hands out, and why the command could not start.

        Raises InfrastructureFailure if the sandbox itself could not be set up.
        """
        self._control.settimeout(_SET_UP_WITHIN_SECONDS)
        try:
            self._process_1 = self._find_process_1()
            self._control.sendall(json.dumps(order).encode())
            self._control.shutdown(socket.SHUT_WR)
            ready, handed, _, _ = socket.recv_fds(self._control, len(READY), _MOST_HANDED_OUT)
            for descriptor in handed:
                self._owned.callback(os.close, descriptor)
            if ready != READY:
                raise self._set_up_failure()
            return list(handed), self._control.recv(_MESSAGE_BYTES).decode(errors="replace")
        except (OSError, ValueError) as error:
            raise self._set_up_failure() from error

    def cpu_seconds(self) -> float:
        """CPU time of the processes that are alive and of those that they waited for."""
        if self._process_1 is None:
            return 0.0
        return sum(_ticks(process) for process in _family(self._process_1[0])) * _SECONDS_PER_TICK

    def kill(self) -> int:
        """Kill what is alive, wait until the last process is gone and return bubblewrap's exit code.

        Raises InfrastructureFailure if processes do not die.
        """
        if self._process_1 is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process_1[1], signal.SIGKILL)
        self._popen.kill()
        code = self._popen.wait()
        # process 1 counts as ended only once the kernel has ended all others of its namespace
        if self._process_1 is not None and not _readable(self._process_1[1], _DIES_WITHIN_SECONDS):
            raise InfrastructureFailure("processes of the job could not be killed")
        return code

    def _find_process_1(self) -> tuple[int, int]:
        said = b""
        until = time.monotonic() + _SET_UP_WITHIN_SECONDS
        while _readable(self._information, until - time.monotonic()) and (part := os.read(self._information, 4096)):
            said += part
        number = json.loads(said)["child-pid"]  # it waits for our order, so the number is still its own
        descriptor = os.pidfd_open(number)
        self._owned.callback(os.close, descriptor)
        return number, descriptor

    def _set_up_failure(self) -> InfrastructureFailure:
        self.kill()
        said = self.stderr.read().decode(errors="replace").strip()
        return InfrastructureFailure(f"the sandbox could not be set up: {said or 'no word from bubblewrap'}")


def _descriptors(passed: tuple[int, ...], *, all_of_them: bool) -> dict[str, Any]:
    if not all_of_them:
        return {"pass_fds": passed}
    for each in passed:
        os.set_inheritable(each, True)
    return {"close_fds": False}


def _readable(descriptor: int, seconds: float) -> bool:
    waiting = select.poll()  # select() itself refuses descriptors from 1024 on
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(max(seconds, 0) * 1000))


def _family(process: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield process
    with contextlib.suppress(OSError):  # gone in the meantime
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from _family(int(child))


def _ticks(process: int) -> int:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(each) for each in fields[11:15])  # utime, stime and those of waited-for children
