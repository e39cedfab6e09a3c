"""The three submissions that are another one but for some files."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from benchmarks.demo_bands import run

from heldout.demo import trees
from heldout.evals.submission import read_submission
from heldout.tools.process import find

PROMTOOL = find("promtool")


@pytest.fixture
def variant(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    trees.copy_variant(request.param, tmp_path / request.param)
    return tmp_path / request.param


@pytest.mark.parametrize("variant", [*trees.VARIANTS], indirect=True)
def test_a_variant_keeps_its_contract_and_predicts_from_what_it_reports(
    variant: Path, some_flights: Path, tmp_path: Path
) -> None:
    files = {path.relative_to(variant).as_posix() for path in variant.rglob("*")}
    contract = read_submission((variant / "submission.toml").read_bytes(), files)
    train = pq.read_table(some_flights / "train.parquet", columns=[*contract.reported.features, "date", "late"])
    pq.write_table(train, tmp_path / "train.parquet")
    shutil.copy(some_flights / "final.parquet", tmp_path)
    _, predicted = run(variant, tmp_path, seed=1)
    assert ((predicted > 0) & (predicted < 1)).all()
    assert len(np.unique(predicted)) > 50


@pytest.mark.parametrize("variant", ["narrowed", "goldplated"], indirect=True)
def test_the_tests_that_a_variant_brings_pass(variant: Path) -> None:
    command = [sys.executable, "-m", "unittest", "discover", "-s", "tests"]
    done = subprocess.run(
        command, cwd=variant, env={"PYTHONPATH": str(variant)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 0 tests" not in done.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed; make system-deps brings it")
@pytest.mark.parametrize("variant", ["narrowed"], indirect=True)
def test_promtool_takes_the_alert_rules_that_were_agreed(variant: Path) -> None:
    command = [str(PROMTOOL), "test", "rules", str(variant / "monitoring" / "alerts_test.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_variant_of_a_tree_that_changed_under_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = trees.Variant(of="careful", edits=(("README.md", "no such line", ""),), without=(), commits=())
    monkeypatch.setattr(trees, "VARIANTS", {"broken": broken})

    with pytest.raises(ValueError, match="has no 'no such line'"):
        trees.copy_variant("broken", tmp_path / "broken")


def test_six_submissions_are_six_repositories(tmp_path: Path) -> None:
    paths = trees.write_submissions(tmp_path, with_variants=True)

    assert [path.name for path in paths] == [*trees.HISTORIES, *trees.VARIANTS]
    assert not (tmp_path / "goldplated" / "monitoring").exists()
    assert not (tmp_path / "silent" / "tests").exists()
