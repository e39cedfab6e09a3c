"""Puts what grading has learned to the checks, and sums their findings up on the axes of the rubric."""

from collections.abc import Mapping
from pathlib import Path

from heldout.core.card import Axis
from heldout.core.check import Check
from heldout.core.estimate import Estimate, counted, undefined
from heldout.core.evidence import Availability, Reported
from heldout.core.finding import Ending, Finding
from heldout.core.rescue_evidence import Rescue
from heldout.engine import catalog, run
from heldout.evals.brief import AXES, Brief
from heldout.evals.grading.program import Program
from heldout.evals.grading.put import put
from heldout.tools import hadolint, promtool
from heldout.tools.ci_config import ci_config

__all__ = [
    "AXIS_FAMILIES",
    "asked_checks",
    "audit",
    "axes",
    "axis_again",
    "collaboration",
    "repository_findings",
    "rescue_findings",
]

AXIS_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "architecture": ("architecture", "documentation", "code"),
    "reproducibility": ("reproducibility",),
    "monitoring": ("monitoring",),
    "collaboration": ("collaboration",),
}
EVIDENCE = frozenset(
    {
        "alert_rules",
        "alert_trial",
        "availability",
        "ci_config",
        "conversation",
        "dockerfile_lint",
        "drift_trial",
        "history",
        "lift",
        "reported",
        "repository",
        "rerun",
        "rescue",
        "rules_verdict",
        "target",
        "time_order",
    }
)
"""What a grading can put to checks; a check that needs anything else is not among those asked."""
RESCUE = "rescue"
"""Evidence that only a brief of this kind has; of others its checks are not asked."""

ANSWERED = (Ending.CLEAR, Ending.CAUTION, Ending.PROBLEM)
METHOD = "share of the answered checks that are clear"


def audit(brief: Brief, program: Program, measured: Mapping[str, object]) -> tuple[Finding, ...]:
    """Return what the checks find in one submission that a grading can answer.

    `measured` is evidence by its name among EVIDENCE; what is missing or None is no evidence.
    """
    reported, repository = program.contract.reported, program.repository
    evidence: dict[str, object] = {
        "reported": Reported(
            metric=reported.metric,
            value=reported.value,
            low=reported.low,
            high=reported.high,
            evaluated=reported.evaluated,
        ),
        "target": brief.lift_target,
        "availability": Availability(
            known=brief.available,
            used=reported.features,
            said_by="the brief",
        ),
        **measured,
    }
    if repository is not None:
        evidence |= {
            "alert_rules": promtool.alert_rules(repository),
            "ci_config": ci_config(repository),
            "dockerfile_lint": hadolint.lint(repository),
            "rules_verdict": promtool.judge(repository),
        }
    return put(asked_checks(brief.eval.kind), evidence, tree=program.tree, commit=program.commit)


def asked_checks(kind: str) -> list[Check]:
    """Return the checks that the grading of an eval of this kind puts its evidence to, in the catalogue's order."""
    known = EVIDENCE if kind == RESCUE else EVIDENCE - {RESCUE}
    return [check for check in catalog() if {need.name for need in check.needs if not need.optional} <= known]


def repository_findings(tree: Path, commit: str) -> tuple[Finding, ...]:
    """Return what the checks that need nothing but files find in a submission's tree."""
    of_files = [check for check in catalog() if [need.name for need in check.needs] == ["repository"]]
    return put(of_files, {}, tree=tree, commit=commit)


def rescue_findings(rescue: Rescue) -> tuple[Finding, ...]:
    """Return what the checks say that need nothing but what became of planted leaks."""
    return run([check for check in catalog() if [need.name for need in check.needs] == [RESCUE]], {RESCUE: rescue})


def axes(brief: Brief, findings: tuple[Finding, ...]) -> tuple[Axis, ...]:
    """Return the axes with the brief's weights, each scored by the share of its answered checks that are clear."""
    return tuple(_axis(name, getattr(brief.rubric, name), findings) for name in AXES)


def collaboration(findings: tuple[Finding, ...]) -> Axis:
    """Return what stands beside the weighted axes: how the work went, where a record tells it."""
    return _axis("collaboration", 0.0, findings)


def axis_again(axis: Axis, findings: tuple[Finding, ...]) -> Axis:
    """Return an axis of a card scored anew, after a finding was corrected."""
    return _axis(axis.name, axis.weight, findings)


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
