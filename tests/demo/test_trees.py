from pathlib import Path

import pytest

from heldout.demo import trees, write_submissions
from heldout.evals.submission import read_submission
from heldout.evals.talk.experiments import read_experiments
from heldout.evals.talk.updates import read_updates
from heldout.tools.git import history, snapshot


def test_each_submission_is_a_repository_whose_head_is_the_bundled_tree(tmp_path: Path) -> None:
    paths = write_submissions(tmp_path)
    assert [path.name for path in paths] == [*trees.HISTORIES]
    for path in paths:
        bundled = trees.HERE / "submissions" / path.name
        files = {
            file.relative_to(bundled).as_posix(): file.read_bytes()
            for file in bundled.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
        repository, _ = snapshot(path)
        assert repository.files == files


def test_hashes_of_commits_do_not_depend_on_place_or_time(tmp_path: Path) -> None:
    heads = [
        [(path / ".git/refs/heads/main").read_text() for path in write_submissions(tmp_path / folder)]
        for folder in ("a", "b")
    ]
    assert heads[0] == heads[1]
    assert len({*heads[0]}) == len(heads[0])


def test_what_somebody_changed_in_a_submission_is_left_as_it_is(tmp_path: Path) -> None:
    write_submissions(tmp_path)
    changed = tmp_path / "careful" / "README.md"
    changed.write_text("mine now\n")
    again = write_submissions(tmp_path)
    assert changed.read_text() == "mine now\n"
    assert [path.name for path in again] == [*trees.HISTORIES]


@pytest.mark.parametrize("name", ["careful", "narrowed"])
def test_what_a_submission_says_of_its_work_is_read_without_a_message_and_names_its_own_commits(
    name: str, tmp_path: Path
) -> None:
    path = next(path for path in write_submissions(tmp_path, with_variants=True) if path.name == name)
    updates = read_updates((path / "UPDATES.md").read_bytes())
    log = read_experiments((path / "EXPERIMENTS.md").read_bytes())
    assert not updates.messages
    assert not log.messages
    repository, commit = snapshot(path)
    commits = [one.commit for one in history(path, (commit,)).commits]
    stated = [metric for update in updates.updates for metric in update.metrics]
    assert stated
    assert all(any(one.startswith(metric.commit) for one in commits) for metric in stated)
    reported = read_submission((path / "submission.toml").read_bytes(), set(repository.files)).reported
    assert log.runs[-1].value == reported.value
    assert log.runs[-1].metric == reported.metric
