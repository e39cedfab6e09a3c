import pytest

from heldout.checks.reproducibility.environment_not_pinned import environment_not_pinned
from heldout.core.finding import Certainty, Ending
from heldout.core.repository import Repository
from heldout.engine import run

A = "a" * 64
PINNED = f"numpy==2.0 \\\n    --hash=sha256:{A}\n"


def asked(lock, *, submission=None, files=None, omitted=()):
    submission = {"build": {"lock": "requirements.lock"}} if submission is None else submission
    files = {"requirements.lock": lock.encode() if isinstance(lock, str) else lock} if files is None else files
    repository = Repository(commit="0", files=files, omitted=omitted, submission=submission)
    return run([environment_not_pinned], {"repository": repository})[0]


def test_a_lock_with_versions_and_hashes_is_clear():
    assert asked(PINNED).ending is Ending.CLEAR


def test_each_loose_line_is_named_with_what_it_lacks():
    finding = asked(f"# tools\n{PINNED}pandas\nscipy==1.15\n--index-url https://example.org\n")
    assert finding.certainty is Certainty.PROVEN
    assert [(witness.where, witness.line, witness.note) for witness in finding.answer.witnesses[:2]] == [
        ("requirements.lock", 4, "pandas: no exact version and no SHA-256 hash"),
        ("requirements.lock", 5, "scipy: no SHA-256 hash"),
    ]
    assert finding.answer.witnesses[2].line == 6
    assert finding.answer.measures[0].estimate.value == pytest.approx(3 / 4)


def test_a_lock_that_names_no_package_has_nothing_to_pin():
    assert asked("# standard library only\n").ending is Ending.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lock": "", "submission": {}}, "names no lock file"),
        ({"lock": "", "submission": {"build": "x"}}, "names no lock file"),
        ({"lock": "", "submission": {"build": {"lock": 3}}}, "names no lock file"),
        ({"lock": "", "files": {}}, "not in the repository"),
        ({"lock": "", "files": {}, "omitted": ("requirements.lock",)}, "too large"),
    ],
)
def test_a_lock_that_cannot_be_read_is_a_problem(given, said):
    finding = asked(**given)
    assert finding.ending is Ending.PROBLEM
    assert said in finding.answer.claim


@pytest.mark.parametrize("lock", [b"\xff\xfe\x00", b"\x1b[31mnumpy", b"[[package]]\nname = 'numpy'\n", b"a" * 900_000])
def test_a_lock_in_another_format_is_a_problem_and_no_crash(lock):
    finding = asked(lock)
    assert finding.ending is Ending.PROBLEM
    assert finding.answer.claim.isprintable()


def test_many_loose_lines_are_counted_and_some_are_shown():
    finding = asked("".join(f"package{number}\n" for number in range(500)))
    assert "500 of 500" in finding.answer.claim
    assert len(finding.answer.witnesses) == 10
