import pytest

from heldout.checks.architecture.no_tests import no_tests
from heldout.core.finding import Ending
from heldout.core.repository import Repository
from heldout.engine import run


def asked(files):
    content = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    return run([no_tests], {"repository": Repository(commit="0", files=content)})[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("test_a.py", "def test_a():\n    assert True\n"),
        ("pkg/a_test.py", "async def test_a():\n    assert True\n"),
        ("tests/unit/a.py", "import pytest\ndef test_a():\n    with pytest.raises(ValueError):\n        f()\n"),
        ("tests/a.py", "class A(TestCase):\n    def test_a(self):\n        self.assertEqual(1, 1)\n"),
        ("tests/a.py", "def test_a():\n    np.testing.assert_allclose(1, 1)\n"),
    ],
)
def test_tests_by_their_usual_names_are_clear(path, source):
    finding = asked({path: source, "train.py": ""})
    assert finding.ending is Ending.CLEAR
    assert finding.answer.measures[0].estimate.value == 1


@pytest.mark.parametrize(
    "files",
    [
        {"train.py": "def test_model():\n    assert True\n"},
        {"tests/__init__.py": "", "train.py": ""},
        {"tests/a.py": "def helper():\n    assert True\n"},
        {"tests/a.py": "def test_(:\n"},
        {"tests/a.py": b"\xff\x00"},
        {"train.py": "", ".venv/lib/tests/test_a.py": "def test_a():\n    assert True\n"},
    ],
)
def test_a_repository_without_a_test_is_a_problem(files):
    assert asked(files).ending is Ending.PROBLEM


def test_a_test_file_that_cannot_be_parsed_is_said():
    finding = asked({"tests/a.py": "def test_(:\n"})
    assert "could not be parsed: 1" in finding.answer.claim
    assert finding.answer.witnesses[0].where == "tests/a.py"


def test_tests_that_assert_nothing_are_a_caution():
    finding = asked({"tests/test_a.py": "def test_a():\n    pass\n\ndef test_b():\n    print(1)\n"})
    assert finding.ending is Ending.CAUTION
    assert [measure.estimate.value for measure in finding.answer.measures] == [2, 0]


def test_a_repository_without_python_is_not_asked():
    assert asked({"model.R": "x"}).ending is Ending.NOT_APPLICABLE
