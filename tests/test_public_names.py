"""Public names live in each module's `__all__`, and are there."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import heldout

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(heldout.__path__, "heldout.")
    if ".submissions." not in module.name and ".baseline." not in module.name and not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_lists_as_public_is_there(name):
    module = importlib.import_module(name)
    assert [public for public in getattr(module, "__all__", ()) if not hasattr(module, public)] == []


@pytest.mark.parametrize("name", [name for name in MODULES if hasattr(importlib.import_module(name), "__path__")])
def test_a_package_lists_exactly_the_names_that_it_brings_together(name):
    package = importlib.import_module(name)
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    brought = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("heldout")
        for alias in node.names
    }
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign)]
    listed = set(getattr(package, "__all__", ()))
    assert listed <= brought | {node.name for node in own if hasattr(node, "name")} | {"METRICS"}
    assert own or brought == listed


def test_no_module_has_a_name_that_says_nothing():
    assert not [name for name in MODULES if name.rpartition(".")[2] in {"utils", "common", "helpers", "base"}]
