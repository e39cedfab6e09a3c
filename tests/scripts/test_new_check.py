"""`make new-check` scaffolds a check, a planter and a test that are red until they are filled in."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from heldout.core.errors import BadInput

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("new_check", ROOT / "scripts/new_check.py")
new_check = importlib.util.module_from_spec(spec)
spec.loader.exec_module(new_check)


def test_a_scaffold_is_three_files_that_parse_and_are_red(tmp_path):
    check, planters, test = new_check.scaffold("leakage/far-copy", tmp_path)
    assert check == tmp_path / "src/heldout/checks/leakage/far_copy.py"
    for path in (check, planters, test):
        compile(path.read_text(), str(path), "exec")
        assert "NotImplementedError" in path.read_text()
    assert '@check("LEK0' in check.read_text()


def test_a_scaffolded_check_keeps_the_contract_of_the_decorator(tmp_path):
    check, *_ = new_check.scaffold("leakage/far-copy", tmp_path)
    script = f"import runpy; print(runpy.run_path({str(check)!r}, run_name='x.leakage.far_copy')['far_copy'].name)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "far-copy", ran.stderr


def test_a_second_planter_joins_the_first_and_a_new_family_gets_its_package(tmp_path):
    new_check.scaffold("fairness/one", tmp_path)
    new_check.scaffold("fairness/two", tmp_path)
    planters = (tmp_path / "src/heldout/faults/fairness.py").read_text()
    assert planters.count("Planter(fault=") == 2
    assert (tmp_path / "src/heldout/checks/fairness/__init__.py").exists()


def test_what_is_there_is_not_overwritten(tmp_path):
    new_check.scaffold("leakage/far-copy", tmp_path)
    with pytest.raises(BadInput, match="already there"):
        new_check.scaffold("leakage/far-copy", tmp_path)


@pytest.mark.parametrize("name", ["", "near-copy", "leakage/../x", "Leakage/near", "leakage/near_copy"])
def test_a_malformed_name_is_refused_with_an_example(name, tmp_path):
    with pytest.raises(BadInput, match="names no check"):
        new_check.scaffold(name, tmp_path)
