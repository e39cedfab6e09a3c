"""Builds the environment of a submission from its own lock: wheels fetched outside, installed offline inside."""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uv

from heldout.core.errors import BadInput, CandidateFailure, Cause, InfrastructureFailure
from heldout.evals.grading.journal import Journal
from heldout.evals.grading.program import Program
from heldout.evals.submission import check_commands
from heldout.sandbox import Isolation, Job, Limits, interpreter, run
from heldout.tools import wheels

__all__ = ["Built", "Environment", "build"]

LIMITS = Limits(wall_seconds=900, cpu_seconds=600, memory_mb=8192, output_mb=6000, output_files=200_000)
INSIDE = Path("/env")
SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """An environment that runs see at `/env`; `digest` names what it was made from."""

    folder: Path
    digest: str

    @property
    def mounts(self) -> Mapping[str, Path]:
        """What a job mounts to have it."""
        return {str(INSIDE): self.folder}

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables of a job that uses it."""
        return {
            "PATH": ":".join((str(INSIDE / "bin"), *SYSTEM_PATH)),
            "HOME": "/tmp",  # noqa: S108 - a path inside the sandbox
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A program with its environment, ready to run."""

    program: Program
    environment: Environment


def build(
    journal: Journal, program: Program, progress: Callable[[str], None], isolation: Isolation | None = None
) -> Built:
    """Return `program` with its environment; the same requirements make one environment for all who ask.

    Wheels are installed in the sandbox of `isolation`, else of this machine.
    Requirements without hashes are resolved once; the resolution stands in the journal and serves all runs.
    Raises BadInput for a lock that cannot be used or a command without program, CandidateFailure when building breaks
    its limits, InfrastructureFailure when the machine could not build.
    """
    lock = program.tree / program.contract.build.lock
    text = lock.read_text(encoding="utf-8", errors="replace")
    if not wheels.is_pinned(text):
        text = _resolved(journal, text, program, progress)
    requirements = "".join(f"{requirement.render()}\n" for requirement in wheels.parse(text))
    inputs = {"requirements": requirements, "python": sys.version, "interpreter": interpreter()}

    def work(folder: Path) -> dict[str, Any]:
        progress(f"{program.name}: build the environment")
        return _build(folder, requirements, journal.folder / "wheels", isolation)

    step = journal.step("environment", inputs, work)
    environment = Environment(
        folder=step.folder / "env",
        digest=hashlib.sha256(f"{inputs['requirements']}\n{sys.version}".encode()).hexdigest(),
    )
    installed = {path.name for path in (environment.folder / "bin").iterdir()}
    installed |= {name for name in _programs(program) if shutil.which(name, path=":".join(SYSTEM_PATH))}
    check_commands(program.contract, program.files, installed)
    return Built(program=program, environment=environment)


def _resolved(journal: Journal, text: str, program: Program, progress: Callable[[str], None]) -> str:
    def work(_folder: Path) -> dict[str, Any]:
        progress(f"{program.name}: resolve requirements that have no hashes")
        return {"requirements": wheels.resolve(text)}

    requirements: str = journal.step("resolve", {"requirements": text}, work).result["requirements"]
    return requirements


def _programs(program: Program) -> tuple[str, ...]:
    return tuple(section.command[0] for section in program.contract.commands.values())


def _build(folder: Path, requirements: str, cache: Path, isolation: Isolation | None) -> dict[str, Any]:
    environment = folder / "env"
    binaries = environment / "bin"
    binaries.mkdir(parents=True)
    for name in ("python", "python3", PYTHON):
        (binaries / name).symlink_to(interpreter())
    version = ".".join(map(str, sys.version_info[:3]))
    settings = f"home = {Path(interpreter()).parent}\ninclude-system-site-packages = false\nversion = {version}\n"
    (environment / "pyvenv.cfg").write_text(settings)
    packages = environment / "lib" / PYTHON / "site-packages"
    if not requirements:
        packages.mkdir(parents=True)
        return {"packages": 0}
    packages.parent.mkdir(parents=True)
    lock = folder / "requirements.txt"
    lock.write_text(requirements, encoding="utf-8")
    wheelhouse = wheels.download(requirements, cache)
    _install(environment, wheelhouse, lock, folder / "site", isolation)
    scripts = folder / "site" / "bin"
    for script in scripts.iterdir() if scripts.is_dir() else ():
        if script.is_file() and not os.path.lexists(binaries / script.name):
            script.chmod(0o755)
            script.rename(binaries / script.name)
    (folder / "site").rename(packages)
    return {"packages": len(list(wheelhouse.iterdir()))}


def _install(environment: Path, wheelhouse: Path, lock: Path, site: Path, isolation: Isolation | None) -> None:
    site.mkdir()
    outcome = run(
        Job(
            command=(
                *("/uv", "pip", "install", "--quiet", "--offline", "--no-config", "--no-index", "--no-deps"),
                *("--find-links", "/wheels", "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"),
                *("--compile-bytecode", "--python", str(INSIDE / "bin" / "python"), "--target", "/site"),
                *("--requirements", "/requirements.txt"),
            ),
            limits=LIMITS,
            read_only={
                "/uv": Path(uv.find_uv_bin()),
                "/wheels": wheelhouse,
                "/requirements.txt": lock,
                str(INSIDE): environment,
            },
            writable={"/site": site},
            environment={
                "HOME": "/tmp",  # noqa: S108 - a path inside the sandbox
                "PATH": ":".join(SYSTEM_PATH),
                "PYC_INVALIDATION_MODE": "UNCHECKED_HASH",  # copied files have other times than those compiled
            },
        ),
        isolation=isolation,
    )
    if not outcome.succeeded:
        said = outcome.stderr.strip()[-500:]
        if outcome.exit_code is None:
            kind = CandidateFailure if outcome.cause is Cause.CANDIDATE else InfrastructureFailure
            raise kind(f"building the environment ended with {outcome.reason}")
        raise BadInput(
            f"the lock cannot be installed: {said}",
            where="build.lock",
            expected="wheels for this platform and Python, complete, each with its hash",
            mend="lock again with hashes, for example by uv pip compile --generate-hashes",
        )
