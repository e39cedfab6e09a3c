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


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "ARC001": (
        Planter(fault="A command runs a notebook.", effect="commands", build=_notebook_command),
        Planter(fault="A command runs a script that runs a notebook.", effect="commands", build=_notebook_runner),
    ),
    "ARC002": (Planter(fault="Modules import each other in circles.", effect="circles", build=_circles),),
    "ARC003": (Planter(fault="Test files without tests.", effect="repositories", build=_no_tests),),
}
