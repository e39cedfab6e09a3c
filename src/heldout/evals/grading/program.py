"""A submission as the grader holds it: its tree without `.git`, its contract, its files as evidence."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.repository import Repository
from heldout.evals.grading.journal import Journal
from heldout.evals.submission import Submission, read_submission
from heldout.tools import git

__all__ = ["Program", "Source", "look", "look_at_baseline", "receive"]

MAX_FILES = 10_000
MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a submission comes from, looked at before anything is written: its commit, files and contract.

    `commit` is the digest of its content where it is a plain folder; `folder` holds that content then.
    """

    path: Path
    commit: str
    files: frozenset[str]
    contract: Submission
    repository: Repository | None
    folder: Mapping[str, bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A received submission: `name` for people, the unpacked tree and its digest, and what the source said."""

    name: str
    commit: str
    tree: Path
    digest: str
    files: frozenset[str]
    contract: Submission
    repository: Repository | None


def look(path: Path, commit: str = "HEAD") -> Source:
    """Look at a commit of the git repository at `path`. Raises BadInput for what breaks the submission contract."""
    repository, commit = git.snapshot(path, commit)
    files = frozenset((*repository.files, *repository.omitted))
    contract = read_submission(repository.files.get("submission.toml"), files)
    return Source(path=path, commit=commit, files=files, contract=contract, repository=repository)


def look_at_baseline(path: Path) -> Source:
    """Look at a baseline: a git repository, or a plain folder, which is the organiser's own. Raises BadInput."""
    if (path / ".git").exists():
        return look(path)
    if not path.is_dir():
        raise BadInput("the baseline is not there", where=f"baseline.path: {path}", expected="a folder or a repository")
    found = [file for file in sorted(path.rglob("*")) if file.is_file() and "__pycache__" not in file.parts]
    if len(found) > MAX_FILES or sum(file.stat().st_size for file in found) > MAX_BYTES:
        expected = f"at most {MAX_FILES:,} files and {MAX_BYTES:,} bytes"
        raise BadInput("the baseline is too large", where=f"baseline.path: {path}", expected=expected)
    content = {file.relative_to(path).as_posix(): file.read_bytes() for file in found}
    lines = (f"{name}\0{hashlib.sha256(data).hexdigest()}\n" for name, data in content.items())
    return Source(
        path=path,
        commit=hashlib.sha256("".join(lines).encode()).hexdigest(),
        files=frozenset(content),
        contract=read_submission(content.get("submission.toml"), content.keys()),
        repository=None,
        folder=content,
    )


def receive(journal: Journal, source: Source) -> Program:
    """Unpack a source into the journal's folder."""

    def work(folder: Path) -> dict[str, str]:
        if source.folder is None:
            git.export(source.path, folder / "tree", source.commit)
        for name, content in (source.folder or {}).items():
            target = folder / "tree" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return {"commit": source.commit}

    step = journal.step("receive", {"commit": source.commit, "plain": source.folder is not None}, work)
    return Program(
        name=source.path.resolve().name,
        commit=source.commit,
        tree=step.folder / "tree",
        digest=step.digest,
        files=source.files,
        contract=source.contract,
        repository=source.repository,
    )
