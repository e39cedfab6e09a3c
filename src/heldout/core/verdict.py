"""What a set of findings amounts to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from heldout.core.accept import Baseline, Standing
from heldout.core.estimate import Estimate
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.price import Basis, Refit, Unaffected

__all__ = ["ExitCode", "Score", "Verdict"]


class ExitCode:
    """The exit codes of every command."""

    CLEAR = 0
    PROBLEM = 1
    BAD_INPUT = 2
    UNDECIDED = 3
    TOOL_FAILED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The reported number beside the supported one. `headline` says in a sentence what the input allows.

    `basis` tells what `supported` rests on: a proxy's number is an estimate, and not the score of the model reported.
    `unaffected` is what the predictions give on rows that are no copies, `refit` what fitting again gives.
    """

    metric: str
    reported: float | None
    supported: Estimate | None
    headline: str
    basis: Basis = Basis.NONE
    unaffected: Unaffected | None = None
    refit: Refit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Findings and score of one audit.

    `title` names what was audited, `facts` what was looked at (rows, columns, target, ...), in reading order.
    `baseline` is the earlier audit that this one was held against, `notes` are sentences about it and about
    acceptances: those that are no longer needed, those that could not be told.
    """

    title: str
    findings: tuple[Finding, ...]
    score: Score | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    baseline: Baseline | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_undecided(self) -> bool:
        """True when a check crashed, or when none is clear and no problem is proven or strong."""
        endings = {finding.ending for finding in self.findings}
        return Ending.CRASHED in endings or not (Ending.CLEAR in endings or self.problems(Certainty.STRONG))

    def problems(self, level: Certainty = Certainty.SUSPECT) -> tuple[Finding, ...]:
        """Return the problems of at least `level`, the surest first, in the order of the findings otherwise."""
        found = [finding for finding in self.findings if finding.is_problem_at(level)]
        return tuple(sorted(found, key=lambda finding: -finding.certainty.rank if finding.certainty else 0))

    def failing(self, level: Certainty = Certainty.STRONG) -> tuple[Finding, ...]:
        """Return the problems of at least `level` that are neither accepted nor known, the surest first."""
        return tuple(finding for finding in self.problems(level) if finding.standing is Standing.OPEN)

    def exit_code(self, fail_on: Certainty = Certainty.STRONG) -> int:
        """Return 1 for an open problem at `fail_on` or above, else 3 when undecided, else 0 (docs/design/house.md).

        A problem that is accepted or known is an answer: with nothing else the audit is clear, not undecided.
        """
        problems = self.problems(fail_on)
        if any(finding.standing is Standing.OPEN for finding in problems):
            return ExitCode.PROBLEM
        if self.is_undecided or not (problems or any(finding.ending is Ending.CLEAR for finding in self.findings)):
            return ExitCode.UNDECIDED
        return ExitCode.CLEAR
