"""What a rater is shown of a work before the lock: evidence by leaf, files and texts, under its pseudonym alone.

Names and addresses are masked in all of it (`heldout.evals.committee.masking` says what that cannot find); hours of
events and of updates are left out, as for every rater.
"""

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.finding import Finding
from heldout.core.repository import Repository
from heldout.evals.brief import open_brief
from heldout.evals.cards import read_card
from heldout.evals.committee.levels import Leaf, leaves_of
from heldout.evals.committee.masking import Identities, masked, masked_all
from heldout.evals.committee.sheets import Sheet, sheets_of, state_of
from heldout.evals.committee.works import Work, card_file, work_named, works_of
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.evals.talk import updates
from heldout.tools import git

__all__ = ["LeafShown", "Said", "ShownFile", "WorkShown", "identities_of", "work_for_rater", "works_for"]

MOST_FILES = 400
MOST_FILE_BYTES = 200_000
MOST_BYTES = 2_000_000
"""Of all texts of a work together."""
WITHOUT = ("time",)
"""Kinds of witnesses that are hours, which could tell of an accommodation."""
TEXTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.UPDATE: ("done", "next", "assumptions"),
    Kind.QUESTION: ("text",),
    Kind.ANSWER: ("text",),
    Kind.RESCOPE_ASKED: ("narrowed", "tradeoffs"),
    Kind.RESCOPE_ANSWERED: ("why",),
    Kind.FEEDBACK: ("text",),
    Kind.FEEDBACK_ANSWERED: ("text",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafShown:
    """A leaf with the machine's evidence for it: findings of its checks, their sum in words, the share that is clear.

    `score` is None where no check of it was answered.
    """

    leaf: Leaf
    findings: tuple[Finding, ...]
    summary: str
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A file of the handed-in commit; `text` is None where it is not shown, and `note` says why."""

    path: str
    text: str | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that was said in the eval, in the order of the record: its kind, and its parts by name."""

    kind: Kind
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkShown:
    """A work as a rater reads it. `others` are the other raters' sheets, none before the lock.

    `card` has the pseudonym in place of the submission's name, the replies of the candidate, and no commit; `rest` are
    findings that belong to no leaf. `is_whole` is False where the history was too long for all of its names to be
    looked for.
    """

    name: str
    card: Card
    leaves: tuple[LeafShown, ...]
    rest: tuple[Finding, ...]
    files: tuple[ShownFile, ...]
    said: tuple[Said, ...]
    sheet: Sheet
    others: tuple[Sheet, ...]
    is_whole: bool


def works_for(workspace: Workspace, rater: str) -> tuple[Sheet, ...]:
    """Return a rater's sheets in the order in which they are to rate, which differs from rater to rater.

    Raises BadInput for who was not invited to rate.
    """
    state = state_of(workspace)
    state.refuse_stranger(rater)
    works, _ = works_of(workspace)
    if state.lock is not None:
        works = tuple(work for work in works if work.name in state.lock.works)
    ordered = sorted(works, key=lambda work: hashlib.sha256(f"{rater}\0{work.name}".encode()).digest())
    return tuple(sheets_of(workspace, work, state)[rater] for work in ordered)


def work_for_rater(workspace: Workspace, rater: str, work: str) -> WorkShown:
    """Return what `rater` may see of a work, by its pseudonym.

    Raises BadInput for who was not invited to rate, for no work, and where the rater has a conflict of interest.
    """
    state = state_of(workspace)
    state.refuse_stranger(rater)
    found = work_named(workspace, work)
    sheets = sheets_of(workspace, found, state)
    if sheets[rater].conflict is not None:
        raise BadInput(
            f"{rater} has a conflict of interest on {work}, and the sheet is closed", expected="a work without one"
        )
    others = [sheet for name, sheet in sheets.items() if name != rater and sheet.counts and state.lock is not None]
    identities, is_whole, files = _of_commit(found.record, found.commit)
    events = found.record.ledger.events()
    card = masked_all(_card(found, events), identities)
    card = replace(card, submission=found.name)
    return WorkShown(
        name=found.name,
        card=card,
        leaves=tuple(_leaf(leaf, card) for leaf in leaves_of(open_brief(workspace.folder).brief)),
        rest=tuple(_rest(card)),
        files=files,
        said=tuple(masked_all(list(_said(events)), identities)),
        sheet=sheets[rater],
        others=tuple(others),
        is_whole=is_whole,
    )


def identities_of(record: CandidateRecord, commit: str) -> Identities:
    """Return what tells who made a candidate's work. Raises BadInput where the repository cannot be read."""
    return _of_commit(record, commit)[0]


def _of_commit(record: CandidateRecord, commit: str) -> tuple[Identities, bool, tuple[ShownFile, ...]]:
    return _read(record.repository, record.name, commit)


@functools.lru_cache(maxsize=64)
def _read(path: Path, name: str, commit: str) -> tuple[Identities, bool, tuple[ShownFile, ...]]:
    people = git.people(path, commit)
    identities = Identities(candidate=name, names=people.names, addresses=people.addresses)
    repository, _ = git.snapshot(path, commit)
    return identities, people.is_whole, tuple(_files(repository, identities))


def _files(repository: Repository, identities: Identities) -> Iterator[ShownFile]:
    left = MOST_BYTES
    paths = sorted([*repository.files, *repository.omitted])
    for path in paths[:MOST_FILES]:
        content = repository.files.get(path)
        note = _why_not(path, content, left)
        if note or content is None:
            yield ShownFile(path=masked(path, identities), text=None, note=note)
            continue
        left -= len(content)
        yield ShownFile(path=masked(path, identities), text=masked(content.decode("utf-8"), identities))
    if len(paths) > MOST_FILES:
        yield ShownFile(path="…", text=None, note=f"{len(paths) - MOST_FILES:,} more files are not listed")


def _why_not(path: str, content: bytes | None, left: int) -> str:
    if path.upper() == updates.FILE.upper():
        return "its updates are shown among what was said, without their hours"
    if content is None or len(content) > MOST_FILE_BYTES:
        return f"not shown: more than {MOST_FILE_BYTES:,} bytes"
    if len(content) > left:
        return f"not shown: all files together have more than {MOST_BYTES:,} bytes"
    try:
        return "not shown: no text" if "\0" in content.decode("utf-8") else ""
    except UnicodeDecodeError:
        return "not shown: no text"


def _card(work: Work, events: Sequence[Event]) -> Card:
    card = read_card(card_file(work.record))
    replies = [event.payload for event in events if event.kind is Kind.REPLIED and event.payload]
    said = tuple(f"{one['line']}: {one['text']}" if one["line"] else str(one["text"]) for one in replies)
    hashes = {name: digest for name, digest in card.hashes.items() if name != "commit"}
    findings = tuple(_without_hours(finding) for finding in card.findings)
    return replace(card, replies=said, hashes=hashes, findings=findings)


def _without_hours(finding: Finding) -> Finding:
    kept = tuple(witness for witness in finding.answer.witnesses if witness.kind not in WITHOUT)
    return replace(finding, answer=replace(finding.answer, witnesses=kept))


def _leaf(leaf: Leaf, card: Card) -> LeafShown:
    axis = next(
        (axis for axis in (*card.axes, card.collaboration) if axis is not None and axis.name == leaf.name), None
    )
    if axis is None:
        return LeafShown(leaf=leaf, findings=(), summary="the machine has no evidence on this", score=None)
    found = tuple(finding for finding in card.findings if finding.code in axis.codes)
    return LeafShown(leaf=leaf, findings=found, summary=axis.summary, score=axis.score.value)


def _rest(card: Card) -> Iterator[Finding]:
    known = {code for axis in (*card.axes, card.collaboration) if axis is not None for code in axis.codes}
    yield from (finding for finding in card.findings if finding.code not in known)


def _said(events: Sequence[Event]) -> Iterator[Said]:
    """Yield what was said; of what was changed later, the last wording."""
    replaced = {
        (event.kind, event.payload["replaces"]): event.n
        for event in events
        if event.payload is not None and event.kind in TEXTS and "replaces" in event.payload
    }
    for event in events:
        if event.kind not in TEXTS or event.payload is None:
            continue
        if replaced.get((event.kind, event.payload.get("number")), -1) > event.n:
            continue
        parts = {name: str(event.payload.get(name) or "") for name in TEXTS[event.kind]}
        parts |= _more(event.kind, event.payload)
        yield Said(kind=event.kind, parts={name: text for name, text in parts.items() if text})


def _more(kind: Kind, payload: Mapping[str, Any]) -> dict[str, str]:
    if kind is Kind.UPDATE:
        metrics = [f"{metric['name']} {metric['value']}" for metric in payload.get("metrics") or ()]
        return {"metrics": ", ".join(metrics)}
    if kind is Kind.RESCOPE_ANSWERED:
        return {"answer": "accepted" if payload.get("accepted") else "refused"}
    return {}
