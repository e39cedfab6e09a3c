import pytest
from tests.repositories import asked

from heldout.checks.architecture.features_written_twice import features_written_twice
from heldout.core.finding import Certainty, Ending

ENCODE = """
def encode(table, levels):
    codes = [levels.get(value, -1) for value in table["shop"]]
    return [[code, day % 7] for code, day in zip(codes, table["day"])]
"""
PLAIN = """
def sums(rows):
    total = 0
    for row in rows:
        total += row * row + 3 * row
    return total / (len(rows) or 1)
"""
COMMANDS = {"train": ["python", "train.py"], "predict": ["python", "predict.py"]}


def found(**sources):
    return asked(features_written_twice, {f"{name}.py": text for name, text in sources.items()}, **COMMANDS)


def test_a_function_that_names_columns_and_stands_twice_is_strong_and_shown_on_both_sides():
    finding = found(train=ENCODE, predict=ENCODE.replace("codes", "numbers").replace("encode", "transform"))
    assert finding.certainty is Certainty.STRONG
    assert {(one.where, one.line) for one in finding.answer.witnesses} == {("train.py", 2), ("predict.py", 2)}


def test_another_copy_and_nothing_shared_are_suspicions():
    assert found(train=PLAIN, predict=PLAIN).certainty is Certainty.SUSPECT
    assert found(train=ENCODE, predict=PLAIN).certainty is Certainty.SUSPECT


@pytest.mark.parametrize(
    "sources",
    [
        {"train": "import features", "predict": "from features import encode", "features": ENCODE},
        {"train": "import features", "predict": f"import features\n{ENCODE}", "features": ENCODE},
        {
            "train": f"import features\n{ENCODE}",
            "predict": f"import features\n{ENCODE.replace('% 7', '% 5')}",
            "features": PLAIN,
        },
        {
            "train": ENCODE.replace("encode", "main") + "import features",
            "predict": ENCODE.replace("encode", "main") + "import features",
            "features": PLAIN,
        },
    ],
    ids=["imported by both", "shared and copied once", "of one name, other work", "main"],
)
def test_shared_code_is_clear(sources):
    assert found(**sources).ending is Ending.CLEAR


def test_one_program_for_both_is_clear_and_an_unknown_one_is_not_asked():
    both = {"train": ["python", "a.py", "fit"], "predict": ["python", "a.py", "predict"]}
    assert asked(features_written_twice, {"a.py": ENCODE}, **both).ending is Ending.CLEAR
    assert asked(features_written_twice, {"a.py": ENCODE}, train=["python", "a.py"]).ending is Ending.NOT_APPLICABLE
    assert asked(features_written_twice, {"a.R": "x"}).ending is Ending.NOT_APPLICABLE


@pytest.mark.parametrize(
    "text", [b"\xff\x00", b"(" * 9_999, b"def f():\n" + b" " + b"-" * 90_000 + b"1\n", b"x=1\n" * 20_000]
)
def test_hostile_sources_are_answered(text):
    finding = asked(features_written_twice, {"train.py": text, "predict.py": text}, **COMMANDS)
    assert finding.ending is not Ending.CRASHED
