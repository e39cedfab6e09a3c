"""Dockerfiles as hadolint sees them."""

import json
import re
import tempfile
from pathlib import Path

from heldout.core.dockerfiles import dockerfiles
from heldout.core.repository import Repository
from heldout.core.repository_evidence import DockerfileLint, LintWarning
from heldout.tools import process
from heldout.tools.foreign_yaml import one_line

__all__ = ["ABSENT", "lint"]

ABSENT = "hadolint is not installed here; pip install 'heldout[eval]' brings it"
SECONDS = 20
MEMORY_MB = 1_000
MAX_FILES = 20
MAX_BYTES = 200_000
MAX_WARNINGS = 500


def lint(repository: Repository) -> DockerfileLint | None:
    """Return what hadolint says of the Dockerfiles of a repository; None where it is not installed (see ABSENT).

    Neither the repository's settings nor its comments (`# hadolint ignore=...`) are obeyed, so that all are read alike.
    At most 20 files of 200 kB are read; what is beyond, and what hadolint cannot parse, is listed with its reason.
    """
    program = process.find("hadolint")
    with tempfile.TemporaryDirectory(prefix="heldout-hadolint-") as name:
        directory = Path(name)
        version = None if program is None else _version(program, directory)
        if program is None or version is None:
            return None
        names = dockerfiles(repository)
        warnings: list[LintWarning] = []
        unread = [(path, f"is beyond the first {MAX_FILES} files") for path in names[MAX_FILES:]]
        for path in names[:MAX_FILES]:
            found = _ask(program, directory, path, repository.files[path])
            if isinstance(found, str):
                unread.append((path, found))
            else:
                warnings += found
    return DockerfileLint(
        judge=f"hadolint {version}", files=names, warnings=tuple(warnings[:MAX_WARNINGS]), unread=tuple(sorted(unread))
    )


def _version(program: Path, directory: Path) -> str | None:
    done = process.run([str(program), "--version"], directory=directory, seconds=SECONDS, memory_mb=MEMORY_MB)
    found = re.search(r"(\d+\.[\w.]+)", done.stdout)
    return found[1] if done.exit_code == 0 and found else None


def _ask(program: Path, directory: Path, path: str, content: bytes) -> list[LintWarning] | str:
    """Return the warnings of one file, or why there are none; it is written under a name of ours."""
    if len(content) > MAX_BYTES:
        return f"has {len(content):,} bytes, more than {MAX_BYTES:,}"
    (directory / "empty.yaml").write_text("ignored: []\n")
    (directory / "Dockerfile").write_bytes(content)
    argv = [str(program), "--config", "empty.yaml", "--disable-ignore-pragma", "--no-fail", "--format", "json"]
    done = process.run([*argv, "Dockerfile"], directory=directory, seconds=SECONDS, memory_mb=MEMORY_MB)
    if done.timed_out or done.exit_code != 0:
        return f"hadolint gave it up: {one_line(done.stderr) or f'exit code {done.exit_code}'}"
    try:
        said = json.loads(done.stdout)
        found = [
            LintWarning(
                path=path,
                line=int(one["line"]),
                rule=one_line(one["code"], 20),
                level=one_line(one["level"], 20),
                message=one_line(one["message"]),
            )
            for one in said[:MAX_WARNINGS]
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        return "hadolint said more than can be kept"
    broken = next((one for one in found if one.rule == "DL1000"), None)
    return f"line {broken.line}: {broken.message}" if broken else found
