import pytest

from heldout.checks.architecture.import_cycles import import_cycles
from heldout.core.finding import Ending
from heldout.core.repository import Repository
from heldout.engine import run


def asked(files):
    content = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    return run([import_cycles], {"repository": Repository(commit="0", files=content)})[0]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "import b\n", "b.py": "import a\n"},
        {"scripts/a.py": "import b\n", "scripts/b.py": "from a import x\n"},
        {"p/__init__.py": "", "p/a.py": "from . import b\n", "p/b.py": "from .a import x\n"},
        {"src/p/__init__.py": "", "src/p/a.py": "import p.b\n", "src/p/b.py": "from p import a\n"},
        {"p/__init__.py": "from .a import x\n", "p/a.py": "from p import y\n"},
        {"p/q/__init__.py": "", "p/__init__.py": "", "p/q/a.py": "from ..b import x\n", "p/b.py": "import p.q.a\n"},
        {
            "a.py": "try:\n    import b\nexcept ImportError:\n    pass\n",
            "b.py": "class A:\n    import c\n",
            "c.py": "import a\n",
        },
    ],
)
def test_a_circle_is_found_and_each_of_its_imports_is_named_by_line(files):
    finding = asked(files)
    assert finding.ending is Ending.PROBLEM
    assert len(finding.answer.witnesses) >= 2
    for witness in finding.answer.witnesses:
        assert "import" in files[witness.where].splitlines()[witness.line - 1]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "import b\n", "b.py": "def f():\n    import a\n"},
        {
            "a.py": "import b\n",
            "b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n",
            "c.py": "import typing\nif typing.TYPE_CHECKING:\n    import c2\n",
            "c2.py": "import c\n",
        },
        {"p/__init__.py": "", "p/logging.py": "import logging\nfrom p import a\n", "p/a.py": "import logging\n"},
        {"a.py": "import numpy, os.path\n"},
        {"a.py": "import b, c\n", "b.py": "import d\n", "c.py": "import d\n", "d.py": ""},
        {"a.py": "from .......... import x\n", "b.py": "from . import *\n"},
    ],
)
def test_imports_without_a_circle_are_clear(files):
    assert asked(files).ending is Ending.CLEAR


def test_only_modules_in_or_between_circles_are_counted():
    files = {"a.py": "import b\n", "b.py": "import a\n", "c.py": "import a\n", "d.py": ""}
    measure = asked(files).answer.measures[0].estimate
    assert (measure.value, measure.n) == (2, 4)


def test_files_that_cannot_be_parsed_are_said():
    finding = asked({"a.py": "", "b.py": "def (:\n"})
    assert finding.ending is Ending.CLEAR
    assert "could not be parsed: 1" in finding.answer.claim
    assert finding.answer.witnesses[0].where == "b.py"


@pytest.mark.parametrize("files", [{}, {"readme.md": "x"}, {"a.py": b"\x00\xff("}, {".venv/lib/a.py": "import a"}])
def test_a_repository_without_python_that_can_be_read_is_not_asked(files):
    assert asked(files).ending is Ending.NOT_APPLICABLE


def test_a_long_chain_and_a_long_circle_are_followed_to_their_end():
    chain = {f"m{number}.py": f"import m{number + 1}\n" for number in range(1_500)}
    assert asked(chain).ending is Ending.CLEAR
    finding = asked(chain | {"m1500.py": "import m0\n"})
    assert finding.answer.claim.startswith("1501 modules import each other")
    assert len(finding.answer.claim) < 400
