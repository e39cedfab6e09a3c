"""Judges rule files: by promtool where it is installed, else by their structure."""

import tempfile
from pathlib import Path

from heldout.core.evidence import RulesVerdict
from heldout.core.repository import Repository
from heldout.tools.foreign_yaml import Unreadable, documents
from heldout.tools.promtool.alerts import groups_of, rule_files
from heldout.tools.promtool.program import Promtool
from heldout.tools.promtool.structure import complaint

__all__ = ["OURS", "judge", "version"]

OURS = "Heldout's own parser (promtool is not installed; expressions are not parsed)"


def version(promtool: Promtool | None = None) -> str:
    """Return who judges here: promtool with its version, or our own parser."""
    found = promtool or Promtool.find()
    return OURS if found is None else f"promtool {found.version}"


def judge(repository: Repository) -> RulesVerdict:
    """Return who judged the rule files of a repository, which they are, and what was refused and why.

    What is no YAML within our bounds is refused before promtool sees it.
    """
    promtool = Promtool.find()
    files = rule_files(repository)
    refused: list[tuple[str, str]] = []
    for path, content in files.items():
        try:
            parsed = documents(content)
        except Unreadable as error:
            refused.append((path, str(error)))
            continue
        why = complaint([groups_of(document) for document in parsed]) if promtool is None else _ask(promtool, content)
        if why:
            refused.append((path, why))
    return RulesVerdict(judge=version(promtool), files=tuple(files), refused=tuple(refused))


def _ask(promtool: Promtool, content: bytes) -> str:
    with tempfile.TemporaryDirectory(prefix="heldout-promtool-") as directory:
        # under a name of ours: a path of the submission may start with a dash
        (Path(directory) / "rules.yml").write_bytes(content)
        why = promtool.complaint(["check", "rules", "rules.yml"], Path(directory))
    return why.removeprefix("rules.yml: ")
