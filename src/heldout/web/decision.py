"""A decision as pages show it: to the organiser what would be decided now, to the candidate what was released."""

from typing import Any

from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.evals.brief import Brief
from heldout.evals.committee import LEVELS
from heldout.evals.committee.decision import Decided, would_be
from heldout.evals.committee.locked import Locked
from heldout.evals.committee.works import Work
from heldout.evals.record.kinds import Kind
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.report.reading import BAND_MEANING, BAND_SIGN
from heldout.web.showing import prose

__all__ = ["decision_shown", "in_a_word", "released", "rule_in_words"]


def decision_shown(workspace: Workspace, after: Locked, work: Work) -> dict[str, Any]:
    """Return what the organiser reads of a decision that would be taken now, or why there is none yet."""
    last = released(work.record)
    shown = {"released": last, "rule": rule_in_words(after.brief), "announced": after.brief.decision.deductions}
    try:
        (decided,) = would_be(workspace, [work.name])
    except BadInput as error:
        return {**shown, "decided": None, "waits": error.what}
    return {
        **shown,
        "decided": _shown(decided),
        "waits": "",
        "is_current": last is not None and _is_same(last, decided),
    }


def in_a_word(workspace: Workspace, work: Work) -> str:
    """Return the band that would be decided now, and whether it was released; or that levels are open."""
    last = released(work.record)
    try:
        (decided,) = would_be(workspace, [work.name])
    except BadInput:
        return "levels are open"
    is_out = last is not None and _is_same(last, decided)
    return f"{BAND_SIGN[decided.band]} {decided.band.value}{', released' if is_out else ''}"


def released(record: CandidateRecord) -> dict[str, Any] | None:
    """Return the last decision that the candidate may read, None before there is one."""
    found = [event for event in record.ledger.events() if event.kind is Kind.DECIDED and event.payload]
    if not found:
        return None
    said = dict(found[-1].payload or {})
    return {
        **said,
        "sign": BAND_SIGN[Band(said["band"])],
        "meaning": BAND_MEANING[Band(said["band"])],
        "at": f"{found[-1].at:%Y-%m-%d %H:%M} UTC",
    }


def rule_in_words(brief: Brief) -> list[str]:
    """Say the brief's rule in sentences."""
    rule = brief.decision
    points = ", ".join(f"{name} {getattr(rule.points, name):.3g}" for name in LEVELS)
    said = [
        "The band of the lift stands where nothing below says otherwise; what it leaves undecided a person decides.",
        f"A level is worth points ({points}); the score is their mean under the brief's weights, times a multiplier "
        f"({rule.multiplier:g} unless set), less deductions.",
    ]
    floors = [f"{name} {level}" for name, level in rule.floor.model_dump().items() if level is not None]
    said.append(
        f"Below one of these levels a work fails: {', '.join(floors)}." if floors else "No level is too low to pass."
    )
    if rule.pass_score:
        said.append(f"Below a score of {rule.pass_score:g} a work fails.")
    if rule.target_score:
        said.append(f"Below a score of {rule.target_score:g} a work passes at most.")
    return said


def _shown(decided: Decided) -> dict[str, Any]:
    given = decided.rulings.override
    return {
        "band": decided.band.value,
        "sign": BAND_SIGN[decided.band],
        "meaning": BAND_MEANING[decided.band],
        "by_rule": decided.ruled.band.value,
        "reasons": decided.ruled.reasons,
        "score": f"{decided.ruled.score:.3f}",
        "multiplier": decided.rulings.multiplier,
        "multiplier_by": decided.rulings.multiplier_by,
        "multiplier_reason": prose(decided.rulings.multiplier_reason),
        "deductions": [(one.points, one.by, prose(one.reason)) for one in decided.rulings.deductions],
        "override": None
        if given is None
        else {"band": given.band.value, "by": given.by, "reason": prose(given.reason)},
    }


def _is_same(last: dict[str, Any], decided: Decided) -> bool:
    given = decided.rulings.override
    now = {
        "band": decided.band.value,
        "by_rule": decided.ruled.band.value,
        "score": round(decided.ruled.score, 6),
        "levels": decided.levels,
        "multiplier_reason": decided.rulings.multiplier_reason,
        "deductions": [
            {"points": one.points, "reason": one.reason, "by": one.by} for one in decided.rulings.deductions
        ],
        "override": None if given is None else {"band": given.band.value, "by": given.by, "reason": given.reason},
    }
    return {name: last.get(name) for name in now} == now
