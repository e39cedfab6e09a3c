"""Repositories of rule files, and a machine with and without promtool."""

from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.core.repository import Repository
from heldout.tools import process
from heldout.tools.promtool.program import Promtool


@pytest.fixture
def without_promtool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(process.sys, "executable", str(tmp_path / "python"))


@pytest.fixture
def promtool() -> None:
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")


@pytest.fixture
def repository() -> Callable[..., Repository]:
    def make(**files: str | bytes) -> Repository:
        content = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
        return Repository(commit="0", files=content)

    return make
