"""Reads git objects by one `git cat-file --batch`, and hashes each again: an index may lie about what it points at."""

import contextlib
import hashlib
import re
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from heldout.core.errors import BadInput, InfrastructureFailure
from heldout.tools import process

__all__ = ["Objects"]

SECONDS = 120
MEMORY_MB = 2_000
BEGINNING = re.compile(r"[0-9a-f]{4,64}")
REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")
SETTINGS = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.commitGraph=false"),
    *("-c", "core.packedGitWindowSize=16m", "-c", "core.packedGitLimit=256m", "-c", "protocol.allow=never"),
)
ENVIRONMENT = {
    **process.QUIET,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
}


class Objects:
    """The objects of a quarantined repository, while the context lasts."""

    def __init__(self, git_directory: Path) -> None:
        program = process.find("git")
        if program is None:
            raise InfrastructureFailure("git is not installed; install it with the system's package manager")
        self._argv = [str(program), f"--git-dir={git_directory}", *SETTINGS]
        self._directory = git_directory
        self._timed_out = False

    def __enter__(self) -> Self:
        self._process = process.start(
            [*self._argv, "cat-file", "--batch"],
            directory=self._directory,
            environment=ENVIRONMENT,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
            stderr=subprocess.DEVNULL,
        )
        self._timer = threading.Timer(SECONDS, self._expire)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        process.kill(self._process)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()

    def commit(self, revision: str) -> str:
        """Return the full hash of the commit that `revision` (HEAD, a branch, a tag, a hash) stands for."""
        if not REVISION.fullmatch(revision) or ".." in revision:
            raise BadInput(f"{revision!r} names no commit", expected="HEAD, a branch, a tag or a hash")
        answer = process.run(
            [*self._argv, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"],
            directory=self._directory,
            environment=ENVIRONMENT,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )
        found = answer.stdout.strip()
        if answer.exit_code != 0 or not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", found):
            said = f": {ascii(answer.stderr.strip()[:200])[1:-1]}" if answer.stderr.strip() else ""
            raise BadInput(
                f"the repository has no commit {revision}{said}",
                expected="at least one commit",
                mend="git add -A && git commit -m 'Submission'",
            )
        return found

    def is_commit(self, name: str) -> bool:
        """Tell whether a hash, or the beginning of one, names one commit. Raises BadInput where git gives up."""
        if not BEGINNING.fullmatch(name):
            return False
        self._send(f"{name}^{{commit}}", "a commit")
        header = self._stdout.readline(200).decode("ascii", errors="replace").split()
        if not header:
            raise self._died("a commit")
        if len(header) != 3 or header[1] != "commit":
            return False
        self._skip(int(header[2]), "a commit")
        return True

    def read(self, name: str, kind: str, *, most: int, path: str) -> bytes:
        """Return the content of the object `name`: a `kind` ("commit", "tree", "blob") of at most `most` bytes.

        `path` is what errors call it. Raises BadInput when it is not there, too large, of another kind, or not what
        its name promises.
        """
        size = self._asked(name, kind, path)
        if size > most:
            raise BadInput(
                f"{path} has {size:,} bytes",
                expected=f"at most {most:,} bytes",
                mend="remove it from the commit; data and models are not part of a submission",
            )
        return self._content(name, kind, size, path)

    def read_small(self, name: str, kind: str, *, most: int, path: str) -> tuple[int, bytes | None]:
        """Return the size of an object, and its content, or None where that is above `most` bytes. Raises as `read`."""
        size = self._asked(name, kind, path)
        if size <= most:
            return size, self._content(name, kind, size, path)
        self._skip(size, path)
        return size, None

    def _skip(self, size: int, path: str) -> None:
        """Read past a content, so that the next answer is the next object's."""
        left = size + 1
        while left:
            chunk = self._stdout.read(min(left, 1 << 20))
            if not chunk:
                raise self._died(path)
            left -= len(chunk)

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _asked(self, name: str, kind: str, path: str) -> int:
        """Ask for an object and return its size."""
        self._send(name, path)
        header = self._stdout.readline(200).decode("ascii", errors="replace").split()
        if not header:
            raise self._died(path)
        if len(header) != 3:
            raise BadInput(
                f"the repository lacks the content of {path}",
                expected="a whole repository",
                mend="git fetch --refetch in a partial clone, git fsck in a damaged one",
            )
        _, found, digits = header
        if found != kind:
            raise BadInput(f"{path} is a {found} object", expected=f"a {kind} object", mend="git fsck")
        return int(digits)

    def _send(self, name: str, path: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{name}\n".encode("ascii"))
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._died(path) from None

    def _content(self, name: str, kind: str, size: int, path: str) -> bytes:
        content = self._stdout.read(size)
        if len(content) != size or self._stdout.read(1) != b"\n":
            raise self._died(path)
        algorithm = "sha1" if len(name) == 40 else "sha256"
        digest = hashlib.new(algorithm, f"{kind} {size}\0".encode("ascii"), usedforsecurity=False)
        digest.update(content)
        if digest.hexdigest() != name:
            raise BadInput(f"{path} is not what its hash promises", expected="a sound repository", mend="git fsck")
        return content

    def _expire(self) -> None:
        self._timed_out = True
        process.kill(self._process)

    def _died(self, path: str) -> BadInput:
        why = f"took longer than {SECONDS} s" if self._timed_out else "gave up (damaged, or above its memory limit)"
        return BadInput(f"git {why} at {path}", expected="a sound repository", mend="git fsck, git gc")
