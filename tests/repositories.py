"""Repositories as evidence, made of texts, and a check put to them."""

from collections.abc import Mapping, Sequence

from heldout.core.check import Check
from heldout.core.finding import Finding
from heldout.core.repository import Repository
from heldout.engine import run

Files = Mapping[str, str | bytes]


def repository_of(files: Files, **commands: Sequence[str]) -> Repository:
    """Return a repository of these files; `train=` and `predict=` are the commands of its submission.toml."""
    content = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    submission = {phase: {"command": list(words)} for phase, words in commands.items()}
    return Repository(commit="0", files=content, submission=submission or None)


def asked(check: Check, files: Files, **commands: Sequence[str]) -> Finding:
    """Return what a check finds in such a repository."""
    (finding,) = run([check], {"repository": repository_of(files, **commands)})
    return finding
