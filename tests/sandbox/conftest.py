"""Runs attacks: inside the sandbox with all defences or without some, and outside as a plain process."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from heldout.sandbox import Isolation, Job, Limits, Outcome, interpreter, probe
from heldout.sandbox.supervision import supervise

LIMITS = {"wall_seconds": 20, "cpu_seconds": 20, "memory_mb": 256, "output_mb": 16}


class Inside(Protocol):
    """Run a script in the sandbox; `without` names defences to leave out, `level` a lower level than the one here."""

    def __call__(
        self,
        script: str,
        *arguments: object,
        without: Iterable[str] = (),
        level: int | None = None,
        read_only: Mapping[str, Path] | None = None,
        writable: Mapping[str, Path] | None = None,
        environment: Mapping[str, str] | None = None,
        **limits: float,
    ) -> Outcome: ...


@pytest.fixture(scope="session")
def isolation() -> Isolation:
    found = probe()
    if found.level == 0:
        pytest.skip(f"{found.explanation} To mend: {found.remedy}")
    return found


@pytest.fixture
def inside(isolation: Isolation) -> Inside:
    def run_inside(
        script: str,
        *arguments: object,
        without: Iterable[str] = (),
        level: int | None = None,
        read_only: Mapping[str, Path] | None = None,
        writable: Mapping[str, Path] | None = None,
        environment: Mapping[str, str] | None = None,
        **limits: Any,
    ) -> Outcome:
        job = Job(
            command=(interpreter(), "-c", textwrap.dedent(script), *map(str, arguments)),
            limits=Limits(**(LIMITS | limits)),
            read_only=read_only or {},
            writable=writable or {},
            environment=environment or {},
        )
        return supervise(job, level=level or isolation.level, without=frozenset(without))

    return run_inside


@pytest.fixture
def outside() -> Callable[..., str]:
    """Run a script as a plain process, as if there were no sandbox, and return what it prints."""

    def run_outside(script: str, *arguments: object) -> str:
        command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return run_outside


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of labels that no job may see."""
    path = tmp_path / "hidden-labels.csv"
    path.write_text("id,label\n1,secret-label\n")
    return path


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A directory of inputs that a job is given."""
    directory = tmp_path / "given"
    directory.mkdir(mode=0o755)
    (directory / "features.csv").write_text("id,x\n1,2\n")
    return directory


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A host directory that receives what a job leaves."""
    return tmp_path / "out"


@pytest.fixture
def answer() -> Callable[[Outcome], Any]:
    """Return the JSON that a script printed, once it has ended well."""

    def read(outcome: Outcome) -> Any:
        assert outcome.succeeded, outcome
        return json.loads(outcome.stdout)

    return read
