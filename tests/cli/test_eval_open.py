"""`heldout eval open`: what an organiser sees, and what is not said twice."""

import io
import socket
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.web.served import write_eval


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_eval(tmp_path / "eval")


def test_opening_shows_consent_terms_token_and_address(heldout_in_a_folder: Run, folder: Path) -> None:
    arguments = ("eval", "open", folder, "--candidate", "ada", "--consent-given", "--time-zone", "Europe/Berlin")

    code, first, _ = heldout_in_a_folder(*arguments)
    again, second, _ = heldout_in_a_folder(*arguments)

    assert (code, again) == (0, 0)
    assert "consent: What you push" in first
    assert "agreed: 48 hours, 08:00-22:00, Europe/Berlin" in first
    assert "token, shown once: " in first
    assert "clone from: http://ada@127.0.0.1:8642/git/ada" in first
    assert "open already for ada" in second
    assert "shown once" not in second


@pytest.mark.parametrize("said", ["", "n\n"])
def test_without_consent_nothing_is_opened(
    heldout_in_a_folder: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(said))

    code, _, err = heldout_in_a_folder("eval", "open", folder, "--candidate", "ada")

    assert code == 1
    assert "no consent" in err
    assert not (folder / "record").exists()


def test_a_rehearsal_says_what_it_cannot_prove(heldout_in_a_folder: Run, folder: Path) -> None:
    code, out, _ = heldout_in_a_folder("eval", "open", folder, "--candidate", "me", "--consent-given", "--rehearsal")

    assert code == 0
    assert f"push to: {folder}/record/me/repo.git" in out
    assert "proves nothing" in out
    assert "token" not in out


@pytest.mark.parametrize(
    "arguments",
    [("--candidate", "../x"), ("--candidate", "ada", "--time-zone", "x/y"), ("--candidate", "ada", "--hours", "-1")],
)
def test_bad_input_is_said_on_one_screen(heldout_in_a_folder: Run, folder: Path, arguments: tuple[str, ...]) -> None:
    code, _, err = heldout_in_a_folder("eval", "open", folder, *arguments, "--consent-given")

    assert code == 2
    assert "Traceback" not in err
    assert len(err.splitlines()) < 6


def test_an_address_that_is_taken_is_said(heldout_in_a_folder: Run, folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = heldout_in_a_folder("eval", "serve", folder, "--port", taken.getsockname()[1])

    assert code == 2
    assert "cannot listen on" in err
