"""Plays the mock whose transcript and score are stored in tests/golden/mock, and stores it anew."""

import shutil
import tempfile
from pathlib import Path

from tests.practice.mock.rehearsed import play, subject_of
from tests.practice.mock.test_score import GOOD, answering

from heldout.practice.mock.aim import Level
from heldout.practice.mock.kept import SCORE, SUBJECT, TRANSCRIPT
from heldout.practice.mock.score import score_of, score_text
from heldout.practice.mock.subject import subject_text

STORED = Path(__file__).parents[2] / "golden" / "mock"

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / TRANSCRIPT
        header, events = play(subject_of(), answering(GOOD, probes_right=True), path, level=Level.STAFF, minutes=45)
        STORED.mkdir(exist_ok=True)
        shutil.copy(path, STORED / TRANSCRIPT)
        (STORED / SUBJECT).write_text(subject_text(subject_of()))
        (STORED / SCORE).write_text(score_text(score_of(header, events, subject_of())))
