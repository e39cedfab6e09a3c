"""One tiny eval with graded candidates for all tests of what comes after the card."""

import pytest
from tests.app.graded import copied, write_graded
from tests.cli.conftest import Run, heldout_in_a_folder

from heldout.evals.record.workspace import Workspace
from heldout.sandbox import probe

__all__ = ["heldout_in_a_folder"]


@pytest.fixture
def run(heldout_in_a_folder: Run) -> Run:
    """Run `heldout` in an empty folder."""
    return heldout_in_a_folder


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The eval as it was graded; nobody changes it."""
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    return write_graded(tmp_path_factory.mktemp("graded"))


@pytest.fixture
def graded(graded_once: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy that a test may change."""
    return copied(graded_once, tmp_path_factory.mktemp("copy"))
