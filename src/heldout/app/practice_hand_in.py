"""The use case of `heldout practice rehearse --hand-in`: the same hand-in, grading, card and sheets as in earnest."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.app.eval_grade import grade_recorded
from heldout.app.eval_receive import catch_up
from heldout.app.eval_talk import submit
from heldout.app.eval_walkthrough import bundle_of, write_sheets
from heldout.app.files import replace_texts
from heldout.app.practice_rehearse import Rehearsal
from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.progress import Progress, Step, as_progress
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event
from heldout.evals.record.scope import opened_in_force
from heldout.practice.rehearsal.moved import Moved, moved_most
from heldout.practice.rehearsal.words import moved_text
from heldout.report.html import card_page
from heldout.report.json import to_json
from heldout.report.markdown import card_text
from heldout.tools import git

__all__ = ["HandedIn", "hand_in"]

FOLDER = "handed-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """The card of what was handed in, what would have moved its band most, and the files that show all of it."""

    card: Card
    moved: tuple[Moved, ...]
    notes: tuple[str, ...]
    files: tuple[Path, ...]


def hand_in(rehearsal: Rehearsal, *, progress: Progress | Step | None = None) -> HandedIn:
    """Push the last commit, hand it in, grade it, and write `handed-in/{card,walkthrough,practice,moved}.*`.

    Broken off, it goes on with what it finished. Without a sandbox the code runs as a process of its writer, and the
    card says so. Raises BadInput where the work breaks its contract, or comes too late for the brief.
    """
    say, record, workspace = as_progress(progress), rehearsal.record, rehearsal.workspace
    repository, commit = git.snapshot(rehearsal.work)
    notes = tuple(git.notes(rehearsal.work, repository))
    if _last(record.ledger.events()) != commit:
        say(f"handing in commit {commit[:12]}")
        git.push(rehearsal.work, record.repository, commit)
        catch_up(workspace, record)
    if _last(record.ledger.events()) != commit:
        done = submit(workspace, record, commit=commit)
        if not done.is_taken:
            raise BadInput(
                f"it came {done.standing.minutes_late:.0f} minutes after the end, and the brief refuses what is late",
                expected="a hand-in within the agreed hours",
                mend=f"heldout eval extend {rehearsal.eval_folder} {record.name} 1 --why REASON, then again",
            )
    graded = grade_recorded(workspace, record, is_own=True, progress=say)
    card = graded.graded.card
    lowest = opened_in_force(workspace, record).brief.reproducibility.lowest
    moved = moved_most(card, lowest=lowest)
    out = rehearsal.folder / FOLDER
    say("writing the walkthrough")
    sheets = write_sheets(bundle_of(record), out / "walkthrough")
    texts = {"card.html": card_page(card), "card.json": to_json(card), "card.md": card_text(card)}
    written = replace_texts(out, {**texts, "moved.md": moved_text(card, moved)})
    return HandedIn(card=card, moved=moved, notes=notes, files=(*written, *sheets.practice, *sheets.interviewer))


def _last(events: Sequence[Event]) -> str:
    found = [event for event in events if event.kind is Kind.SUBMITTED and event.payload]
    return str((found[-1].payload or {})["commit"]) if found else ""
