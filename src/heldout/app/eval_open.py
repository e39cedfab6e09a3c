"""Opens an eval for a candidate: consent, clock, repository and token; and finds what a rehearsal pushed."""

import json
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from heldout.app.eval_talk import opened_workspace
from heldout.core.errors import BadInput
from heldout.core.time_zone import zone_named
from heldout.evals.brief import OpenBrief, open_brief
from heldout.evals.committee.sheets import Invited, state_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Now, Receipt, utc_now
from heldout.evals.record.reconcile import OnPush, Recorded, locked, nothing, reconcile
from heldout.evals.record.tokens import Tokens
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.tools.git.receiving import make_receiver

__all__ = [
    "NOT_PROVEN",
    "Giving",
    "Opened",
    "Terms",
    "consent_of",
    "give_token",
    "open_candidate",
    "reconcile_all",
    "terms_of",
    "tokens_of",
]

WAKING = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
NOT_PROVEN = (
    "a rehearsal proves nothing about the record: whoever pushes to a folder can also change the repository, its hooks "
    "and the ledger, and the times are this machine's; an eval that decides something needs `heldout eval serve`, run "
    "by somebody else than the candidate"
)


class Giving(StrEnum):
    """Whether a token is given: none, one unless there is one, or another one while those before are revoked."""

    NONE = "none"
    ONCE = "once"
    ANEW = "anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is agreed with the candidate: time zone (IANA name), waking hours of a day, hours of the window."""

    time_zone: str
    waking: str
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A candidate's record; `token` is None where one was given out before; `receipt` where it was open before."""

    record: CandidateRecord
    token: str | None
    receipt: Receipt | None
    terms: Terms


def tokens_of(workspace: Workspace) -> Tokens:
    """Return the tokens of an eval."""
    return Tokens(workspace.folder / "tokens.json")


def consent_of(folder: Path) -> str:
    """Return what a candidate agrees to before the clock starts, in the brief's words."""
    people = open_brief(folder).brief.people
    return f"{people.consent} It is deleted after {people.retention_days} days."


def terms_of(folder: Path, *, time_zone: str = "UTC", waking: str | None = None, hours: float | None = None) -> Terms:
    """Return the terms that were named, the brief's where none is. Raises BadInput."""
    brief = open_brief(opened_workspace(folder).folder).brief
    zone_named(time_zone)
    waking = brief.cadence.waking if waking is None else waking
    first, _, last = waking.partition("-")
    if not WAKING.fullmatch(waking) or first == last:
        raise BadInput(f"{waking!r} are no hours of a day", where="--waking", expected="such as 08:00-22:00")
    hours = brief.window.hours if hours is None else hours
    if not 0 < hours <= 10_000:
        raise BadInput(f"a window of {hours:g} hours", where="--hours", expected="more than 0, at most 10000")
    return Terms(time_zone=time_zone, waking=waking, hours=hours)


def open_candidate(
    folder: Path, name: str, terms: Terms, *, consents: bool, token: Giving = Giving.ONCE, now: Now = utc_now
) -> Opened:
    """Start the clock for `name` and make what they push to. Doing it twice changes nothing, and starts no clock again.

    `token` says whether one is given. Raises BadInput without consent, for other terms than those agreed before, and
    for what is no eval.
    """
    workspace = replace(opened_workspace(folder.resolve()), now=now)
    opened = open_brief(workspace.folder)
    record = workspace.candidate(name)
    if not consents:
        raise BadInput(
            "the clock starts only with the candidate's consent", mend="show them the text; then --consent-given"
        )
    with locked(record):
        if _is_forgotten(record):
            raise BadInput(f"what the record of {name} held was deleted", mend="open the eval under another name")
        record.folder.chmod(0o700)  # nobody else on this machine reads what a candidate wrote
        make_receiver(record.repository)
        before = next((event for event in record.ledger.events() if event.kind is Kind.OPENED), None)
        receipt = None
        if before is None:
            _keep_brief(record, opened)
            receipt = record.ledger.append(Kind.OPENED, _payload(workspace, opened, terms), actor=Role.ORGANISER)
        else:
            terms = _agreed_before(before, terms)
        given = _token(tokens_of(workspace), name, token)
    return Opened(record=record, token=given, receipt=receipt, terms=terms)


def give_token(folder: Path, role: Role, name: str = "", *, anew: bool = False) -> str:
    """Return another token of a role, by name where there can be several of it; those before stay good unless `anew`.

    Raises BadInput for what is no eval, and for the name of somebody whom the committee does not know and who could
    not be a candidate either.
    """
    workspace = opened_workspace(folder.resolve())
    if role is not Role.ORGANISER and Invited(name=name, role=role) not in state_of(workspace).invited:
        workspace.candidate(name)  # a guest who was not invited to rate is named as candidates are
    tokens = tokens_of(workspace)
    if anew:
        tokens.revoke(role, name)
    return tokens.issue(role, name)


def _token(tokens: Tokens, name: str, giving: Giving) -> str | None:
    if giving is Giving.ANEW:
        tokens.revoke(Role.CANDIDATE, name)
    if giving is Giving.NONE or tokens.has(Role.CANDIDATE, name):
        return None
    return tokens.issue(Role.CANDIDATE, name)


def reconcile_all(folder: Path, on_push: OnPush = nothing) -> tuple[tuple[CandidateRecord, Recorded], ...]:
    """Write the events that are missing for every candidate: what a rehearsal pushed, what a killed server left."""
    found: list[tuple[CandidateRecord, Recorded]] = []
    for record in opened_workspace(folder.resolve()).candidates():
        with locked(record):
            if _is_forgotten(record):
                continue
            make_receiver(record.repository)
            recorded, _ = reconcile(record, on_push=on_push)
        found.extend((record, one) for one in recorded)
    return tuple(found)


def _is_forgotten(record: CandidateRecord) -> bool:
    return any(event.kind is Kind.FORGOTTEN for event in record.ledger.events())


def _payload(workspace: Workspace, opened: OpenBrief, terms: Terms) -> dict[str, object]:
    agreed = {"time_zone": terms.time_zone, "waking": terms.waking, "hours": terms.hours}
    people = opened.brief.people
    return {
        "brief_sha256": opened.sha256,
        "commitment": _commitment(workspace.folder / "commitment.json"),
        "agreed": agreed,
        "consent": {"text": people.consent, "retention_days": people.retention_days, "given": True},
    }


def _commitment(path: Path) -> str | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["commitment"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            "the opening commitment cannot be read", where=str(path), expected="the JSON of `heldout eval new`"
        ) from None
    return str(said)


def _keep_brief(record: CandidateRecord, opened: OpenBrief) -> None:
    folder = record.folder / "briefs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"brief-{opened.brief.eval.version}.toml").write_bytes(opened.path.read_bytes())


def _agreed_before(event: Event, terms: Terms) -> Terms:
    agreed = (event.payload or {}).get("agreed")
    if agreed is None:
        return terms
    before = Terms(time_zone=agreed["time_zone"], waking=agreed["waking"], hours=agreed["hours"])
    if before != terms:
        raise BadInput(
            "the eval is open for this candidate, on other terms",
            expected=f"{before.time_zone}, {before.waking}, {before.hours:g} hours, as agreed",
            mend="heldout eval extend changes the hours; the rest stays as agreed",
        )
    return before
