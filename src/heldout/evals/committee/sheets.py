"""Sheets: what one rater says of one work, read off the ledgers of the committee."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from heldout.core.errors import BadInput
from heldout.evals.committee.levels import LEAVES, sha256_plain
from heldout.evals.committee.place import Place
from heldout.evals.committee.works import Work
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import Workspace

__all__ = ["DECISIONS", "Invited", "Lock", "Mark", "Sheet", "State", "folded", "sheets_of", "state_of"]


DECISIONS = "decisions.json"
"""In the committee's folder: what was decided under the present lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a rater says of one leaf; `level` is None while only a reason was typed. `n` is its event in the ledger."""

    leaf: str
    level: str | None
    reason: str
    at: dt.datetime
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One rater's marks by leaf. `conflict` is why it is closed: it counts nowhere then. `round` begins at 1.

    `began` is when its first mark was saved.
    `rubric_sha256` and `card_sha256` are what it was given for, empty for a sheet without a mark.
    """

    rater: str
    work: str
    round: int
    marks: Mapping[str, Mark] = field(default_factory=dict)
    is_final: bool = False
    conflict: str | None = None
    declared_by: str = ""
    rubric_sha256: str = ""
    card_sha256: str = ""
    began: dt.datetime | None = None

    @property
    def counts(self) -> bool:
        """True for a final sheet of a rater without a conflict: only those are agreed on and decided by."""
        return self.is_final and self.conflict is None

    @property
    def missing(self) -> tuple[str, ...]:
        """The leaves without a level."""
        return tuple(leaf for leaf in LEAVES if leaf not in self.marks or self.marks[leaf].level is None)

    @property
    def sha256(self) -> str:
        """The SHA-256 of everything that the sheet says."""
        plain = asdict(self)
        for mark in plain["marks"].values():
            mark["at"] = mark["at"].isoformat()
        plain["began"] = None if self.began is None else self.began.isoformat()
        return sha256_plain(plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Somebody on the committee: a rater, or an adjudicator."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The end of the blind pass: by whom ("" where it came by itself), why early, and the hashes of what it holds.

    `missing` names the sheets that were not final; `sheets` has the SHA-256 of each by work and rater.
    """

    at: dt.datetime
    by: str
    why: str
    missing: tuple[str, ...]
    works: tuple[str, ...]
    sheets: Mapping[str, Mapping[str, str]]
    rubric_sha256: str
    decision_sha256: str
    cards: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What concerns all works: who was invited, the lock if there is one, and in which round each work is.

    `seen` are works whose rating began anew after a lock: raters may have seen each other's earlier sheets.
    """

    invited: tuple[Invited, ...]
    lock: Lock | None
    rounds: Mapping[str, int]
    seen: frozenset[str]

    @property
    def adjudicators(self) -> tuple[str, ...]:
        """The names of the adjudicators."""
        return tuple(one.name for one in self.invited if one.role is Role.ADJUDICATOR)

    @property
    def raters(self) -> tuple[str, ...]:
        """The names of the raters, in the order of their invitation."""
        return tuple(one.name for one in self.invited if one.role is Role.RATER)

    def round_of(self, work: str) -> int:
        """Return the round of a work, from 1."""
        return self.rounds.get(work, 1)

    def refuse_locked(self) -> None:
        """Raise BadInput after the lock."""
        if self.lock is not None:
            raise BadInput(
                f"the sheets were locked on {self.lock.at:%Y-%m-%d %H:%M} UTC: no level is given or changed after that",
                expected="a rating before the lock",
                mend="an adjudicator sets a level with a reason: heldout eval adjudicate; or heldout eval restart",
            )

    def refuse_open(self) -> None:
        """Raise BadInput before the lock."""
        if self.lock is None:
            raise BadInput(
                "the sheets are not locked yet: until then each rater's are their own",
                mend="heldout eval committee EVAL says who is missing; heldout eval lock EVAL locks early",
            )

    def refuse_stranger(self, rater: str) -> None:
        """Raise BadInput for a name that was not invited to rate."""
        if rater not in self.raters:
            raise BadInput(
                f"{rater[:80]!r} was not invited to rate",
                expected=f"one of: {', '.join(self.raters) or 'nobody yet'}",
                mend="heldout eval invite EVAL NAME",
            )


def state_of(workspace: Workspace) -> State:
    """Return what concerns all works. Raises BadInput where the ledger is damaged."""
    invited: list[Invited] = []
    rounds: dict[str, int] = {}
    seen: set[str] = set()
    lock: Lock | None = None
    for event in Place(workspace=workspace).ledger.events():
        said = event.payload or {}
        if event.kind is Kind.INVITED:
            invited.append(Invited(name=said["name"], role=Role(said["role"])))
        elif event.kind is Kind.LOCKED:
            lock = _lock(event)
        elif event.kind is Kind.RESTARTED:
            for work in said["works"]:
                rounds[work] = rounds.get(work, 1) + 1
                seen |= {work} if lock is not None else set()
            lock = None
    return State(invited=tuple(invited), lock=lock, rounds=rounds, seen=frozenset(seen))


def sheets_of(workspace: Workspace, work: Work, state: State) -> dict[str, Sheet]:
    """Return the sheets of a work by rater, an empty one for each who has not begun. Raises as `state_of`."""
    events = Place(workspace=workspace).ledger_of(work.record).events()
    return folded(events, state.raters, work.name, state.round_of(work.name))


def folded(events: Iterable[Event], raters: Iterable[str], work: str, number: int) -> dict[str, Sheet]:
    """Return the sheets that events of a work's ledger make in one round."""
    marks: dict[str, dict[str, Mark]] = {rater: {} for rater in raters}
    facts: dict[str, dict[str, str]] = {rater: {} for rater in marks}
    began: dict[str, dt.datetime] = {}
    final: set[str] = set()
    for event in events:
        said = event.payload or {}
        rater = said.get("rater")
        if rater not in marks:
            continue
        if event.kind is Kind.CONFLICT:
            facts[rater].pop("conflict", None)
            if not said["withdrawn"]:
                facts[rater] |= {"conflict": said["why"], "declared_by": said["by"]}
        elif said["round"] != number:
            continue
        elif event.kind is Kind.RATED:
            marks[rater][said["leaf"]] = _mark(event)
            began.setdefault(rater, event.at)
            facts[rater] |= {"rubric_sha256": said["rubric_sha256"], "card_sha256": said["card_sha256"]}
        elif event.kind is Kind.SHEET_FINAL:
            final = final | {rater} if said["final"] else final - {rater}
    return {
        rater: Sheet(
            rater=rater,
            work=work,
            round=number,
            marks={leaf: marks[rater][leaf] for leaf in LEAVES if leaf in marks[rater]},
            is_final=rater in final,
            conflict=facts[rater].get("conflict"),
            declared_by=facts[rater].get("declared_by", ""),
            rubric_sha256=facts[rater].get("rubric_sha256", ""),
            card_sha256=facts[rater].get("card_sha256", ""),
            began=began.get(rater),
        )
        for rater in marks
    }


def _mark(event: Event) -> Mark:
    said = event.payload or {}
    return Mark(leaf=said["leaf"], level=said["level"], reason=said["reason"], at=event.at, n=event.n)


def _lock(event: Event) -> Lock:
    said = event.payload or {}
    return Lock(
        at=event.at,
        by=said["by"],
        why=said["why"],
        missing=tuple(said["missing"]),
        works=tuple(said["works"]),
        sheets=said["sheets"],
        rubric_sha256=said["rubric_sha256"],
        decision_sha256=said["decision_sha256"],
        cards=said["cards"],
    )
