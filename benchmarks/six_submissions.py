"""In which order do six submissions to one brief end, and how far does that depend on the weights of the rubric?"""

import datetime as dt
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import table
from heldout.app.demo import SEED, demonstrate
from heldout.app.eval_grade import Bundled, grade_recorded
from heldout.app.eval_open import Giving, open_candidate, terms_of
from heldout.app.grade import STATE
from heldout.core.card import Card
from heldout.core.card_order import Ordered, order_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.scope import accept
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.evals.talk.updates import read_updates
from heldout.report.figures import amount, lift_unit, part_of, said
from heldout.report.order import HEADINGS, order_answer, order_rows

OPENED = dt.datetime(2026, 9, 7, 8, 0, tzinfo=dt.UTC)
NARROWED = {
    "number": 1,
    "narrowed": "alerts on drift and silence; none on latency and CPU, as the scores are written once a day by night",
    "tradeoffs": "a batch that becomes slow is noticed when it is late, after three hours, and not before",
}


@dataclass(slots=True)
class Clock:
    """The server's clock, set by hand."""

    at: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Played:
    """An eval of one candidate whose clock is set by hand; what is pushed is on the server before it is recorded."""

    record: CandidateRecord
    workspace: Workspace
    clock: Clock
    commits: tuple[str, ...]

    def says(self, when: str, kind: Kind, payload: dict[str, object], actor: Role = Role.CANDIDATE) -> None:
        """Record an event at `when`, such as "07 14:30" of September 2026."""
        self.clock.at = dt.datetime.strptime(f"2026-09-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=dt.UTC)
        self.record.ledger.append(kind, payload, actor=actor)

    def pushes(self, when: str, place: int) -> None:
        """Record the push of the commit at `place` of the history, oldest first."""
        old = self.commits[place - 1] if place else "0" * 40
        payload = {"ref": "refs/heads/main", "old": old, "new": self.commits[place], "commits": 1, "bytes": 9_000}
        self.says(when, Kind.PUSH, payload, Role.SERVER)

    def hands_in(self, when: str) -> None:
        """Record that the last commit was handed in."""
        payload = {"commit": self.commits[-1], "tag": "submit-1", "late_minutes": 0.0, "logs_sha256": None}
        self.says(when, Kind.SUBMITTED, payload)


def open_played(eval_folder: Path, submission: Path) -> Played:
    """Open the eval for the submission's name on a clock that is set by hand, with its history on the server."""
    clock = Clock(OPENED)
    terms = terms_of(eval_folder)
    opened = open_candidate(eval_folder, submission.name, terms, consents=True, token=Giving.NONE, now=clock)
    record = opened.record
    _git("--git-dir", str(record.repository), "fetch", "--quiet", str(submission), "main:refs/heads/main")
    commits = _git("-C", str(submission), "rev-list", "--reverse", "main").split()
    workspace = Workspace(folder=eval_folder.resolve(), now=clock)
    return Played(record=record, workspace=workspace, clock=clock, commits=tuple(commits))


def play_narrowed(eval_folder: Path, submission: Path) -> Played:
    """Play an eval that is agreed to be narrower: updates in time, a proposal with its cost, accepted the same day."""
    played = open_played(eval_folder, submission)
    updates = read_updates((submission / "UPDATES.md").read_bytes()).updates
    says = [
        {
            "commit": played.commits[place + 1],
            "number": place + 1,
            "done": one.done,
            "next": one.next,
            "assumptions": one.assumptions,
            "metrics": [{"name": m.name, "value": m.value, "commit": m.commit} for m in one.metrics],
            "hours_stated": one.hours,
            "line": one.line,
        }
        for place, one in enumerate(updates)
    ]
    played.pushes("07 09:06", 0)
    played.pushes("07 14:21", 1)
    played.says("07 14:30", Kind.UPDATE, says[0])
    played.says("07 14:35", Kind.RESCOPE_ASKED, NARROWED | {"commit": played.commits[1]})
    played.clock.at = dt.datetime(2026, 9, 7, 16, 5, tzinfo=dt.UTC)
    accept(played.workspace, played.record, 1, why="the scores have a night to be written")
    played.pushes("08 09:41", 2)
    played.says("08 09:45", Kind.UPDATE, says[1])
    played.pushes("08 15:11", 3)
    played.says("08 15:15", Kind.UPDATE, says[2])
    played.hands_in("08 15:20")
    return played


def play_silent(eval_folder: Path, submission: Path) -> Played:
    """Play an eval without a word: no update, feedback without an answer, a force push that the server refuses."""
    played = open_played(eval_folder, submission)
    feedback = {"number": 1, "text": "How would an operator know that the scorer has stopped?", "by": "rater"}
    played.says("08 09:00", Kind.FEEDBACK, feedback, Role.RATER)
    played.pushes("08 17:52", 0)
    refused = {"ref": "refs/heads/main", "old": played.commits[0], "new": "b" * 40, "why": "it would rewrite history"}
    played.says("08 18:04", Kind.PUSH_REFUSED, refused, Role.SERVER)
    played.hands_in("08 18:20")
    return played


def grade_played(played: Played, cards: Path) -> Bundled:
    """Grade what was handed in; the runs that the folder `cards` of the demo holds are used again."""
    state = played.record.folder / "graded" / STATE
    shutil.copytree(cards / STATE, state, copy_function=_linked, symlinks=True)
    (state / "opening.json").write_text(json.dumps({"seed": SEED}), encoding="ascii")
    return grade_recorded(played.workspace, played.record)


def _linked(source: str, target: str) -> str:
    """Link what finished steps wrote, and copy what a grading writes to: the journal."""
    if Path(source).parent.name == STATE:
        return str(shutil.copy2(source, target))
    os.link(source, target)
    return target


def section() -> str:
    """Grade the six, and tell their order, its share of all weights, and what each rests on."""
    with tempfile.TemporaryDirectory() as scratch:
        graded = demonstrate(Path(scratch) / "demo", with_variants=True).graded
    cards = [one.card for one in graded]
    ordered = order_of(cards)
    return "\n\n".join(
        [
            "The grader's seed is fixed. The order: who reached the minimum, then the weighted axes, then the lift.",
            _cards_table(cards, ordered),
            order_answer(ordered),
            table([*HEADINGS], [list(row) for row in order_rows(ordered)]),
        ]
    )


def _cards_table(cards: list[Card], ordered: Ordered) -> str:
    by_name = {card.submission: card for card in cards}
    rows = []
    for name in ordered.names:
        card, score = by_name[name], ordered.scores[name]
        lift = said(card.lift.estimate, lift_unit(card.target.scale), signed=True) if card.lift else "withheld"
        parts = [part_of(axis.score) if axis.score.value is not None else "undefined" for axis in card.axes]
        rows.append([name, card.decision.band.value, lift, *parts, "undefined" if score is None else f"{score:.2f}"])
    weights = [f"{axis.name} ({amount(axis.weight, 'share')})" for axis in cards[0].axes]
    return table(["submission", "band", "lift", *weights, "weighted"], rows)


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)
    return done.stdout
