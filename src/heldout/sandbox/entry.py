"""The first program inside the sandbox: ours, by the host's Python, before anything foreign has run.

It takes the command over a socket, so that no process title or environment inside shows anything of the host, hands
out the writable directories as descriptors, lowers the resource limits and becomes the command. Only the standard
library is there to import.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import sys
from typing import Any

__all__ = ["READY", "lower", "main"]

READY = b"\x01"  # nothing after it and the command runs; otherwise why it could not be started


def main(descriptor: int) -> None:
    """Serve one order on the socket `descriptor`, which closes as the command starts."""
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    order = b""
    while part := control.recv(65536):
        order += part
    if not order:  # the supervisor is gone
        return
    job: dict[str, Any] = json.loads(order)
    handed = [os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in job["hand_out"]]
    socket.send_fds(control, [READY], handed)
    for each in handed:
        os.close(each)
    try:
        _become(job)
    except OSError as error:
        control.sendall(f"cannot run {job['command'][0]!r}: {error.strerror}".encode())
        sys.exit(127)


def _become(job: dict[str, Any]) -> None:
    os.chdir(job["directory"])
    for name, most in job["resource_limits"].items():
        lower(getattr(resource, name), most)
    for each in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them; a command expects the default
        signal.signal(each, signal.SIG_DFL)
    os.execvpe(job["command"][0], job["command"], job["environment"])  # noqa: S606 - argv as given, no shell


def lower(kind: int, most: int) -> None:
    """Lower a resource limit of this process; never raises one."""
    _, ceiling = resource.getrlimit(kind)
    hard = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
    # past the soft limit on CPU time comes a signal that names it, a second later the one that ends it
    soft = max(hard - 1, 1) if kind == resource.RLIMIT_CPU else hard
    with contextlib.suppress(ValueError):
        resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
