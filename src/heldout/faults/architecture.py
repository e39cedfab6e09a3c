"""Code that will not last: notebooks as programs, circles of imports, no tests."""

import json
from collections.abc import Mapping

from heldout.core.repository import Repository
from heldout.faults.planter import Planter, World
from heldout.faults.repositories import changed, clean_repository

__all__ = ["PLANTERS"]

RUNNER = """import sys

import nbformat
from nbclient import NotebookClient

NotebookClient(nbformat.read("explore.ipynb", as_version=4)).execute()
"""


def _notebook_command(seed: int, effect: float) -> World:
    """The commands, training first, hand a notebook to a program that runs it."""
    argv = (
        ["jupyter", "nbconvert", "--execute", "--to", "notebook", "notebooks/model.ipynb"],
        ["papermill", "notebooks/model.ipynb", "-"],
        ["sh", "-c", "ipython notebooks/model.ipynb"],
    )[seed % 3]
    return _commanded(clean_repository(seed), effect, argv, {"notebooks/model.ipynb": _notebook(seed)})


def _notebook_runner(seed: int, effect: float) -> World:
    """The commands, training first, run a script that runs a notebook."""
    argv = (["python", "run.py"], ["python", "-m", "run"], ["sh", "run.sh"])[seed % 3]
    files = {"explore.ipynb": _notebook(seed), "run.py": RUNNER, "run.sh": "set -e\npython run.py\n"}
    return _commanded(clean_repository(seed), effect, argv, files)


def _commanded(repository: Repository, effect: float, argv: list[str], files: dict[str, str]) -> World:
    tables = {phase: {"command": argv} for phase in ("train", "predict")[: round(effect)]}
    return {"repository": changed(repository, files=files, submission=tables)}


def _notebook(seed: int) -> str:
    counts = [1, 2, 7, 3 + seed % 3, None]
    cells = [{"cell_type": "code", "execution_count": count, "source": ["x = 1"], "outputs": []} for count in counts]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _circles(seed: int, effect: float) -> World:
    """Modules of the package import each other, some of them relatively, in circles of two and three."""
    repository = clean_repository(seed)
    folder = next(path for path in repository.files if path.endswith("/train.py")).rpartition("/")[0]
    package = folder.rpartition("/")[2]
    lines = (
        f"import {package}.{{}}\n",
        "from . import {}\n",
        f"from {package}.{{}} import double\n",
        "from .{} import *\n",
    )
    files: dict[str, str] = {}
    for circle in range(round(effect)):
        names = [f"ring_{circle}_{letter}" for letter in "abc"[: 2 + seed % 2]]
        for place, name in enumerate(names):
            following = names[(place + 1) % len(names)]
            files[f"{folder}/{name}.py"] = lines[(seed + place) % len(lines)].format(following)
    return {"repository": changed(repository, files=files)}


def _no_tests(seed: int, effect: float) -> World:
    """The test files lose their tests; a file in the folder stays behind."""
    repository = clean_repository(seed)
    emptied = {path: "import os\n" for path in repository.files if path.startswith("tests/")}
    return {"repository": changed(repository, files=emptied) if effect else repository}


FEATURES = """

def {name}(table, levels):
    \"\"\"Turns the columns into numbers.\"\"\"
    known = {{level: place for place, level in enumerate(levels)}}
    shops = [known.get(shop, len(levels)) for shop in table["shop_{number}"]]
    return [[shop, day % 7] for shop, day in zip(shops, table["day"])]
"""


READ = """

def read(path):
    with open(path) as file:
        return [line.split("{}") for line in file if line]
"""


