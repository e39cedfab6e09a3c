"""Deals a drill's world for a mock, sits the mock, and keeps what it came to in the learner's record."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

from heldout.practice.deck import deck
from heldout.practice.drill import Difficulty
from heldout.practice.learner.store import Store
from heldout.practice.mock.aim import Level
from heldout.practice.mock.kept import TRANSCRIPT, keep, unfinished
from heldout.practice.mock.of_drill import subject_of_drill
from heldout.practice.mock.readiness import Readiness, outcome_of, outcomes_in, readiness
from heldout.practice.mock.score import MockScore
from heldout.practice.mock.subject import Subject
from heldout.practice.mock.view import readiness_view, score_view, told_view
from heldout.practice.session.desk import Desk

__all__ = ["drill_subject", "free_folder", "note_mock", "readiness_of", "show_score", "sit_mock"]

PLANTED = 4
"""Of so many seeds one is the clean twin: who sees a fault everywhere shall be found out."""
HARDNESS = {Level.JUNIOR: Difficulty.EASY, Level.MID: Difficulty.MIDDLE}


def drill_subject(seed: int, level: Level) -> Subject:
    """Return the subject that a seed and a level deal: any kind, planted or, for one seed in four, its clean twin."""
    kinds = deck()
    kind = kinds[seed % len(kinds)]
    difficulty = HARDNESS.get(level, Difficulty.HARD)
    planted = (seed // len(kinds)) % PLANTED != PLANTED - 1
    drill = kind.build(seed, difficulty, planted)
    origin = f"drill {kind.family}/{kind.name}, seed {seed}, difficulty {difficulty.value}"
    return subject_of_drill(kind, drill, planted=planted, origin=origin)


def free_folder(home: Path, about: str, seed: int, level: Level) -> Path:
    """Return the folder of a mock on these terms that was begun in a learner's folder, else the next that is free."""
    number = 1
    while True:
        folder = home / "mocks" / f"{about}-{level}-{seed}" / str(number)
        if not (folder / TRANSCRIPT).exists() or unfinished(folder) is not None:
            return folder
        number += 1


def sit_mock(
    store: Store, desk: Desk, *, seed: int, level: Level, minutes: float, now: Callable[[], dt.datetime]
) -> MockScore:
    """Sit a mock on a drill's world, or go on with it; show and note what it came to. Raises Left, and BadInput."""
    folder = free_folder(store.folder, "drill", seed, level)
    begun = unfinished(folder)
    subject = begun[1] if begun else drill_subject(seed, level)
    kept = keep(folder, subject, seed=seed, level=level, minutes=minutes, at=now())
    score = kept.play(desk, time.monotonic)
    note_mock(store, score, folder)
    show_score(store, desk, score, subject)
    return score


def show_score(store: Store, desk: Desk, score: MockScore, subject: Subject) -> None:
    """Show the score, what there was to say, and what all mocks of its level say together."""
    asked = [mark.turn for one in score.dimensions for mark in one.marks]
    desk.show(score_view(score), told_view(subject, asked), readiness_view(readiness_of(store, score.level)))


def note_mock(store: Store, score: MockScore, folder: Path) -> None:
    """Keep in the learner's record what a finished mock came to; one that was noted before is not noted again."""
    outcome = outcome_of(score)
    if outcome is None or any(line.get("folder") == str(folder) for line in store.sat("mocks")):
        return
    line = {
        "at": outcome.at,
        "level": outcome.level.value,
        "rubric": outcome.rubric,
        "subject": outcome.subject,
        "overall": outcome.overall,
        "points": outcome.points,
        "title": score.title,
        "folder": str(folder),
    }
    store.note("mocks", line)


def readiness_of(store: Store, level: Level) -> Readiness:
    """Return what the learner's mocks at a level say."""
    return readiness(outcomes_in(store.sat("mocks")), level)
