"""Answers one request of a git client by `git http-backend`, run as a CGI program within bounds."""

import contextlib
import io
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from heldout.core.errors import InfrastructureFailure
from heldout.tools import process
from heldout.tools.git.receiving import ENVIRONMENT

__all__ = ["Backend", "Request"]

MEMORY_MB = 2_000
HEADER_LINES, HEADER_BYTES = 50, 4_000
VERSIONS = frozenset({"version=1", "version=2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asks of a repository. `service` is git-upload-pack (fetch) or git-receive-pack (push).

    `advertise` asks for the list of refs; else `body`, of `size` bytes, holds what the client sends.
    """

    service: str
    advertise: bool = False
    body: BinaryIO | None = None
    size: int = 0
    is_gzip: bool = False
    protocol: str = ""
    push: str = ""
    """Names this push in the notes of the hooks."""

    def variables(self, repository: Path) -> dict[str, str]:
        """Return what git reads of the request, each value one of ours."""
        path = "info/refs" if self.advertise else self.service
        variables = {
            **ENVIRONMENT,
            "GIT_PROJECT_ROOT": str(repository.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{repository.name}/{path}",
            "REQUEST_METHOD": "GET" if self.advertise else "POST",
            "QUERY_STRING": f"service={self.service}" if self.advertise else "",
            "CONTENT_TYPE": "" if self.advertise else f"application/x-{self.service}-request",
            "CONTENT_LENGTH": str(self.size),
            "REMOTE_USER": "candidate",
            "HELDOUT_PUSH": self.push,
        }
        if self.is_gzip:
            variables["HTTP_CONTENT_ENCODING"] = "gzip"
        if self.protocol in VERSIONS:
            variables["GIT_PROTOCOL"] = self.protocol
        return variables


class Backend:
    """A running `git http-backend`, while the context lasts: status, type of content, and what it answers."""

    def __init__(self, repository: Path, request: Request, *, seconds: int) -> None:
        program = process.find("git")
        if program is None:
            raise InfrastructureFailure("git is not installed; install it with the system's package manager")
        self._argv = [str(program), "http-backend"]
        self._repository = repository
        self._request = request
        self._seconds = seconds
        self.status = 500
        self.content_type = "text/plain"

    def __enter__(self) -> Self:
        self._process = process.start(
            self._argv,
            directory=self._repository,
            environment=self._request.variables(self._repository),
            seconds=self._seconds,
            memory_mb=MEMORY_MB,
            stderr=subprocess.DEVNULL,
        )
        self._timer = threading.Timer(self._seconds, process.kill, (self._process,))
        self._timer.daemon = True
        self._timer.start()
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._feeder.start()
        self._read_headers()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        process.kill(self._process)
        self._feeder.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def read(self, most: int) -> bytes:
        """Return the next bytes of the answer, none at its end."""
        assert self._process.stdout is not None
        return self._process.stdout.read(most)

    def read_some(self) -> bytes:
        """Return what has come of the answer, at least a byte; none at its end."""
        stdout = self._process.stdout
        assert isinstance(stdout, io.BufferedReader)
        return stdout.read1(1 << 16)

    def wait(self) -> None:
        """Wait until git has ended, as it does once its answer was read; the bound in time holds."""
        self._process.wait()

    def _feed(self) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(BrokenPipeError, ValueError):
            while self._request.body is not None and (chunk := self._request.body.read(1 << 16)):
                stdin.write(chunk)
        with contextlib.suppress(BrokenPipeError):
            stdin.close()

    def _read_headers(self) -> None:
        assert self._process.stdout is not None
        ended = False
        for _ in range(HEADER_LINES):
            line = self._process.stdout.readline(HEADER_BYTES).decode("latin-1")
            if not line.strip():
                ended = bool(line)
                break
            name, _, value = line.partition(":")
            if name.lower() == "status" and value.split()[0].isdigit():
                self.status = int(value.split()[0])
            elif name.lower() == "content-type":
                self.content_type = value.strip()
                self.status = 200 if self.status == 500 else self.status
        if not ended:
            self.status = 500
