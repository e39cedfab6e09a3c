import pytest
from tests.repositories import asked

from heldout.checks.architecture.tests_cannot_fail import tests_cannot_fail as cannot_fail
from heldout.checks.architecture.tests_miss_the_program import tests_miss_the_program as miss_the_program
from heldout.core.finding import Certainty, Ending

PROGRAM = {"pkg/__init__.py": '"""Words."""\n', "pkg/a.py": "import pkg.b\n", "pkg/b.py": "x = 1\n", "c.py": "y = 2\n"}


def shares(test):
    finding = asked(miss_the_program, {**PROGRAM, "tests/test_a.py": test})
    return finding.ending, [measure.estimate.value for measure in finding.answer.measures]


def test_modules_that_tests_import_or_start_are_counted_and_those_behind_them():
    ending, (imported, reached) = shares("from pkg import a\n")
    assert ending is Ending.CLEAR
    assert imported == pytest.approx(1 / 3)
    assert reached == pytest.approx(2 / 3)
    assert shares("def test_a():\n    import c\n")[0] is Ending.CLEAR
    assert shares("import subprocess\nsubprocess.run(['python', '-m', 'pkg.a'])\n")[0] is Ending.CLEAR
    assert shares("COMMAND = 'python c.py --fast'\n")[0] is Ending.CLEAR


def test_tests_of_nothing_are_a_suspicion_and_what_is_missing_is_not_asked():
    finding = asked(miss_the_program, {**PROGRAM, "tests/test_a.py": "import os\n"})
    assert (finding.ending, finding.certainty) == (Ending.PROBLEM, Certainty.SUSPECT)
    assert asked(miss_the_program, PROGRAM).ending is Ending.NOT_APPLICABLE
    assert asked(miss_the_program, {"tests/test_a.py": ""}).ending is Ending.NOT_APPLICABLE


def ending(source):
    return asked(cannot_fail, {"tests/test_a.py": source}).ending


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        '"""Words."""',
        "assert True",
        'assert (f(), "it works")',
        "assert f() and 0, 'x'\n".replace("f() and 0", "1"),
        "try:\n        assert f() == 2\n    except Exception:\n        pass",
        "try:\n        assert f() == 2\n    except (ValueError, AssertionError):\n        ...",
        "try:\n        assert f() == 2\n    except:\n        pass",
        "f()\n    assert True",
    ],
)
def test_a_test_that_no_result_can_fail_is_proven(body):
    assert ending(f"def test_a():\n    {body}\n\n\ndef test_b():\n    assert f() == 1\n") is Ending.PROBLEM


@pytest.mark.parametrize(
    "source",
    [
        "def test_a():\n    f()\n",
        "def test_a(loads):\n    pass\n",
        "def test_a():\n    assert True\n    assert f() == 1\n",
        "def test_a():\n    assert False\n",
        "def test_a():\n    assert ()\n",
        "def test_a():\n    try:\n        f()\n    except ValueError:\n        pass\n",
        "def test_a():\n    try:\n        f()\n    except Exception:\n        pass\n    else:\n        raise E\n",
        "def test_a():\n    try:\n        f()\n    except Exception as e:\n        assert 'x' in str(e)\n",
        "import pytest\n@pytest.mark.skip\ndef test_a():\n    pass\ndef test_b():\n    assert f()\n",
        "@unittest.skip('x')\nclass A:\n    def test_a(self):\n        pass\ndef test_b():\n    assert f()\n",
        "class A:\n    def test_a(self):\n        self.assertEqual(f(), 1)\n",
    ],
)
def test_a_test_that_a_result_or_an_error_can_fail_is_clear(source):
    assert ending(source) is Ending.CLEAR


@pytest.mark.parametrize(
    "text", [b"\xff\x00", b"def test_a(:", b"def test_a():\n    assert " + b"not " * 50_000 + b"1\n"]
)
def test_tests_that_cannot_be_read_are_no_crash(text):
    assert asked(cannot_fail, {"tests/test_a.py": text}).ending is Ending.NOT_APPLICABLE
