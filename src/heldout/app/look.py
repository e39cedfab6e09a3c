"""The use case of `heldout eval look`: what the checks of repositories say of one, without a brief."""

import tempfile
from pathlib import Path

from heldout.core.finding import Finding
from heldout.core.repository import Repository
from heldout.core.verdict import Verdict
from heldout.engine import catalog
from heldout.evals.grading.put import put
from heldout.tools import git, hadolint
from heldout.tools.ci_config import ci_config

__all__ = ["EVIDENCE", "FAMILIES", "look_at_repository"]

FAMILIES = ("architecture", "code", "documentation", "reproducibility")
EVIDENCE = frozenset({"ci_config", "dockerfile_lint", "repository"})
"""What a repository by itself can put to checks; a check that needs a run, a brief or data is not asked."""


def look_at_repository(path: Path) -> Verdict:
    """Return what the checks of FAMILIES find in the HEAD of the git repository at `path`; nothing of it is run.

    Raises BadInput for what is no repository, or holds links or too much; InfrastructureFailure where git is missing.
    """
    repository, commit = git.snapshot(path)
    evidence = {"ci_config": ci_config(repository), "dockerfile_lint": hadolint.lint(repository)}
    asked = [
        check
        for check in catalog()
        if check.family in FAMILIES and {need.name for need in check.needs if not need.optional} <= EVIDENCE
    ]
    with tempfile.TemporaryDirectory(prefix="heldout-look-") as folder:
        git.export(path, Path(folder) / "tree", commit)
        findings = put(asked, evidence, tree=Path(folder) / "tree", commit=commit)
    return Verdict(
        title=f"repository {path.resolve().name}",
        findings=findings,
        facts=_facts(repository, findings),
        notes=git.notes(path, repository)[:5],
    )


def _facts(repository: Repository, findings: tuple[Finding, ...]) -> dict[str, str]:
    files = len(repository.files) + len(repository.omitted)
    python = sum(path.endswith(".py") for path in repository.files)
    contract = "in the top folder" if repository.submission is not None else "not there: no command of it is followed"
    facts = {
        "commit": repository.commit,
        "files": f"{files:,}, of which {python:,} Python",
        "submission.toml": contract,
        "checks asked": f"{len({finding.code for finding in findings})} of {', '.join(FAMILIES)}",
    }
    if repository.omitted:
        facts["not read, above 1 MB"] = f"{len(repository.omitted):,} files"
    return facts
