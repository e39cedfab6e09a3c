"""What the tests of commands share: a command run in an empty folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.cli.main import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def heldout_in_a_folder(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run `heldout` in an empty folder, and return exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["heldout", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return command
