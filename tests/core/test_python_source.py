"""Foreign Python is read as a tree, or gives a reason; it never runs and never ends the reader."""

import ast

import pytest

from heldout.core.python_source import MAX_BYTES, mentions, python_files, syntax_tree
from heldout.core.repository import Repository


def read(content: bytes) -> ast.Module | str:
    return syntax_tree(Repository(commit="0", files={"a.py": content}), "a.py")


def test_a_source_gives_its_tree() -> None:
    tree = read(b"\xef\xbb\xbfimport os\n")
    assert isinstance(tree, ast.Module)
    assert isinstance(tree.body[0], ast.Import)


def test_a_source_is_not_run_and_its_warnings_are_not_ours() -> None:
    assert isinstance(read(b"print('ran')\nraise SystemExit\nx = '\\d'\n"), ast.Module)


@pytest.mark.parametrize(
    "content",
    [
        b"def f(:\n",
        b"x = 1\x00",
        b"(" * 10_000,
        b"-" * 100_000 + b"1",
        b"x = " + b"[" * 150 + b"]" * 150,
        b"a" + b".a" * 100_000,
        b"1" + b"+1" * 100_000,
        b"if 1:\n" + b"".join(b" " * n + b"if 1:\n" for n in range(1, 150)),
        b"lambda:" * 20_000,
        b"not " * 50_000,
        b"x" * (MAX_BYTES + 1),
        bytes(range(256)) * 20,
        b"# -*- coding: bz2 -*-\n\xff",
    ],
)
def test_a_hostile_source_gives_a_tree_or_a_reason(content: bytes) -> None:
    found = read(content)
    assert isinstance(found, ast.Module) or found


def test_a_file_that_is_not_there_says_so() -> None:
    assert syntax_tree(Repository(commit="0", files={}), "a.py") == "not there"


def test_installed_packages_are_not_the_repositorys_own_files() -> None:
    files = dict.fromkeys(["train.py", "src/pkg/A.PY", ".venv/lib/x.py", "env/y.py", "env.py", "notes.md"], b"")
    assert python_files(Repository(commit="0", files=files)) == ("env.py", "src/pkg/A.PY", "train.py")


def test_what_a_source_names_is_its_imports_and_strings_but_no_docstring() -> None:
    tree = read(b"'''words'''\nimport a.b\nfrom . import c\nfrom d import e\nf('g')\ndef h():\n    'more words'\n")
    assert isinstance(tree, ast.Module)
    assert sorted(mentions(tree)) == [(2, "a.b"), (3, ""), (3, "c"), (4, "d"), (4, "d.e"), (5, "g")]
