from pathlib import Path

from heldout.demo import trees, write_submissions
from heldout.tools.git import snapshot


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
