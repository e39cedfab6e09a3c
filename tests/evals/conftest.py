"""A tiny eval for all tests of a process, and gradings of submissions to it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.evals import tiny

from heldout.app.grade import Graded, grade_submission
from heldout.sandbox import probe

Grader = Callable[..., Graded]


@pytest.fixture(scope="session")
def eval_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_eval(tmp_path_factory.mktemp("eval")).parent


@pytest.fixture(scope="session")
def grade(eval_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Grader:
    """Return a function that grades a tree; all gradings share a folder, and so the baseline's runs."""
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    out = tmp_path_factory.mktemp("graded")
    graded: dict[tuple[str, int], Graded] = {}

    def run(files: dict[str, str], name: str, seed: int = 1) -> Graded:
        if (name, seed) not in graded:
            repository = tiny.write_repository(tmp_path_factory.mktemp("repository") / name, files)
            graded[name, seed] = grade_submission(eval_folder, repository, out=out, seed=seed)
        return graded[name, seed]

    return run
