"""A mock in its folder: begun or gone on with, scored, and scored again from what is there."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole
from heldout.practice.learner.whole import read_bounded
from heldout.practice.mock.aim import Dimension, Level
from heldout.practice.mock.interviewer import Reader
from heldout.practice.mock.rubric import RUBRIC
from heldout.practice.mock.score import MockScore, score_of, score_text
from heldout.practice.mock.script import Script, script_of
from heldout.practice.mock.sitting import Sitting, Wording
from heldout.practice.mock.subject import Subject, read_subject, subject_hash, subject_text
from heldout.practice.mock.transcript import SCHEMA, Event, Header, Transcript, read_transcript
from heldout.practice.session.desk import Desk

__all__ = ["AUDIO", "SCORE", "SUBJECT", "TRANSCRIPT", "Kept", "keep", "replayed", "unfinished"]

TRANSCRIPT, SUBJECT, SCORE, AUDIO, DRAFT = (
    "transcript.jsonl",
    "subject.json",
    "score.json",
    "audio.wav",
    "draft.json",
)


@dataclass(slots=True)
class Kept:
    """A mock that is open in its folder."""

    folder: Path
    script: Script
    transcript: Transcript

    def play(
        self, desk: Desk, clock: Callable[[], float], *, reader: Reader | None = None, wording: Wording | None = None
    ) -> MockScore:
        """Play it to its end, write the score beside it and return it. Raises Left; all that was said is kept."""
        sitting = Sitting(
            script=self.script, transcript=self.transcript, desk=desk, clock=clock, draft=self.folder / DRAFT
        )
        sitting.reader = reader or sitting.reader
        sitting.wording = wording or sitting.wording
        try:
            sitting.play()
        finally:
            self.transcript.close()
        score = score_of(self.transcript.header, self.transcript.events, self.script.subject, sitting.reader)
        write_whole(self.folder / SCORE, score_text(score).encode())
        return score


def keep(folder: Path, subject: Subject, *, seed: int, level: Level, minutes: float, at: dt.datetime) -> Kept:
    """Begin a mock in a folder, which is made, or go on with the one that was begun there with the same terms.

    Raises BadInput where the folder holds a finished mock or one of other terms, or cannot be written to.
    """
    script = script_of(subject, seed=seed, level=level, minutes=minutes)
    path, hashed = folder / TRANSCRIPT, subject_hash(subject)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if _is_begun(path):
            transcript = Transcript.resume(path)
            _refuse_other(folder, transcript, (seed, level, minutes, hashed))
            return Kept(folder=folder, script=script, transcript=transcript)
        write_whole(folder / SUBJECT, subject_text(subject).encode())
        header = Header(
            schema=SCHEMA,
            rubric=RUBRIC,
            seed=seed,
            level=level,
            minutes=minutes,
            subject=hashed,
            title=subject.title,
            at=at.isoformat(timespec="seconds"),
        )
        path.unlink(missing_ok=True)  # a header that was not written whole
        return Kept(folder=folder, script=script, transcript=Transcript.begin(path, header))
    except OSError as error:
        raise BadInput(
            f"the mock cannot be kept: {error.strerror}",
            where=str(error.filename or folder),
            expected="a folder that can be written to",
            mend="name another with --out",
        ) from error


def unfinished(folder: Path) -> tuple[Header, Subject] | None:
    """Return the terms of the mock that was begun in a folder and not ended; None where there is none."""
    if not _is_begun(folder / TRANSCRIPT):
        return None
    header, events = read_transcript(folder / TRANSCRIPT)
    return None if _is_over(events) else (header, _subject(folder))


def replayed(transcript: Path, reader: Reader | None = None) -> tuple[MockScore, Subject]:
    """Return the score of a transcript, computed again from it and the subject beside it. Raises BadInput."""
    if not transcript.is_file():
        raise BadInput("there is no transcript", where=str(transcript), mend=f"name the {TRANSCRIPT} of a mock")
    header, events = read_transcript(transcript)
    subject = _subject(transcript.parent)
    return (score_of(header, events, subject, reader) if reader else score_of(header, events, subject)), subject


def _subject(folder: Path) -> Subject:
    content = read_bounded(folder / SUBJECT)
    if content is None:
        raise BadInput(
            f"there is no {SUBJECT} beside the transcript",
            where=str(folder),
            expected="the folder of a mock, as it was written",
            mend=f"put {SUBJECT} back: it holds what the answers are scored against",
        )
    return read_subject(content.decode("utf-8", "replace"), str(folder / SUBJECT))


def _is_begun(path: Path) -> bool:
    """Return whether there is a transcript with a whole header."""
    content = read_bounded(path)
    return content is not None and b"\n" in content


def _is_over(events: Sequence[Event]) -> bool:
    """Return whether all was said, the self-scores too."""
    scored = {one.aim for one in events if one.what == "self-score"}
    return any(one.what == "ends" for one in events) and len(scored) == len(Dimension)


def _refuse_other(folder: Path, transcript: Transcript, terms: tuple[int, Level, float, str]) -> None:
    header = transcript.header
    wrong = ""
    if _is_over(transcript.events):
        wrong = "the folder holds a finished mock"
    elif (header.seed, header.level, header.minutes, header.subject) != terms:
        wrong = "the folder holds a mock with other terms"
    elif header.rubric != RUBRIC:
        wrong = f"the mock was begun by rubric {header.rubric}"
    if wrong:
        transcript.close()
        raise BadInput(
            wrong,
            where=str(folder),
            expected="an empty folder, or the mock that was begun there with these options",
            mend="name another folder with --out; --replay shows the score of a finished mock",
        )
