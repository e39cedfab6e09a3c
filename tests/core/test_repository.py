"""A repository answers for its paths, its texts and the commands of its contract."""

import pytest

from heldout.core.repository import Repository, shown


@pytest.mark.parametrize(
    ("submission", "command"),
    [
        ({"train": {"command": ["python", "a.py"]}}, ("python", "a.py")),
        ({"train": {"command": ["python", 3]}}, ("python", "3")),
        ({"train": {"command": "python a.py"}}, ()),
        ({"train": ["python"]}, ()),
        ({}, ()),
        (None, ()),
    ],
)
def test_a_command_is_the_argv_of_the_contract_or_nothing(submission, command):
    assert Repository(commit="0", files={}, submission=submission).command("train") == command


def test_paths_are_matched_by_their_ends_in_any_case_and_sorted():
    repository = Repository(commit="0", files={"b.YML": b"", "a.yaml": b"", "c.py": b""})
    assert list(repository.matching(".yml", ".yaml")) == ["a.yaml", "b.YML"]


def test_bytes_that_are_no_text_are_replaced():
    repository = Repository(commit="0", files={"a": b"x\xff"})
    assert repository.text("a") == "x\ufffd"
    assert repository.text("b") is None


def test_a_name_is_quoted_on_one_line_of_bounded_length():
    assert shown("a\x1b[2J\nb") == "a\\x1b[2J\\nb"
    assert len(shown("é" * 1000, 60)) == 60
