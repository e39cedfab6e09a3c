"""A small eval with two graded candidates, made once and copied for each test."""

import shutil
from pathlib import Path

import pytest
from tests.evals.committee.graded import invited, new_eval, rated

from heldout.evals.committee.works import works_of
from heldout.evals.record.workspace import Workspace


@pytest.fixture(scope="session")
def two_graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ada and bob are graded."""
    return new_eval(tmp_path_factory.mktemp("two") / "eval", "ada", "bob").folder


@pytest.fixture
def workspace(two_graded: Path, tmp_path: Path) -> Workspace:
    folder = tmp_path / "eval"
    shutil.copytree(two_graded, folder)
    return Workspace(folder=folder.resolve())


@pytest.fixture(scope="session")
def all_rated(two_graded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kim and Lou agree on ada, but cannot tell of her collaboration; of bob they differ by one on architecture."""
    folder = tmp_path_factory.mktemp("rated") / "eval"
    shutil.copytree(two_graded, folder)
    workspace = Workspace(folder=folder.resolve())
    invited(workspace, "Kim", "Lou")
    for work in works_of(workspace)[0]:
        last = "cannot tell" if work.candidate == "ada" else "mid"
        for rater in ("Kim", "Lou"):
            first = "senior" if (rater, work.candidate) == ("Lou", "bob") else "mid"
            rated(workspace, rater, work.name, [first, "senior", "junior", last])
    return folder


@pytest.fixture
def after(all_rated: Path, tmp_path: Path) -> Workspace:
    """An eval after its lock."""
    folder = tmp_path / "eval"
    shutil.copytree(all_rated, folder)
    return Workspace(folder=folder.resolve())
