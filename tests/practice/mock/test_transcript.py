from pathlib import Path

import pytest
from tests.practice.mock.rehearsed import header_of, subject_of

from heldout.core.errors import BadInput
from heldout.practice.mock.aim import Level
from heldout.practice.mock.script import script_of
from heldout.practice.mock.transcript import Event, Header, Transcript, read_transcript


@pytest.fixture
def header() -> Header:
    subject = subject_of()
    return header_of(subject, script_of(subject, seed=1, level=Level.MID, minutes=45), 45)


EVENTS = (
    Event(at=0.0, who="interviewer", what="tells", aim="start", text="Welcome."),
    Event(at=3.2, who="candidate", what="answers", text="“Recall”, I'd say. \u2028", first_key=1.1, seconds=3.0),
)


def begun(path: Path, header: Header) -> None:
    transcript = Transcript.begin(path, header)
    for event in EVENTS:
        transcript.append(event)
    transcript.close()


def test_what_is_written_is_read_back(tmp_path: Path, header: Header) -> None:
    begun(tmp_path / "t", header)
    assert read_transcript(tmp_path / "t") == (header, EVENTS)
    assert len((tmp_path / "t").read_bytes().splitlines()) == 3


def test_each_event_is_on_the_disk_when_append_returns(tmp_path: Path, header: Header) -> None:
    transcript = Transcript.begin(tmp_path / "t", header)
    transcript.append(EVENTS[0])
    assert read_transcript(tmp_path / "t")[1] == EVENTS[:1]
    transcript.close()


def test_a_last_line_that_was_cut_anywhere_is_left_out_and_written_over(tmp_path: Path, header: Header) -> None:
    path = tmp_path / "t"
    begun(path, header)
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    for end in range(last, len(whole)):
        path.write_bytes(whole[:end])
        assert read_transcript(path)[1] == EVENTS[:1]
    transcript = Transcript.resume(path)
    transcript.append(EVENTS[1])
    transcript.close()
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b'{"at": "soon", "who": "x", "what": "y"}',
        b'{"who": "x"}',
        b'{"at": NaN, "who":"x","what":"y"}',
        b"\xff",
    ],
)
def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path, header: Header, line: bytes) -> None:
    begun(tmp_path / "t", header)
    first, _, third = (tmp_path / "t").read_bytes().splitlines()
    (tmp_path / "t").write_bytes(b"\n".join([first, line, third, b""]))
    with pytest.raises(BadInput, match="line 2"):
        read_transcript(tmp_path / "t")


@pytest.mark.parametrize("content", [b"", b"\n", b"hello\n", b"{}\n", b'{"heldout":"mock","schema":99}\n'])
def test_what_is_no_transcript_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t").write_bytes(content)
    with pytest.raises(BadInput, match="line 1"):
        read_transcript(tmp_path / "t")


def test_a_transcript_is_never_begun_over_another(tmp_path: Path, header: Header) -> None:
    begun(tmp_path / "t", header)
    with pytest.raises(FileExistsError):
        Transcript.begin(tmp_path / "t", header)


@pytest.mark.parametrize("at", ["yesterday", "2026-03-02T18:00:00", "0001-01-01T00:00:00+14:00", ""])
def test_a_start_that_is_no_instant_is_refused_as_the_record_would_be_damaged_by_it(
    tmp_path: Path, header: Header, at: str
) -> None:
    begun(tmp_path / "t", header)
    first, *rest = (tmp_path / "t").read_text().splitlines(keepends=True)
    (tmp_path / "t").write_text(first.replace(header.at, at) + "".join(rest))
    with pytest.raises(BadInput, match="this transcript cannot be read"):
        read_transcript(tmp_path / "t")
