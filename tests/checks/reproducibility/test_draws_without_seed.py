import pytest
from tests.repositories import asked

from heldout.checks.reproducibility.draws_without_seed import draws_without_seed
from heldout.core.finding import Certainty, Ending

TRAIN = {"train": ["python", "train.py"]}
READ = "import os\nSEED = int(os.environ['HELDOUT_SEED'])\n"


def found(source, files=None, **commands):
    return asked(draws_without_seed, {"train.py": source, **(files or {})}, **(commands or TRAIN))


def test_a_call_without_a_seed_is_a_suspicion_with_its_line():
    finding = found("import numpy as np\n\nrng = np.random.default_rng()\n")
    assert finding.certainty is Certainty.SUSPECT
    assert [(one.where, one.line) for one in finding.answer.witnesses] == [("train.py", 3)]


@pytest.mark.parametrize(
    ("source", "files"),
    [
        (f"{READ}import numpy as np\nrng = np.random.default_rng(SEED)\n", {}),
        (
            "import places\nimport random\nrandom.shuffle(x)\n",
            {"places.py": f"{READ}import random\nrandom.seed(SEED)\n"},
        ),
        ("print(1)\n", {}),
        ("import a\n", {"notes.py": "import random\nrandom.random()\n"}),
        ("import a\n", {"tests/test_a.py": "import random\nrandom.random()\n"}),
    ],
    ids=["seeded", "seeded elsewhere", "no draw", "a file beside the program", "a test"],
)
def test_seeded_draws_of_the_program_are_clear(source, files):
    assert found(source, files).ending is Ending.CLEAR


def test_a_fixed_seed_is_a_caution_unless_the_seed_comes_by_the_command():
    fixed = "import random\nrandom.Random(7).random()\n"
    assert found(fixed).ending is Ending.CAUTION
    by_command = ["sh", "-c", "python train.py --seed $HELDOUT_SEED"]
    assert found(fixed, train=by_command).ending is Ending.CLEAR
    assert asked(draws_without_seed, {"train.py": fixed}).ending is Ending.CLEAR


def test_a_notebook_is_unknown_and_said_and_files_that_cannot_be_read_are_counted():
    finding = found("import sys\n", train=["python", "train.py", "model.ipynb"])
    assert finding.ending is Ending.CAUTION
    assert "not known" in finding.answer.claim
    assert "could not be read: 1" in found("import b\n", {"b.py": "("}).answer.claim
    assert found("(").ending is Ending.NOT_APPLICABLE
