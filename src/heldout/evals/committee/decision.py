"""The decision on each work: the rule's band with what the organiser set, or the band that a person gave instead.

What the organiser sets (a multiplier, deductions, a band) is an event with author and reason in the work's ledger; the
decision itself goes into the candidate's own, who may read it, and never holds the name of a rater.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.evals.brief import DeductionSection
from heldout.evals.cards import read_card
from heldout.evals.committee.adjudication import Settled, settled
from heldout.evals.committee.locked import Locked, locked
from heldout.evals.committee.names import checked_author
from heldout.evals.committee.place import Place
from heldout.evals.committee.rating import checked_reason
from heldout.evals.committee.rule import Deduction, Ruled, needed, rule
from heldout.evals.committee.sheets import state_of
from heldout.evals.committee.works import Work, card_file
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Receipt
from heldout.evals.record.workspace import Workspace

__all__ = [
    "Decided",
    "Override",
    "Rulings",
    "check_rulings",
    "deduct",
    "override",
    "record_decision",
    "rulings_of",
    "set_multiplier",
    "would_be",
]

MOST_MULTIPLIER = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A band that a person gave in place of the rule's, with author and reason."""

    band: Band
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """What the organiser set for a work; `multiplier_by` and its reason are empty where the brief's stands."""

    multiplier: float
    multiplier_by: str
    multiplier_reason: str
    deductions: tuple[Deduction, ...]
    override: Override | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision on a work: `band`, and what the rule alone makes of it (`ruled`).

    `leaves` says what stands on each leaf and how it came about.
    """

    work: str
    candidate: str
    lift_band: Band
    reproducibility: str
    band: Band
    ruled: Ruled
    rulings: Rulings
    leaves: Mapping[str, Settled]

    @property
    def levels(self) -> dict[str, str]:
        """The level of each leaf that has one."""
        return {leaf: one.level for leaf, one in self.leaves.items() if one.level is not None}


def set_multiplier(workspace: Workspace, work: str, value: float, *, by: str, reason: str) -> Receipt:
    """Multiply a work's score, and keep who did and why. 1 takes it back. Raises BadInput, before the lock too."""
    _check_multiplier(value)
    return _set(workspace, work, "multiplier", value, by=by, reason=reason)


def deduct(workspace: Workspace, work: str, what: float | str, *, by: str, reason: str) -> Receipt:
    """Deduct points of a work's score: a number, or a deduction that the brief announced, by its name.

    0 takes all deductions of this work back. Raises BadInput, before the lock too.
    """
    known = {one.name: one for one in locked(workspace).brief.decision.deductions}
    points = _points(what, known)
    return _set(workspace, work, "deduction", points, by=by, reason=reason)


def override(workspace: Workspace, work: str, band: Band | None, *, by: str, reason: str) -> Receipt:
    """Give a work another band than the rule does, or decide what is undecided; both values are kept.

    None lets the rule's band stand again. Raises BadInput, before the lock too.
    """
    return _set(workspace, work, "band", None if band is None else band.value, by=by, reason=reason)


def check_rulings(
    workspace: Workspace, work: str, *, multiplier: float | None, what: str | None, by: str, reason: str
) -> None:
    """Raise BadInput where one of several things that are set together would be refused; none of them is kept then."""
    checked_reason(reason)
    checked_author(by, "sets it")
    if multiplier is not None:
        _check_multiplier(multiplier)
    after = locked(workspace)
    after.work(work)
    if what is not None:
        _points(what, {one.name: one for one in after.brief.decision.deductions})


def rulings_of(workspace: Workspace, work: Work, after: Locked) -> Rulings:
    """Return what the organiser set for a work in its present round."""
    number = after.state.round_of(work.name)
    multiplier: tuple[float, str, str] = (after.brief.decision.multiplier, "", "")
    deductions: list[Deduction] = []
    given: Override | None = None
    for event in Place(workspace=workspace).ledger_of(work.record).events():
        said = event.payload or {}
        if event.kind is not Kind.RULED or said["round"] != number:
            continue
        value, by, reason = said["value"], said["by"], said["reason"]
        if said["what"] == "multiplier":
            multiplier = (value, by, reason)
        elif said["what"] == "deduction":
            deductions = [*deductions, Deduction(points=value, reason=reason, by=by)] if value else []
        else:
            given = None if value is None else Override(band=Band(value), reason=reason, by=by)
    return Rulings(
        multiplier=multiplier[0],
        multiplier_by=multiplier[1],
        multiplier_reason=multiplier[2],
        deductions=tuple(deductions),
        override=given,
    )


