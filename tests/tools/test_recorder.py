"""Recording, with stand-ins on PATH for the programs: a machine of tests has no microphone."""

import sys
import wave
from pathlib import Path

import pytest

from heldout.tools.recorder import PROGRAMS, Recording, Silent, record

RECORDS = (
    f"#!{sys.executable}\n"
    + """
import signal, sys, time, wave
path = next(one for one in sys.argv if one.endswith(".wav"))
stop = []
signal.signal(signal.SIGINT, lambda *_: stop.append(1))
with wave.open(path, "wb") as file:
    file.setnchannels(1), file.setsampwidth(2), file.setframerate(16000)
    while not stop:
        file.writeframes(bytes(1600))
        time.sleep(0.05)
"""
)
HAS_NO_DEVICE = "#!/bin/sh\necho 'no such device' >&2\nexit 1\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the one folder of PATH; no program of the system that records is in it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_the_program_that_is_there_records_until_it_is_stopped(programs: Path, tmp_path: Path, name: str) -> None:
    install(programs, name, RECORDS)
    recording = record(tmp_path / "audio.wav", seconds=60)

    assert isinstance(recording, Recording)
    assert recording.program == name
    assert recording.stop()
    with wave.open(str(tmp_path / "audio.wav")) as file:
        assert file.getframerate() == 16000
        assert file.getnframes() > 0


def test_without_a_program_that_is_said_in_a_line(programs: Path, tmp_path: Path) -> None:
    found = record(tmp_path / "audio.wav", seconds=60)
    assert isinstance(found, Silent)
    assert "arecord" in found.why
    assert "\n" not in found.why


def test_without_a_device_that_is_said_and_nothing_is_left_behind(programs: Path, tmp_path: Path) -> None:
    install(programs, "arecord", HAS_NO_DEVICE)
    found = record(tmp_path / "audio.wav", seconds=60)
    assert found == Silent("arecord found no device to record from, so nothing is recorded")
    assert not (tmp_path / "audio.wav").exists()


def test_a_recording_is_never_written_over(programs: Path, tmp_path: Path) -> None:
    install(programs, "arecord", RECORDS)
    (tmp_path / "audio.wav").write_bytes(b"before")
    assert isinstance(record(tmp_path / "audio.wav", seconds=60), Silent)
    assert (tmp_path / "audio.wav").read_bytes() == b"before"
