"""Puts what grading has learned to the checks, and sums their findings up on the axes of the rubric."""

from collections.abc import Callable, Mapping

from heldout.core.card import Axis
from heldout.core.check import Check
from heldout.core.estimate import Estimate, counted, undefined
from heldout.core.evidence import Availability, Reported, Rerun, TimeOrder
from heldout.core.finding import Ending, Finding
from heldout.core.lift import Lift
from heldout.core.repository import Repository
from heldout.engine import catalog, run
from heldout.evals.brief import AXES, Brief
from heldout.evals.submission import Submission
from heldout.tools import promtool

__all__ = ["AXIS_FAMILIES", "audit", "axes"]

AXIS_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "architecture": ("architecture", "documentation"),
    "reproducibility": ("reproducibility",),
    "monitoring": ("monitoring",),
}
ANSWERED = (Ending.CLEAR, Ending.CAUTION, Ending.PROBLEM)
METHOD = "share of the answered checks that are clear"


def audit(
    brief: Brief,
    contract: Submission,
    repository: Repository | None,
    *,
    lift: Lift | None,
    rerun: Rerun | None,
    time_order: TimeOrder | None,
    progress: Callable[[Check], None] | None = None,
) -> tuple[Finding, ...]:
    """Return what every check of the catalog finds in one submission; what was not measured is no evidence."""
    reported = contract.reported
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
        "repository": repository,
    }
    if repository is not None:
        evidence |= {
            "alert_rules": promtool.alert_rules(repository),
            "rules_verdict": promtool.judge(repository),
        }
    return run(catalog(), evidence, progress=progress)


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
