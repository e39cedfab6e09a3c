"""The use case of `heldout practice mock`: on a drill or on a graded submission, with words and sound where wanted."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heldout.evals.walkthrough import walkthrough
from heldout.practice.mock.aim import Level
from heldout.practice.mock.dealing import drill_subject
from heldout.practice.mock.kept import AUDIO, Kept, keep, unfinished
from heldout.practice.mock.of_walkthrough import subject_of_walkthrough
from heldout.tools.recorder import Silent, record

__all__ = ["Terms", "open_mock", "recorded"]

SLACK = 1.5
"""A recording stops by itself after so many times the length of the mock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a mock is asked for: `bundle` is the folder of a graded submission's bundle, None for a drill's world."""

    seed: int
    level: Level
    minutes: float
    bundle: Path | None = None


def open_mock(folder: Path, terms: Terms, now: dt.datetime) -> Kept:
    """Begin a mock in a folder, or go on with the one that was begun there. Raises BadInput.

    A drill's world that was begun is the one that lies beside it, whatever the deck has become since.
    """
    begun = unfinished(folder)
    if terms.bundle is not None:
        subject = subject_of_walkthrough(walkthrough(terms.bundle))
    else:
        subject = begun[1] if begun else drill_subject(terms.seed, terms.level)
    return keep(folder, subject, seed=terms.seed, level=terms.level, minutes=terms.minutes, at=now)


@contextlib.contextmanager
def recorded(mock: Kept, *, wanted: bool) -> Iterator[str]:
    """Record sound beside the transcript while the block runs; yields in one line what is done, "" for nothing."""
    if not wanted:
        yield ""
        return
    places = (mock.folder / AUDIO, *(mock.folder / f"audio-{number}.wav" for number in range(2, 100)))
    free = next((one for one in places if not one.exists()), places[0])
    found = record(free, seconds=int(mock.script.seconds * SLACK))
    if isinstance(found, Silent):
        yield f"No sound: {found.why}."
        return
    try:
        yield f"{found.program} records to {free}."
    finally:
        found.stop()
