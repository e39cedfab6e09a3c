"""Plays a mock at a desk: says what the interviewer says next, keeps each line, and asks for the self-score."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from rich.padding import Padding
from rich.text import Text

from heldout.practice.answers import read
from heldout.practice.mock.aim import Dimension
from heldout.practice.mock.interviewer import PATIENCE, Reader, next_line
from heldout.practice.mock.script import Phase, Script
from heldout.practice.mock.state import state_of
from heldout.practice.mock.transcript import Event, Transcript
from heldout.practice.session.desk import Desk
from heldout.practice.session.typed import LETTERS, how_to
from heldout.practice.session.view import drawn

__all__ = ["Sitting", "Wording"]

Wording = Callable[[str], str]
"""Words a stored line anew; returns "" where the stored one shall stand."""

LONGEST = 10_000
"""Characters kept of an answer."""
INDENT = (0, 0, 0, 2)
STYLES = {Phase.INTERRUPT: "bold yellow", Phase.STUCK: "italic"}


@dataclass(slots=True)
class Sitting:
    """A mock in progress. `clock` returns seconds; `draft` is the file that keeps what is being typed."""

    script: Script
    transcript: Transcript
    desk: Desk
    clock: Callable[[], float]
    reader: Reader = read
    wording: Wording = lambda _: ""
    draft: Path | None = None
    _start: float = 0.0

    def play(self) -> None:
        """Play to the end, or raise Left. A transcript that has begun goes on where it was; a pause does not count."""
        events = self.transcript.events
        before = events[-1].at if events else 0.0
        self._start = self.clock() - before
        if events:
            self._keep(Event(at=before, who="mock", what="resumes"))
            self._show_subject()
        while (waiting := self._waiting()) is not None or self._say():
            if waiting is not None:
                self._listen(waiting)
        self._self_score()
        if self.draft is not None:
            self.draft.unlink(missing_ok=True)

    def _elapsed(self) -> float:
        return round(max(self.clock() - self._start, 0.0), 1)

    def _waiting(self) -> Event | None:
        return state_of(self.script, self.transcript.events, self._elapsed()).waits

    def _keep(self, event: Event) -> None:
        self.transcript.append(event)

    def _say(self) -> bool:
        line = next_line(self.script, self.transcript.events, self._elapsed(), self.reader)
        if line is None:
            return False
        if line.what in ("asks", "nudges", "replies"):
            worded = self.wording(line.text)
            line = replace(line, text=worded, stored=line.text) if worded else line
        self._keep(line)
        self._show(line)
        if line.what == "tells" and line.aim == "start":
            self.desk.show(*map(drawn, self.script.subject.exhibits))
        return line.what != "ends"

    def _show_subject(self) -> None:
        waiting = self._waiting()
        self.desk.show(Text("The mock goes on.", style="dim"), Text(self.script.subject.situation))
        self.desk.show(*map(drawn, self.script.subject.exhibits))
        if waiting is not None:
            self._show(waiting)

    def _show(self, line: Event) -> None:
        if not line.text:
            return
        minute, second = divmod(int(line.at), 60)
        style = STYLES.get(Phase(line.phase), "bold")
        head = Text(f"{minute:02d}:{second:02d} ", style="dim").append("Interviewer  ", style="cyan")
        self.desk.show(Text(), head.append(line.text, style=style))
        question = self.script.turn(line.turn).question if line.turn else None
        if question is not None and line.what == "asks":
            options = [f"{letter}) {one}" for letter, one in zip(LETTERS, question.options, strict=False)]
            lines = [*options, f"Type {how_to(question)}."]
            self.desk.show(*(Padding(Text(one), INDENT) for one in lines))

    def _listen(self, line: Event) -> None:
        typed = self.desk.ask("You>", draft=self._drafted(), keep=self._draft, patience=PATIENCE)
        text = typed.text.encode("utf-8", "replace").decode()[:LONGEST]
        answer = Event(
            at=self._elapsed(),
            who="candidate",
            what="answers",
            phase=line.phase,
            turn=line.turn,
            text=text,
            aim=line.aim,
            to=line.what,
            first_key=round(typed.first_key, 1),
            seconds=round(typed.seconds, 1),
            silent=typed.silent,
        )
        self._keep(answer)

    def _draft(self, text: str) -> None:
        """Keep what stands in the line: another process sees the old text or the new one, never a part."""
        if self.draft is not None:
            with contextlib.suppress(OSError):  # a full disk shall not end the mock in the middle of a word
                beside = self.draft.with_suffix(".part")
                beside.write_text(json.dumps([len(self.transcript.events), text]), encoding="utf-8")
                beside.replace(self.draft)

    def _drafted(self) -> str:
        """Return what was being typed when the mock was killed; "resumes" is the one event since then."""
        events = self.transcript.events
        if self.draft is None or not events or events[-1].what != "resumes":
            return ""
        with contextlib.suppress(OSError, ValueError, TypeError):
            place, text = json.loads(self.draft.read_text(encoding="utf-8"))
            resumed = sum(1 for _ in _trailing(events))
            if place in range(len(events) - resumed, len(events) + 1) and isinstance(text, str):
                return text[:LONGEST].replace("\n", " ")
        return ""

    def _self_score(self) -> None:
        """Ask for a score of 0 to 100 in each dimension, before anything is told."""
        given = {one.aim for one in self.transcript.events if one.what == "self-score"}
        if len(given) < len(Dimension):
            self.desk.show(Text("\nBefore you see anything: how did it go, 0 to 100? Enter passes.", style="bold"))
        for one in Dimension:
            while one not in given:
                said = self.desk.ask(f"{one.capitalize()}:").text.strip().removesuffix("%").strip()
                if said and not _is_points(said):
                    self.desk.show(Text("Please type a number from 0 to 100, or nothing."))
                    continue
                event = Event(at=self._elapsed(), who="candidate", what="self-score", aim=one, text=said)
                self._keep(event)
                break


def _is_points(text: str) -> bool:
    try:
        return 0 <= float(text) <= 100
    except ValueError:
        return False


def _trailing(events: tuple[Event, ...]) -> list[Event]:
    """Return the "resumes" at the end of the events."""
    found = []
    for one in reversed(events):
        if one.what != "resumes":
            break
        found.append(one)
    return found
