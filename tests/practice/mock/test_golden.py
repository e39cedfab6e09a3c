"""A transcript that was stored, and the score that this rubric gives it: whoever changes the one raises the other."""

import random
import shutil
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.practice.mock.kept import SCORE, SUBJECT, TRANSCRIPT, replayed
from heldout.practice.mock.score import score_text

STORED = Path(__file__).parents[2] / "golden" / "mock"


def test_the_stored_transcript_is_scored_as_it_was() -> None:
    score, _ = replayed(STORED / TRANSCRIPT)
    text = score_text(score)

    assert text == (STORED / SCORE).read_text(), (
        "the same transcript gets another score: raise RUBRIC in practice/mock/rubric.py, and store this mock anew "
        "with `python -m tests.practice.mock.store_golden`"
    )


def test_a_transcript_that_was_tampered_with_is_scored_or_refused_and_nothing_else(tmp_path: Path) -> None:
    shutil.copy(STORED / SUBJECT, tmp_path)
    lines = (STORED / TRANSCRIPT).read_bytes().splitlines()
    rng, refused = random.Random(1), 0
    parts = (b"-1", b"1e999", b'""', b"null", b"asks", b"self-score", b"{", b"\\ud800", b"probes", b"999", b"b")
    for _ in range(300):
        changed = list(lines)
        place = rng.randrange(len(changed))
        line = changed[place]
        at = rng.randrange(len(line))
        changed[place] = line[:at] + rng.choice(parts) + line[at + rng.randrange(6) :]
        if rng.random() < 0.3:
            changed.pop(rng.randrange(1, len(changed)))
        (tmp_path / TRANSCRIPT).write_bytes(b"\n".join([*changed, b""]))
        try:
            score_text(replayed(tmp_path / TRANSCRIPT)[0])
        except BadInput:
            refused += 1
    assert 0 < refused < 300
