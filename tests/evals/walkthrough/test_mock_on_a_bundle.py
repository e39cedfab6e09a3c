"""A mock on graded submissions: the subject is the walkthrough of their bundles, sealed or open."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from heldout.app.practice_mock import Terms, open_mock
from heldout.evals.walkthrough import walkthrough
from heldout.practice.mock.aim import Level, Stage
from heldout.practice.mock.kept import replayed
from heldout.practice.mock.score import score_text
from heldout.practice.session.desk import PipeDesk

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_each_question_of_the_walkthrough_is_a_topic_with_its_claim(bundles: dict[str, Path], tmp_path: Path) -> None:
    for name, bundle in bundles.items():
        terms = Terms(seed=1, level=Level.STAFF, minutes=45, bundle=bundle)
        kept = open_mock(tmp_path / name, terms, AT)
        kept.transcript.close()
        asked = [one.name for one in walkthrough(bundle).questions]
        assert [one.name for one in kept.script.subject.topics] == asked
        assert all(one.claim for one in kept.script.subject.topics)


def test_the_leak_is_asked_about_with_its_price(bundles: dict[str, Path], tmp_path: Path) -> None:
    kept = open_mock(tmp_path / "m", Terms(seed=1, level=Level.MID, minutes=45, bundle=bundles["leaking"]), AT)
    kept.transcript.close()
    leak = next(one for one in kept.script.subject.topics if one.name == "leak")
    assert "after" in leak.ask
    assert any(aim.stage is Stage.QUANTIFIES and aim.points[0].number for aim in leak.aims)


def test_a_mock_on_a_submission_is_played_and_replayed(bundles: dict[str, Path], tmp_path: Path) -> None:
    terms = Terms(seed=3, level=Level.SENIOR, minutes=30, bundle=bundles["sound"])
    kept = open_mock(tmp_path / "m", terms, AT)
    desk = PipeDesk(iter(["I would measure it again on later rows."] * 60 + [""] * 20), Console(quiet=True))
    score = kept.play(desk, itertools.count(step=20).__next__)

    assert score.is_finished
    assert "sound" in score.title or "Late" in score.title
    assert score_text(replayed(tmp_path / "m" / "transcript.jsonl")[0]) == score_text(score)
