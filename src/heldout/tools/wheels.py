"""From requirements to a folder of wheels: resolved once, downloaded by hash, cached whole or not at all.

pip runs here outside the sandbox and with the user's own configuration, so it is only ever given what
`core.lock` understood, in our own words: never a file of the submission.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from heldout.core.errors import BadInput, CandidateFailure, InfrastructureFailure, RunFailure
from heldout.core.lock import Requirement, read_requirements
from heldout.tools import process
from heldout.tools.foreign_yaml import one_line

__all__ = ["download", "is_pinned", "parse", "resolve"]

SECONDS = 900
STALE_SECONDS = 24 * 3600
COMMON = ("--retries=3", "--disable-pip-version-check", "--no-input", "--only-binary=:all:")
WHEEL = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[A-Za-z0-9_.+!]+)(?:-[0-9][^-]*)?-[^-]+-[^-]+-[^-]+\.whl")

MACHINE = re.compile(
    r"Retrying \(Retry\(|(?:Connection|Timeout|SSL|Proxy|Protocol)Error\(|HTTP error \d+ |\b5\d\d Server Error|"
    r"Temporary failure in name resolution|No space left on device|Permission denied|No module named pip"
)
"""What only a network, a registry or a machine makes pip say: nothing that can stand in a requirement."""

CANDIDATE = re.compile(
    r"No matching distribution found|Could not find a version that satisfies|DO NOT MATCH THE HASHES|"
    r"ResolutionImpossible|Invalid requirement|InvalidMarker|Hashes are required|requires a different Python|"
    r"UndefinedComparison|UndefinedEnvironmentName"
)


def parse(text: str, *, where: str = "the lock") -> tuple[Requirement, ...]:
    """Return the requirements of a lock or requirements file.

    Raises BadInput, naming the line, for URLs, paths, options and whatever else is no requirement.
    """
    requirements = read_requirements(text)
    for requirement in requirements:
        if requirement.refused:
            raise BadInput(
                f"{where} has a line that is refused: {requirement.refused}",
                where=f"{where}, line {requirement.line}: {ascii(requirement.text[:80])[1:-1]}",
                expected="name==version ; marker --hash=sha256:...",
                mend="uv pip compile --generate-hashes requirements.in",
            )
    return requirements


def is_pinned(text: str) -> bool:
    """Tell whether every requirement has one version and a SHA-256 hash. Raises as `parse` does."""
    return all(requirement.is_pinned for requirement in parse(text))


def resolve(text: str, *, where: str = "the requirements") -> str:
    """Return a lock of the wheels that `text` stands for today, on this interpreter, from the user's registry.

    Hashes that were given must be among those found. Raises BadInput as `parse` does, CandidateFailure when the
    requirements cannot be met by wheels, InfrastructureFailure when the registry cannot be reached.
    """
    requirements = parse(text, where=where)
    promised = {requirement.name: requirement.hashes for requirement in requirements if requirement.hashes}
    found: list[Requirement] = []
    if requirements:
        with tempfile.TemporaryDirectory(prefix="heldout-resolve-") as name:
            directory = Path(name)
            wanted = [_without_hashes(requirement) for requirement in requirements]
            (directory / "requirements.txt").write_text("\n".join(wanted), encoding="utf-8")
            _pip(
                ["install", "--dry-run", "--ignore-installed", "--quiet", "--report=report.json", *COMMON],
                directory,
                "the requirements could not be resolved",
            )
            found = _installed(json.loads((directory / "report.json").read_text(encoding="utf-8")))
    for requirement in found:
        if requirement.name in promised and not set(requirement.hashes) & set(promised[requirement.name]):
            raise CandidateFailure(f"{requirement.name}{requirement.versions} is there with another hash than promised")
    lines = [requirement.render() for requirement in sorted(found, key=lambda requirement: requirement.name)]
    return "".join(f"{line}\n" for line in [f"# resolved for {_platform()}", *lines])


def download(text: str, cache: Path) -> Path:
    """Return a folder below `cache` with exactly the wheels of a pinned lock that this interpreter needs.

    The folder is named by the lock's hash and appears whole or not at all; its wheels are hashed again at each use.
    Raises BadInput for a lock that is not pinned, CandidateFailure for an unknown package or a hash that differs,
    InfrastructureFailure when the registry cannot be reached, RunFailure when the cause cannot be told.
    """
    requirements = parse(text)
    if unpinned := [requirement for requirement in requirements if not requirement.is_pinned]:
        raise BadInput(
            f"{unpinned[0].name} has no exact version with a hash",
            where=f"the lock, line {unpinned[0].line}",
            expected="name==version --hash=sha256:... for every requirement",
            mend="resolve it first",
        )
    lock = "".join(f"{requirement.render()}\n" for requirement in requirements)
    folder = cache / hashlib.sha256(f"{_platform()}\n{lock}".encode()).hexdigest()
    cache.mkdir(parents=True, exist_ok=True)
    _sweep(cache)
    if folder.is_dir():
        if not _complaint(folder, requirements):
            return folder
        shutil.rmtree(folder)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=cache))
    try:
        wheels = partial / "wheels"
        wheels.mkdir()
        if requirements:
            (partial / "requirements.txt").write_text(lock, encoding="utf-8")
            arguments = ["download", "--require-hashes", "--no-deps", "--progress-bar=off", "--dest=wheels", *COMMON]
            _pip(arguments, partial, "the locked wheels could not be downloaded")
        if complaint := _complaint(wheels, requirements):
            raise CandidateFailure(f"the downloaded wheels are not those of the lock: {complaint}")
        for wheel in wheels.iterdir():
            wheel.chmod(0o644)
        wheels.chmod(0o755)
        _keep(wheels, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _keep(wheels: Path, folder: Path) -> None:
    try:
        wheels.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another grading was faster, with the same wheels
            raise


def _without_hashes(requirement: Requirement) -> str:
    return re.sub(r" --hash=\S+", "", requirement.render())


def _installed(report: dict[str, list[dict[str, dict[str, dict[str, dict[str, str]]]]]]) -> list[Requirement]:
    found = []
    for item in report["install"]:
        archive = item["download_info"].get("archive_info", {})
        line = f"{item['metadata']['name']}=={item['metadata']['version']}"
        digest = archive.get("hashes", {}).get("sha256", "")
        (requirement,) = read_requirements(f"{line} --hash=sha256:{digest}")
        if not requirement.is_pinned:
            raise RunFailure(f"the registry gives no SHA-256 hash for {line}")
        found.append(requirement)
    return found


def _pip(arguments: Sequence[str], directory: Path, failing: str) -> None:
    """Run pip on `requirements.txt` in `directory`; raise the failure that fits what it says."""
    done = _run([*arguments, "--requirement=requirements.txt"], directory)
    if done.exit_code == 0 and not done.timed_out:
        return
    errors = "\n".join(line for line in done.stderr.splitlines() if not line.startswith("WARNING"))
    said = f"{failing}: {one_line(errors, 500) or f'pip ended with exit code {done.exit_code}'}"
    if MACHINE.search(done.stderr):
        raise InfrastructureFailure(said)
    if done.timed_out:  # a registry that is slow, or requirements that are made to be tried for hours
        raise RunFailure(f"{said} (more than {SECONDS} s)")
    if "(from versions: none)" in done.stderr and not _is_answering(directory):
        raise InfrastructureFailure(f"{said} (the registry has no pip either: it does not answer)")
    raise CandidateFailure(said) if CANDIDATE.search(done.stderr) else RunFailure(said)


def _is_answering(directory: Path) -> bool:
    """Tell whether the registry knows a package that every registry has: pip says nothing of one that is down."""
    arguments = ["install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet", *COMMON, "pip"]
    return _run(arguments, directory).exit_code == 0


def _run(arguments: Sequence[str], directory: Path) -> process.Completed:
    """Run pip with the user's own configuration and credentials."""
    return process.run(
        [sys.executable, "-P", "-m", "pip", *arguments],
        directory=directory,
        environment={**os.environ, "LC_ALL": "C", "PYTHONWARNINGS": "ignore"},
        seconds=SECONDS,
        memory_mb=None,
    )


def _complaint(folder: Path, requirements: Sequence[Requirement]) -> str:
    """Return why the files of `folder` are not the locked wheels, or an empty text.

    A requirement with a marker may have no wheel: the marker may not apply here.
    """
    locked = {(requirement.name, digest) for requirement in requirements for digest in requirement.hashes}
    missing = {requirement.name for requirement in requirements if not requirement.marker}
    for path in sorted(folder.iterdir()):
        match = WHEEL.fullmatch(path.name)
        if match is None or path.is_symlink() or not path.is_file():
            return f"{one_line(path.name)} is no wheel"
        name = re.sub(r"[-_.]+", "-", match["name"]).lower()
        with path.open("rb") as reader:
            if (name, hashlib.file_digest(reader, "sha256").hexdigest()) not in locked:
                return f"{path.name} has a hash that is not in the lock"
        missing.discard(name)
    return f"{min(missing)} is missing" if missing else ""


def _sweep(cache: Path) -> None:
    """Remove what downloads that were killed left behind; younger ones may still be running."""
    for path in cache.glob(".partial-*"):
        try:
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
        except FileNotFoundError:
            continue


def _platform() -> str:
    return f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
