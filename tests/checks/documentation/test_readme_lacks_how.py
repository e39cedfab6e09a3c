import pytest

from heldout.checks.documentation.readme_lacks_how import readme_lacks_how
from heldout.core.finding import Certainty, Ending
from heldout.core.repository import Repository
from heldout.engine import run

WORDS = "one two three four five six\n\n"
COMMANDS = {"train": {"command": ["python", "fit.py"]}, "predict": {"command": ["python", "-m", "pkg.serve"]}}


def asked(text, name="README.md", submission=COMMANDS):
    files = {} if text is None else {name: text if isinstance(text, bytes) else text.encode()}
    return run([readme_lacks_how], {"repository": Repository(commit="0", files=files, submission=submission)})[0]


@pytest.mark.parametrize(
    "text",
    [
        f"# Model\n## Training\n{WORDS}## Prediction\n{WORDS}## Assumptions and limits\n{WORDS}",
        f"Training\n--------\n{WORDS}Inference\n---------\n{WORDS}Caveats\n=======\n{WORDS}",
        f"<h2>How to train</h2>\n{WORDS}<h2 id='x'>Serving</h2>\n{WORDS}== Limitations\n{WORDS}",
        "Run `python fit.py`, then `python -m pkg.serve`. We assume that shops report daily.\n",
        "    python3 fit.py\n\n    python -m pkg.serve\n\nAssuming no strikes.\n",
    ],
)
def test_a_readme_that_speaks_of_all_three_is_clear(text):
    assert asked(text).ending is Ending.CLEAR


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (f"# Train\n{WORDS}# Predict\n{WORDS}", "what was assumed"),
        (f"# Train\n\n# Predict\n{WORDS}# Assumptions\n{WORDS}", "how to train"),
        (f"```\n# train\n```\n# Predict\n{WORDS}# Limits\n{WORDS}", "how to train"),
        (f"# Training\n{WORDS}# Limits\n{WORDS}", "how to predict"),
        ("see solution.ipynb\n", "how to train, how to predict, what was assumed"),
    ],
)
def test_what_is_missing_is_named_as_a_suspicion(text, missing):
    finding = asked(text, submission=None)
    assert finding.certainty is Certainty.SUSPECT
    assert finding.answer.claim == f"The README does not seem to say {missing}."


@pytest.mark.parametrize("text", [None, "", "  \n\n"])
def test_no_readme_or_an_empty_one_is_proven(text):
    finding = asked(text)
    assert (finding.ending, finding.certainty) == (Ending.PROBLEM, Certainty.PROVEN)


@pytest.mark.parametrize("name", ["README", "readme.rst", "Readme.TXT", "README.md"])
def test_a_readme_is_found_by_its_usual_names(name):
    assert asked("x", name).certainty is Certainty.SUSPECT


def test_a_readme_in_another_folder_is_not_the_readme():
    assert "no README" in asked("x", "docs/README.md").answer.claim


@pytest.mark.parametrize(
    "text", [b"\xff\xfe" * 99, b"# " * 400_000, b"<h1" * 300_000, b"=" * 900_000, b"```\n" * 200_000]
)
def test_a_hostile_readme_is_answered(text):
    assert asked(text).ending is Ending.PROBLEM
