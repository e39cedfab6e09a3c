import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from tests.practice.mock.rehearsed import subject_of

from heldout.core.errors import BadInput
from heldout.practice.mock.aim import Dimension, Level
from heldout.practice.mock.kept import Kept, keep, replayed, unfinished
from heldout.practice.mock.score import score_text
from heldout.practice.mock.transcript import read_transcript
from heldout.practice.session.desk import Left, PipeDesk

AT = dt.datetime(2026, 1, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def opened(folder: Path, *, seed: int = 1, level: Level = Level.MID, minutes: float = 10) -> Kept:
    return keep(folder, subject_of(), seed=seed, level=level, minutes=minutes, at=AT)


def play(kept: Kept, lines: Iterator[str]) -> str:
    return score_text(kept.play(PipeDesk(lines, Console(quiet=True)), itertools.count().__next__))


def test_a_mock_that_was_left_goes_on_where_it_was_and_asks_nothing_twice(tmp_path: Path) -> None:
    with pytest.raises(Left):
        play(opened(tmp_path), iter(["pass", "", "pass"]))
    assert unfinished(tmp_path) is not None
    play(opened(tmp_path), iter(["pass"] * 20 + [""] * 20))

    _, events = read_transcript(tmp_path / "transcript.jsonl")
    asked = [one.turn for one in events if one.what == "asks"]
    assert len(asked) == len(set(asked))
    assert [one.what for one in events].count("resumes") == 1
    assert events[-1].what == "self-score"
    assert unfinished(tmp_path) is None
    times = [one.at for one in events]
    assert times == sorted(times)


def test_a_mock_that_stops_after_any_line_goes_on(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    play(opened(whole), iter(["pass"] * 20 + [""] * 20))
    lines = (whole / "transcript.jsonl").read_bytes().splitlines(keepends=True)
    wanted = [one.turn for one in read_transcript(whole / "transcript.jsonl")[1] if one.what == "asks"]
    for place in range(1, len(lines), 5):
        folder = tmp_path / str(place)
        opened(folder).transcript.close()
        (folder / "transcript.jsonl").write_bytes(b"".join(lines[:place]) + lines[place][:7])
        play(opened(folder), iter(["pass"] * 20 + [""] * 20))
        _, events = read_transcript(folder / "transcript.jsonl")
        asked = [one.turn for one in events if one.what == "asks"]
        assert sorted(asked) == sorted(wanted)
        assert {one.aim for one in events if one.what == "self-score"} == set(Dimension)


def test_a_score_is_replayed_from_the_folder_to_the_byte(tmp_path: Path) -> None:
    text = play(opened(tmp_path), iter(["pass"] * 20 + [""] * 20))

    score, subject = replayed(tmp_path / "transcript.jsonl")
    assert score_text(score) == text == (tmp_path / "score.json").read_text()
    assert subject == subject_of()


def test_a_header_that_was_cut_begins_anew(tmp_path: Path) -> None:
    opened(tmp_path).transcript.close()
    content = (tmp_path / "transcript.jsonl").read_bytes()
    (tmp_path / "transcript.jsonl").write_bytes(content[:20])
    opened(tmp_path).transcript.close()
    assert (tmp_path / "transcript.jsonl").read_bytes() == content


def test_other_terms_and_a_finished_mock_are_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    with pytest.raises(Left):
        play(opened(tmp_path), iter(["pass"]))
    content = (tmp_path / "transcript.jsonl").read_bytes()
    with pytest.raises(BadInput, match="other terms"):
        opened(tmp_path, seed=2)
    assert (tmp_path / "transcript.jsonl").read_bytes() == content
    play(opened(tmp_path), iter(["pass"] * 20 + [""] * 20))
    with pytest.raises(BadInput, match="finished"):
        opened(tmp_path)


def test_what_lies_beside_a_transcript_is_checked(tmp_path: Path) -> None:
    play(opened(tmp_path), iter(["pass"] * 20 + [""] * 20))
    subject = tmp_path / "subject.json"
    content = subject.read_text()
    for changed, expected in (
        (content.replace('"situation":"', '"situation":"X', 1), "not the one"),
        ("{}", "no subject"),
    ):
        subject.write_text(changed)
        with pytest.raises(BadInput, match=expected):
            replayed(tmp_path / "transcript.jsonl")
    subject.unlink()
    with pytest.raises(BadInput, match="beside"):
        replayed(tmp_path / "transcript.jsonl")
    with pytest.raises(BadInput, match="no transcript"):
        replayed(tmp_path / "nowhere")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be kept"):
        opened(tmp_path / "file" / "mock")
