import json

import pytest

from heldout.checks.architecture.program_is_notebook import program_is_notebook
from heldout.core.finding import Certainty, Ending
from heldout.core.repository import Repository
from heldout.engine import run

RUNS = "import nbformat\nfrom nbclient import NotebookClient\nNotebookClient(nbformat.read('a.ipynb', 4)).execute()\n"


def asked(command, files=None, **submission):
    tables = {"train": {"command": command}} | submission
    content = {path: text if isinstance(text, bytes) else text.encode() for path, text in (files or {}).items()}
    repository = Repository(commit="0", files=content, submission=tables)
    return run([program_is_notebook], {"repository": repository})[0]


def cells(*counts):
    return json.dumps({"cells": [{"cell_type": "code", "execution_count": count} for count in counts]})


@pytest.mark.parametrize(
    "command",
    [
        ["jupyter", "nbconvert", "--execute", "a.ipynb"],
        ["python", "-m", "papermill", "a.ipynb", "out.ipynb"],
        ["bash", "-c", "ipython ./a.ipynb > log"],
        ["python", "run.py", "a.ipynb"],
    ],
)
def test_a_command_that_names_a_notebook_is_proven(command):
    finding = asked(command, {"run.py": "import sys\n"})
    assert (finding.ending, finding.certainty) == (Ending.PROBLEM, Certainty.PROVEN)


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (["python", "run.py"], {"run.py": RUNS}),
        (["python", "./run.py"], {"run.py": RUNS}),
        (["python", "-m", "tools.run"], {"tools/run.py": RUNS}),
        (["python", "-m", "tools"], {"tools/__main__.py": "import tools.run\n", "tools/run.py": RUNS}),
        (["sh", "train.sh"], {"train.sh": "set -e\npython run.py\n", "run.py": RUNS}),
        (["sh", "train.sh"], {"train.sh": "papermill a.ipynb out.ipynb\n"}),
        (
            ["python", "train.py"],
            {"train.py": "import subprocess\nsubprocess.run(['jupyter', 'execute', 'a.ipynb'])\n"},
        ),
        (["python", "train.py"], {"train.py": "from src import run\n", "src/run.py": RUNS}),
    ],
)
def test_a_script_that_runs_a_notebook_is_strong_and_named_with_its_line(command, files):
    finding = asked(command, files)
    assert finding.certainty is Certainty.STRONG
    (witness,) = finding.answer.witnesses
    assert "a.ipynb" in files[witness.where].splitlines()[witness.line - 1]


def test_a_script_that_only_names_a_notebook_is_suspect():
    assert asked(["python", "train.py"], {"train.py": "SOURCE = 'a.ipynb'\n"}).certainty is Certainty.SUSPECT


@pytest.mark.parametrize(
    "source", ["'''See a.ipynb for the story.'''\n", "# a.ipynb\nprint(1)\n", "def f():\n    '''Like a.ipynb'''\n"]
)
def test_a_notebook_in_words_and_in_the_folder_is_no_program(source):
    assert asked(["python", "train.py"], {"train.py": source, "a.ipynb": cells(1)}).ending is Ending.CLEAR


def test_cells_that_were_run_out_of_order_are_counted():
    finding = asked(["papermill", "a.ipynb"], {"a.ipynb": cells(1, 5, 2, None, 6)})
    order = finding.answer.measures[1].estimate
    assert (order.value, order.n) == (0.25, 4)


@pytest.mark.parametrize(
    "text", ["", "not json", "[" * 100_000, '{"cells": 3}', '{"cells": [1]}', "9" * 10_000, b"\xff", '{"cells": []}']
)
def test_a_notebook_that_cannot_be_read_has_no_order_and_a_reason(text):
    order = asked(["papermill", "a.ipynb"], {"a.ipynb": text}).answer.measures[1].estimate
    assert order.value is None
    assert order.undefined_because


def test_programs_that_name_each_other_in_a_circle_come_to_an_end():
    files = {"a.py": "import b\n", "b.py": "import a\nopen('a.py')\n"}
    assert asked(["python", "a.py"], files).ending is Ending.CLEAR


@pytest.mark.parametrize("command", [None, [], "python train.py", 3])
def test_a_submission_without_commands_is_not_asked(command):
    assert asked(command).ending is Ending.NOT_APPLICABLE


@pytest.mark.parametrize("source", [b"\xff\xfe" * 100, b"(" * 9999, b"a" * 300_000, b"\x00", b"'a.py' " * 50_000])
def test_a_hostile_program_is_answered(source):
    assert asked(["python", "train.py"], {"train.py": source}).ending is Ending.CLEAR