def _features_twice(seed: int, effect: float) -> World:
    """Functions that make features stand in train.py and, with other names for the same things, in predict.py.

    The clean twin has them in a module that both import, and functions of one name that do different things.
    """
    repository = clean_repository(seed)
    train, predict = (_path_of(repository, f"/{name}.py") for name in ("train", "predict"))
    files = {path: (repository.text(path) or "") + READ.format(sign) for path, sign in ((train, ","), (predict, ";"))}
    functions = [FEATURES.format(name=f"encode_{number}", number=number) for number in range(max(1, round(effect)))]
    if not effect:
        features = train.replace("/train.py", "/encoding.py")
        line = f"from {features.rpartition('/')[0].rpartition('/')[2]}.encoding import encode_0\n"
        return {"repository": changed(repository, files={features: functions[0], **_beginning(files, line)})}
    files[train] += "".join(functions)
    files[predict] += "".join(functions).replace("known", "places").replace("shops", "numbers").replace("levels", "all")
    return {"repository": changed(repository, files=files)}


def _nothing_shared(seed: int, effect: float) -> World:
    """The code that predicts imports nothing of what the code that trains imports."""
    repository = clean_repository(seed)
    path = _path_of(repository, "/predict.py")
    alone = "\n".join(line for line in (repository.text(path) or "").splitlines() if not line.startswith("from "))
    return {"repository": changed(repository, files={path: alone} if effect else {})}


def _beginning(files: Mapping[str, str], line: str) -> dict[str, str]:
    return {path: text.replace("import json\n", f"import json\n\n{line}", 1) for path, text in files.items()}


def _path_of(repository: Repository, end: str) -> str:
    return next(path for path in repository.files if path.endswith(end))


def _tests_of_nothing(seed: int, effect: float) -> World:
    """The tests hold a copy of what they test; the clean twin starts the program as a process instead."""
    repository = clean_repository(seed)
    package = _path_of(repository, "/train.py").rpartition("/")[0].rpartition("/")[2]
    copy = "def double(x):\n    return 2 * x\n\n\ndef test_a_number_is_doubled():\n    assert double(2) == 4\n"
    started = (
        "import subprocess\nimport sys\n\n\ndef test_it_trains():\n"
        f'    assert subprocess.run([sys.executable, "-m", "{package}.train"]).returncode == 0\n'
    )
    tests = {path: copy if effect else started for path in repository.files if path.startswith("tests/")}
    return {"repository": changed(repository, files=tests)}


IDLE = (
    "def test_idle_{}():\n    pass\n",
    "def test_idle_{}():\n    assert True\n",
    'def test_idle_{}():\n    assert (len([1]) == 2, "one is not two")\n',
    "def test_idle_{}():\n    try:\n        assert len([1]) == 2\n    except Exception:\n        pass\n",
)
TEMPTING = """import pytest


@pytest.fixture
def loaded():
    return 1


def test_a_fixture_loads(loaded):
    pass


@pytest.mark.skip(reason="no network here")
def test_later():
    pass


def test_it_is_refused():
    try:
        int("x")
    except ValueError:
        pass
    else:
        raise AssertionError("a letter is no number")


def test_it_runs():
    len([1])
"""


def _idle_tests(seed: int, effect: float) -> World:
    """Some tests that no result can fail, beside some that look as if."""
    tests = "\n\n".join(IDLE[(seed + number) % len(IDLE)].format(number) for number in range(round(effect)))
    return {"repository": changed(clean_repository(seed), files={"tests/test_more.py": f"{TEMPTING}\n\n{tests}"})}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "ARC001": (
        Planter(fault="A command runs a notebook.", effect="commands", build=_notebook_command),
        Planter(fault="A command runs a script that runs a notebook.", effect="commands", build=_notebook_runner),
    ),
    "ARC002": (Planter(fault="Modules import each other in circles.", effect="circles", build=_circles),),
    "ARC004": (
        Planter(fault="Functions that make features are written twice.", effect="functions", build=_features_twice),
        Planter(fault="Training and predicting share no module.", effect="programs", build=_nothing_shared),
    ),
    "ARC005": (Planter(fault="Tests of a copy of the code.", effect="programs", build=_tests_of_nothing),),
    "ARC006": (Planter(fault="Tests that nothing can fail.", effect="tests", build=_idle_tests),),
    "ARC003": (Planter(fault="Test files without tests.", effect="repositories", build=_no_tests),),
}
