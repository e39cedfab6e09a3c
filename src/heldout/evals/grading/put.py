"""Puts evidence to checks: what only reads a submission's files in a limited process, the rest here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from heldout.core.check import Check
from heldout.core.errors import CandidateFailure, RunFailure
from heldout.core.finding import Answer, Ending, Finding
from heldout.engine import run
from heldout.sandbox import Limits, call
from heldout.tools import hadolint

__all__ = ["put"]

AUDITOR = "heldout.evals.grading.auditor"
LIMITS = Limits(wall_seconds=300, cpu_seconds=120, memory_mb=2048)
FINDINGS = TypeAdapter(tuple[Finding, ...])
HOW_TO_GET = {"dockerfile_lint": hadolint.ABSENT}
"""What to say of evidence that only this machine lacks."""


def put(checks: Sequence[Check], evidence: Mapping[str, object], *, tree: Path, commit: str) -> tuple[Finding, ...]:
    """Return what the checks find, in their order; `tree` holds the files of `commit`.

    A check that asks for `repository` alone reads these files in a limited process; where it exceeds its limits it has
    crashed, and the others answer.
    """
    of_files = [check for check in checks if [need.name for need in check.needs] == ["repository"]]
    others = [check for check in checks if check not in of_files]
    findings = (*_in_files(tree, commit, of_files), *map(_explained, run(others, evidence)))
    places = {check.code: place for place, check in enumerate(checks)}
    return tuple(sorted(findings, key=lambda finding: places[finding.code]))


def _in_files(tree: Path, commit: str, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Put checks to files in a limited process: together, or each by itself when that ends badly."""
    request = {"tree": str(tree), "commit": commit, "checks": [check.code for check in checks]}
    try:
        said = call(AUDITOR, request, limits=LIMITS, blame=CandidateFailure)
    except RunFailure as failure:
        if len(checks) > 1:
            return tuple(finding for check in checks for finding in _in_files(tree, commit, [check]))
        claim = f"The check gave these files up: {failure}."
        answer = Answer(ending=Ending.CRASHED, claim=claim, to_do="Look at the files by hand.")
        return tuple(Finding(code=one.code, name=one.name, family=one.family, answer=answer) for one in checks)
    return FINDINGS.validate_python(said["findings"])


def _explained(finding: Finding) -> Finding:
    """Add to a finding without evidence how the machine gets it."""
    ways = [HOW_TO_GET[name] for name in finding.missing if name in HOW_TO_GET]
    if not ways:
        return finding
    claim = f"{finding.answer.claim.removesuffix('.')}; {'; '.join(ways)}."
    return replace(finding, answer=replace(finding.answer, claim=claim))
