"""A transcript that was stored, and the score that this rubric gives it: whoever changes the one raises the other."""

from pathlib import Path

from heldout.practice.mock.kept import SCORE, TRANSCRIPT, replayed
from heldout.practice.mock.score import score_text

STORED = Path(__file__).parents[2] / "golden" / "mock"


def test_the_stored_transcript_is_scored_as_it_was() -> None:
    score, _ = replayed(STORED / TRANSCRIPT)
    text = score_text(score)

    assert text == (STORED / SCORE).read_text(), (
        "the same transcript gets another score: raise RUBRIC in practice/mock/rubric.py, and store this mock anew "
        "with `python -m tests.practice.mock.store_golden`"
    )