def would_be(workspace: Workspace, works: Sequence[str] = (), after: Locked | None = None) -> tuple[Decided, ...]:
    """Return the decision on works, on all where none is named; nothing is recorded.

    Raises BadInput as `locked`, and where a level that the rule needs is open.
    """
    after = after or locked(workspace)
    chosen = [after.work(name) for name in works] if works else list(after.works)
    leaves = {work.name: settled(workspace, work, after) for work in chosen}
    asked = needed(after.brief)
    waiting = [f"{name}: {leaf}" for name, said in leaves.items() for leaf in asked if said[leaf].is_open]
    if waiting:
        more = f" and {len(waiting) - 10} more" if waiting[10:] else ""
        count = "1 level is" if len(waiting) == 1 else f"{len(waiting)} levels are"
        raise BadInput(
            f"{count} open: {'; '.join(waiting[:10])}{more}",
            expected="a level on every leaf that counts",
            mend="heldout eval adjudicate EVAL WORK --leaf LEAF --level LEVEL --reason TEXT --by NAME",
        )
    return tuple(_decided(workspace, work, leaves[work.name], after) for work in chosen)


def record_decision(work: Work, decided: Decided) -> tuple[Receipt, bool]:
    """Write a decision into the candidate's ledger, and return its receipt; one that says nothing new is not repeated.

    True where it is new.
    """
    said = _said(decided)
    before = [event for event in work.record.ledger.events() if event.kind is Kind.DECIDED]
    if before and before[-1].payload == said:
        return _receipt(before[-1]), False
    return work.record.ledger.append(Kind.DECIDED, said, actor=Role.ORGANISER), True


def _decided(workspace: Workspace, work: Work, leaves: Mapping[str, Settled], after: Locked) -> Decided:
    card = read_card(card_file(work.record))
    rulings = rulings_of(workspace, work, after)
    levels = {leaf: one.level for leaf, one in leaves.items() if one.level is not None}
    ruled = rule(after.brief, card.decision.band, levels, multiplier=rulings.multiplier, deductions=rulings.deductions)
    return Decided(
        work=work.name,
        candidate=work.candidate,
        lift_band=card.decision.band,
        reproducibility=card.reproducibility,
        band=ruled.band if rulings.override is None else rulings.override.band,
        ruled=ruled,
        rulings=rulings,
        leaves=leaves,
    )


def _said(decided: Decided) -> dict[str, Any]:
    """Return what a candidate reads of the decision: no rater, no adjudicator, none of their words."""
    given = decided.rulings.override
    return {
        "band": decided.band.value,
        "by_rule": decided.ruled.band.value,
        "lift_band": decided.lift_band.value,
        "reproducibility": decided.reproducibility,
        "levels": decided.levels,
        "score": round(decided.ruled.score, 6),
        "multiplier": decided.rulings.multiplier,
        "multiplier_reason": decided.rulings.multiplier_reason,
        "deductions": [asdict(one) for one in decided.rulings.deductions],
        "reasons": list(decided.ruled.reasons),
        "override": None if given is None else {"band": given.band.value, "by": given.by, "reason": given.reason},
    }


def _set(workspace: Workspace, work: str, what: str, value: float | str | None, *, by: str, reason: str) -> Receipt:
    reason, by = checked_reason(reason), checked_author(by, f"sets the {what}")
    after = locked(workspace)
    found = after.work(work)
    with Place(workspace=workspace).saving(found.record) as ledger:
        if state_of(workspace).lock != after.lock:
            raise BadInput("the rating began anew meanwhile", mend="heldout eval committee EVAL")
        number = after.state.round_of(found.name)
        said = {"what": what, "value": value, "by": by, "reason": reason, "round": number}
        return ledger.append(Kind.RULED, said, actor=Role.ORGANISER)


def _check_multiplier(value: float) -> None:
    if not 0 <= value <= MOST_MULTIPLIER:
        raise BadInput(f"the multiplier is {value:g}", where="--multiplier", expected=f"0 to {MOST_MULTIPLIER:g}")


def _points(what: float | str, known: Mapping[str, DeductionSection]) -> float:
    if isinstance(what, str) and what in known:
        return known[what].points
    try:
        points = float(what)
    except ValueError:
        points = -1.0
    if not 0 <= points <= 1:
        names = "".join(f", or {name}" for name in known)
        raise BadInput(f"{what!r} is no deduction", where="--deduct", expected=f"points from 0 to 1{names}")
    return points


def _receipt(event: Event) -> Receipt:
    return Receipt(n=event.n, at=event.at.isoformat(timespec="milliseconds"), head=event.head)
