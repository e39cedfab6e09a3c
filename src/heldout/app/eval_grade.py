"""Grades what a candidate handed in under the brief in force, with the record as evidence, and writes the bundles."""

import contextlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from heldout.app.files import replace_texts
from heldout.app.grade import BASIS, STATE, Graded, graded_case
from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.evals.amend import amended
from heldout.evals.authoring.commitment import COMMITMENT, OPENING, read_opening
from heldout.evals.brief import OpenBrief, open_brief
from heldout.evals.bundle import Parts, write_bundle
from heldout.evals.bundle.layout import Kind as BundleKind
from heldout.evals.cards import read_card
from heldout.evals.grading.grade import Spoken, prepare
from heldout.evals.grading.journal import sha256_of
from heldout.evals.record.clock import clock_of, gaps
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Receipt
from heldout.evals.record.scope import opened_in_force
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.evals.talk.evidence import conversation_of, with_receipts
from heldout.report.html import card_page
from heldout.report.json import to_json
from heldout.report.markdown import card_text
from heldout.tools import git

__all__ = ["Bundled", "bundle", "bundle_graded", "card_of", "grade_recorded", "has_card", "is_recorded", "write_card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A graded submission of a record: the receipt of its event, and the bundles by kind."""

    graded: Graded
    receipt: Receipt
    bundles: Mapping[str, Path]


def grade_recorded(
    workspace: Workspace,
    record: CandidateRecord,
    *,
    is_own: bool = False,
    progress: Callable[[str], None] = lambda _line: None,
) -> Bundled:
    """Grade the last commit that was handed in; what an interrupted grading finished is used again.

    The seed is the one that the opening committed to; `is_own` is that of `graded_case`. Raises BadInput where nothing
    was handed in, or brief or submission break their contract; InfrastructureFailure where no sandbox works.
    """
    events = record.ledger.events()
    handed_in = _handed_in(record, events)
    commit = str((handed_in.payload or {})["commit"])
    opened = opened_in_force(workspace, record)
    case = prepare(opened, record.repository, commit, name=record.name)
    case = replace(case, spoken=_spoken(record, opened, events, handed_in, commit))
    out = record.folder / "graded"
    seed = read_opening(workspace.folder / OPENING).grader_seed if (workspace.folder / OPENING).is_file() else None
    try:
        graded = graded_case(case, out=out, seed=seed, is_own=is_own, progress=progress)
    finally:
        _leave_nothing(record)
    said = {"card_sha256": sha256_of(graded.files["json"]), "band": graded.card.decision.band.value}
    before = [event for event in events if event.kind is Kind.GRADED]
    _leave_nothing(record)
    if before and before[-1].payload == said:
        receipt = Receipt(n=before[-1].n, at=before[-1].at.isoformat(timespec="milliseconds"), head=before[-1].head)
    else:
        receipt = record.ledger.append(Kind.GRADED, said, actor=Role.ORGANISER)
    if any(event.kind is Kind.REPLIED for event in events):
        write_card(record)  # what was replied to an earlier card stands beside this one too
    progress(f"{record.name}: bundles")
    bundles = {"sealed": bundle(workspace, record, "sealed"), "open": bundle(workspace, record, "open")}
    return Bundled(graded=graded, receipt=receipt, bundles=bundles)


def _leave_nothing(record: CandidateRecord) -> None:
    """Remove what was graded while the candidate was forgotten."""
    if any(event.kind is Kind.FORGOTTEN for event in record.ledger.events()):
        shutil.rmtree(record.folder / "graded", ignore_errors=True)


def is_recorded(folder: Path, submission: Path) -> bool:
    """Tell whether `submission` is the name of a candidate of the eval, and no path of a repository."""
    return len(submission.parts) == 1 and not submission.exists() and (folder / "record" / submission).is_dir()


def has_card(record: CandidateRecord) -> bool:
    """Tell whether a grading wrote a card."""
    return (record.folder / "graded" / record.name / "card.json").is_file()


def card_of(record: CandidateRecord) -> Card:
    """Return the card of a candidate with what was replied to it and decided on that. Raises BadInput before grading.

    Where a reply was accepted it is the amended card; `card.json` stays the one that was graded.
    """
    folder = record.folder / "graded" / record.name
    if not has_card(record):
        raise BadInput(f"{record.name} has no card yet", where=str(folder), mend="heldout eval grade EVAL NAME")
    return amended(read_card(folder / "card.json"), sha256_of(folder / "card.json"), record.ledger.events())


def write_card(record: CandidateRecord) -> tuple[Path, ...]:
    """Write the card with the replies beside the one that was graded, which stays as the ledger promises it.

    It is called replied.*, and amended.* where a reply was accepted; of both there is the newest alone.
    """
    card = card_of(record)
    stem, other = ("amended", "replied") if card.is_amended else ("replied", "amended")
    texts = {f"{stem}.html": card_page(card), f"{stem}.json": to_json(card), f"{stem}.md": card_text(card)}
    folder = record.folder / "graded" / record.name
    written = replace_texts(folder, texts)
    for name in texts:
        (folder / name.replace(stem, other)).unlink(missing_ok=True)
    return written


def bundle(workspace: Workspace, record: CandidateRecord, kind: BundleKind, out: Path | None = None) -> Path:
    """Write a bundle of the last grading to `out`, else to the record's folder. Raises BadInput before the grading."""
    graded = record.folder / "graded"
    folder, basis = graded / record.name, _basis(graded / record.name)
    is_closed = any(event.kind is Kind.CLOSED for event in record.ledger.events())
    opening = workspace.folder / OPENING
    published = [path for path in (workspace.folder / COMMITMENT,) if path.is_file()]
    if opening.is_file() and (kind == "sealed" or is_closed):
        published.append(opening)
    parts = Parts(
        candidate=record.name,
        opened=opened_in_force(workspace, record),
        original=open_brief(workspace.folder),
        record=record.folder,
        published=tuple(published),
        briefs=tuple(sorted((record.folder / "briefs").glob("brief-*.toml"))),
        commit=basis["commit"],
        commit_object=git.commit_object(record.repository, basis["commit"]),
        tree=graded / basis["tree"],
        score=None if basis["score"] is None else graded / basis["score"],
        card=folder / "card.json",
        page=folder / "card.html",
        amended=tuple(path for path in (folder / "amended.json", folder / "amended.html") if path.is_file()),
        salt=_salt(record.folder),
    )
    return write_bundle(out or record.folder / "bundles" / kind, parts, kind)


def bundle_graded(brief: Path, submission: Path, graded: Path, kind: BundleKind, out: Path) -> Path:
    """Write a bundle of a submission that was graded into `graded` without a record, and return it.

    `brief` and `submission` (a git repository) are those that were graded. Raises BadInput where they are not, or
    nothing was graded.
    """
    name = submission.resolve().name
    folder, basis = graded / name, _basis(graded / name)
    opened = open_brief(brief)
    card = read_card(folder)
    if card.hashes.get("brief") != opened.sha256:
        raise BadInput(f"{name} was graded under another brief", where=str(opened.path), mend="name that one")
    content = git.commit_object(submission, basis["commit"])
    parts = Parts(
        candidate=name,
        opened=opened,
        original=opened,
        record=None,
        published=(),
        briefs=(),
        commit=basis["commit"],
        commit_object=content,
        tree=graded / basis["tree"],
        score=None if basis["score"] is None else graded / basis["score"],
        card=folder / "card.json",
        page=folder / "card.html",
        salt=_salt(graded / STATE),
    )
    return write_bundle(out, parts, kind)


def _basis(folder: Path) -> Mapping[str, Any]:
    if not (folder / BASIS).is_file():
        raise BadInput(
            f"{folder.name} was not graded yet", where=str(folder), mend="heldout eval grade EVAL NAME or SUBMISSION"
        )
    basis: Mapping[str, Any] = json.loads((folder / BASIS).read_text(encoding="utf-8"))
    return basis


def _salt(folder: Path) -> str:
    """Return the salt of the row hashes, drawn once, and read by its owner alone from its first moment on."""
    path = folder / "rows.salt"
    if not path.is_file():
        handle, partial = tempfile.mkstemp(dir=folder, prefix=".part-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # of two at once, the first one's counts
            os.link(partial, path)
        Path(partial).unlink()
    return path.read_text(encoding="ascii")


def _handed_in(record: CandidateRecord, events: Sequence[Event]) -> Event:
    found = [event for event in events if event.kind is Kind.SUBMITTED and event.payload]
    if not found:
        raise BadInput(
            f"{record.name} handed nothing in",
            expected="a pushed tag whose name begins with submit, or heldout eval submit",
            mend="wait for it, or hand in for them: heldout eval submit EVAL NAME",
        )
    return found[-1]


def _spoken(
    record: CandidateRecord, opened: OpenBrief, events: Sequence[Event], handed_in: Event, commit: str
) -> Spoken:
    until = handed_in.at
    repository, _ = git.snapshot(record.repository, commit)
    pushed = [str(event.payload["new"]) for event in events if event.kind is Kind.PUSH and event.payload]
    tips = (commit, *(tip for tip in dict.fromkeys(pushed) if set(tip) != {"0"} and tip != commit))
    return Spoken(
        conversation=conversation_of(opened.brief, events, until, repository),
        history=with_receipts(git.history(record.repository, tips), events),
        record=_record(opened, events, handed_in),
    )


def _record(opened: OpenBrief, events: Sequence[Event], handed_in: Event) -> dict[str, str]:
    """Say what the record holds. It names no times, which would tell of an accommodation."""
    brief = opened.brief
    count = {kind: sum(event.kind is kind for event in events) for kind in Kind}
    standing = clock_of(brief, events, handed_in.at).standing(handed_in.at)
    late = standing.minutes_late
    silent = gaps(brief, events, handed_in.at)
    longest = max((gap.waking_hours for gap in silent), default=0.0)
    times = "once" if len(silent) == 1 else f"{len(silent)} times"
    beyond = f"{times} longer apart, at most {longest:.1f} waking hours" if silent else "never longer apart"
    said = {
        "handed in": "in time" if late == 0 else f"{late:.1f} minutes after the end: {standing.becomes}",
        "brief in force": f"version {brief.eval.version}",
        "updates": f"{count[Kind.UPDATE]}, due every {brief.cadence.hours:g} waking hours; {beyond}",
        "questions": f"{count[Kind.QUESTION]} asked, {count[Kind.ANSWER]} answers",
        "feedback": f"{count[Kind.FEEDBACK]} given, {count[Kind.FEEDBACK_ANSWERED]} answered",
        "pushes": f"{count[Kind.PUSH]} received, {count[Kind.PUSH_REFUSED]} refused",
    }
    for amendment in brief.amendments:
        said[f"scope, version {amendment.version}"] = (
            f"{amendment.narrowed.rstrip('.')}. Trade-offs: {amendment.tradeoffs}"
        )
    return said
