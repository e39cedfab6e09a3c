"""Puts what grading has learned to the checks, and sums their findings up on the axes of the rubric."""

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter

from heldout.core.card import Axis
from heldout.core.check import Check
from heldout.core.errors import CandidateFailure, RunFailure
from heldout.core.estimate import Estimate, counted, undefined
from heldout.core.evidence import Availability, Reported, Rerun, TimeOrder
from heldout.core.finding import Answer, Ending, Finding
from heldout.core.lift import Lift
from heldout.core.monitoring_evidence import AlertTrial, DriftTrial
from heldout.engine import catalog, run
from heldout.evals.brief import AXES, Brief
from heldout.evals.grading.program import Program
from heldout.sandbox import Limits, call
from heldout.tools import promtool

__all__ = ["AXIS_FAMILIES", "audit", "axes"]

AXIS_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "architecture": ("architecture", "documentation"),
    "reproducibility": ("reproducibility",),
    "monitoring": ("monitoring",),
}
EVIDENCE = frozenset(
    {"alert_rules", "alert_trial", "availability", "drift_trial", "lift", "reported", "repository", "rerun"}
    | {"rules_verdict", "target", "time_order"}
)
"""What a grading can put to checks; a check that needs anything else is not among those asked."""

AUDITOR = "heldout.evals.grading.auditor"
LIMITS = Limits(wall_seconds=300, cpu_seconds=120, memory_mb=2048)
FINDINGS = TypeAdapter(tuple[Finding, ...])
ANSWERED = (Ending.CLEAR, Ending.CAUTION, Ending.PROBLEM)
METHOD = "share of the answered checks that are clear"


def audit(
    brief: Brief,
    program: Program,
    *,
    lift: Lift | None,
    rerun: Rerun | None,
    time_order: TimeOrder | None,
    alert_trial: AlertTrial | None = None,
    drift_trial: DriftTrial | None = None,
) -> tuple[Finding, ...]:
    """Return what the checks find in one submission that a grading can answer; what was not measured is no evidence."""
    reported, repository = program.contract.reported, program.repository
    evidence: dict[str, object] = {
        "reported": Reported(
            metric=reported.metric,
            value=reported.value,
            low=reported.low,
            high=reported.high,
            evaluated=reported.evaluated,
        ),
        "lift": lift,
        "target": brief.lift_target,
        "availability": Availability(
            known=brief.available,
            used=reported.features,
            said_by="the brief",
        ),
        "time_order": time_order,
        "rerun": rerun,
        "alert_trial": alert_trial,
        "drift_trial": drift_trial,
    }
    if repository is not None:
        evidence |= {
            "alert_rules": promtool.alert_rules(repository),
            "rules_verdict": promtool.judge(repository),
        }
    asked = [check for check in catalog() if {need.name for need in check.needs if not need.optional} <= EVIDENCE]
    of_files = [check for check in asked if [need.name for need in check.needs] == ["repository"]]
    others = [check for check in asked if check not in of_files]
    findings = (*_in_files(program, of_files), *run(others, evidence))
    places = {check.code: place for place, check in enumerate(asked)}
    return tuple(sorted(findings, key=lambda finding: places[finding.code]))


def _in_files(program: Program, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Put checks to a submission's files in a limited process: together, or each by itself when that ends badly."""
    request = {"tree": str(program.tree), "commit": program.commit, "checks": [check.code for check in checks]}
    try:
        said = call(AUDITOR, request, limits=LIMITS, blame=CandidateFailure)
    except RunFailure as failure:
        if len(checks) > 1:
            return tuple(finding for check in checks for finding in _in_files(program, [check]))
        claim = f"The check gave these files up: {failure}."
        answer = Answer(ending=Ending.CRASHED, claim=claim, to_do="Look at the files by hand.")
        return tuple(Finding(code=one.code, name=one.name, family=one.family, answer=answer) for one in checks)
    return FINDINGS.validate_python(said["findings"])


def axes(brief: Brief, findings: tuple[Finding, ...]) -> tuple[Axis, ...]:
    """Return the axes with the brief's weights, each scored by the share of its answered checks that are clear."""
    return tuple(_axis(name, getattr(brief.rubric, name), findings) for name in AXES)


def _axis(name: str, weight: float, findings: tuple[Finding, ...]) -> Axis:
    mine = [finding for finding in findings if finding.family in AXIS_FAMILIES[name]]
    codes = tuple(dict.fromkeys(finding.code for finding in mine))
    endings = {code: {finding.ending for finding in mine if finding.code == code} for code in codes}
    answered = [code for code in codes if endings[code] & set(ANSWERED)]
    clear = [code for code in answered if endings[code] <= {Ending.CLEAR, Ending.NOT_APPLICABLE}]
    return Axis(name=name, weight=weight, score=_share(len(clear), len(answered)), codes=codes, summary=_summary(mine))


def _share(clear: int, answered: int) -> Estimate:
    if answered == 0:
        return undefined("no check of this axis had evidence to answer from", n=0, method=METHOD)
    return counted(clear / answered, n=answered, method=METHOD)


def _summary(findings: list[Finding]) -> str:
    said = [finding.name.replace("-", " ") for finding in findings if finding.ending is Ending.PROBLEM]
    if said:
        return "to mend: " + ", ".join(dict.fromkeys(said))
    cautions = [finding.name.replace("-", " ") for finding in findings if finding.ending is Ending.CAUTION]
    return "to know: " + ", ".join(dict.fromkeys(cautions)) if cautions else "nothing to mend was found"
