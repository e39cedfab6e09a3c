"""What is read off the findings of an audit before they are shown: what to say once, and what was not asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from heldout.core.accept import Standing
from heldout.core.finding import Ending, Finding, Witness

__all__ = ["LEGEND", "Told", "also_line", "names", "not_asked", "not_asked_line", "told_once", "witnesses_beyond"]

LEGEND = (
    "proven: an identity or a counted fact; strong: an effect and a structure behind it; "
    "suspect: an effect alone, a question"
)
"""What the certainties of problems mean."""

TAKES = {
    "availability": "--known-at-prediction",
    "baselines": "--predictions",
    "batch_run": "--estimator",
    "copies": "--test",
    "corpus_overlap": "--corpus",
    "covariate_shift": "--test",
    "decision": "--metric",
    "entity_overlap": "--entity",
    "evaluations": "--evaluations",
    "event_times": "--time",
    "folds": "--fold",
    "label_gap": "--horizon",
    "label_shift": "--test",
    "label_windows": "--horizon",
    "near_copies": "--test",
    "predictions": "--predictions",
    "reported": "--reported",
    "shuffled_runs": "--estimator",
    "slices": "--slice",
    "test_size": "--test",
    "threshold": "--threshold",
    "time_order": "--time",
}
"""The option of `heldout audit` that gives a piece of evidence first of all; others go by their own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem that is told in full, and the less sure ones about the same columns that are told beside it."""

    finding: Finding
    also: tuple[Finding, ...]


def told_once(problems: Sequence[Finding]) -> tuple[Told, ...]:
    """Put open problems about columns that a surer one names already beside that one; `problems` are the surest first.

    What is known or accepted stands by itself, with its reason.
    """
    told: list[tuple[Finding, list[Finding]]] = []
    for problem in problems:
        columns = set(problem.columns)
        is_open = problem.standing is Standing.OPEN and not problem.expired
        for first, also in told:
            if columns and is_open and first.standing is Standing.OPEN and columns <= set(first.columns):
                also.append(problem)
                break
        else:
            told.append((problem, []))
    return tuple(Told(finding=finding, also=tuple(also)) for finding, also in told)


def also_line(finding: Finding) -> str:
    """Say in a line what another check found about the same column."""
    level = f"{finding.certainty.value}, " if finding.certainty else ""
    return f"also {finding.code} ({level}{finding.name}): {finding.answer.claim}"


def witnesses_beyond(finding: Finding) -> tuple[Witness, ...]:
    """Return the witnesses that say more than the claim does."""
    claim = finding.answer.claim
    return tuple(
        witness
        for witness in finding.answer.witnesses
        if witness.where not in claim or (witness.note and witness.note not in claim)
    )


def names(findings: Iterable[Finding]) -> str:
    """Name the checks of findings, each once: `near-copy (LEK001), label-shift (SPL007)`."""
    return ", ".join(dict.fromkeys(f"{finding.name} ({finding.code})" for finding in findings))


def not_asked(findings: Iterable[Finding]) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """Return the checks that were not asked by the option that they take, the one that most of them take first."""
    takes: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.ending is Ending.NO_EVIDENCE:
            first = finding.missing[0] if finding.missing else "other evidence"
            takes.setdefault(TAKES.get(first, first.replace("_", " ")), []).append(finding)
    return tuple((option, tuple(found)) for option, found in sorted(takes.items(), key=lambda item: -len(item[1])))


def not_asked_line(findings: Iterable[Finding]) -> str:
    """Say how many checks were not asked, and what they take."""
    found = not_asked(findings)
    takes = ", ".join(option if len(ones) == 1 else f"{option} ({len(ones)})" for option, ones in found)
    return f"{sum(len(ones) for _, ones in found)} not asked, as they take {takes}"
