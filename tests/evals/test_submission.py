import pytest
from tests.evals import tiny

from heldout.core.errors import BadInput
from heldout.evals.submission import check_commands, read_submission


def read(**changes: str) -> None:
    files = tiny.tree()
    contract = files["submission.toml"]
    for old, new in changes.items():
        assert old in contract
        contract = contract.replace(old, new)
    read_submission(contract.encode(), files.keys())


def test_a_whole_submission_is_read() -> None:
    files = tiny.tree()
    submission = read_submission(files["submission.toml"].encode(), files.keys())
    assert submission.train.command == ("python", "train.py")
    assert submission.reported.features == ("day", "x")


def test_a_repository_without_submission_toml_is_refused() -> None:
    with pytest.raises(BadInput, match=r"has no submission\.toml") as raised:
        read_submission(None, ["train.py"])
    assert "docs/guide/submission.md" in raised.value.mend


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"train.py"', '"fit.py"', r"train\.command names fit\.py"),
        ('["python", "train.py"]', '["./fit"]', r"train\.command names \./fit"),
        ('["python", "train.py"]', "[]", r"train\.command"),
        ('["python", "train.py"]', '"python train.py"', r"train\.command is 'python train\.py'"),
        ('"requirements.lock"', '"poetry.lock"', "not in the repository"),
        ('split = "forward"', 'split = "temporal"', r"reported\.split is 'temporal'"),
        ("value = 0.85", "value = 0.85\nlow = 0.9\nhigh = 0.95", "outside"),
        ("value = 0.85", "value = 0.85\nlow = 0.8", "together"),
        ("value = 0.85", "value = nan", r"reported\.value"),
        ("[predict]", "[predicts]", "unknown key predicts"),
    ],
)
def test_a_defect_of_the_contract_is_named(old: str, new: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read(**{old: new})


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 4_000 + " = 1",
        "[a" + ".a" * 4_000 + "]",
        "a = " + "[" * 3_000,
        "a = " + "{a = " * 3_000,
        "a = " + "9" * 5_000,
        "b = '''\n" + " " * 50_000 + "\n'''",
        "b = '''\n[" + " " * 50_000 + "\n'''",
        "b = '''" + "[ " * 20_000 + "'''",
    ],
)
def test_a_hostile_contract_is_refused_at_once(text: str) -> None:
    with pytest.raises(BadInput):
        read_submission(text.encode(), ["requirements.lock"])


def test_a_lock_is_a_file_of_the_repository_and_not_of_the_machine() -> None:
    with pytest.raises(BadInput, match=r"build\.lock"):
        read(**{'"requirements.lock"': '"/work/requirements.lock"'})


def test_a_program_that_the_environment_lacks_is_refused() -> None:
    files = tiny.tree()
    contract = files["submission.toml"].replace('["python", "train.py"]', '["fit-everything"]')
    submission = read_submission(contract.encode(), files.keys())
    with pytest.raises(BadInput, match="fit-everything, which does not exist"):
        check_commands(submission, files.keys(), ["python"])
    check_commands(submission, files.keys(), ["python", "fit-everything"])
