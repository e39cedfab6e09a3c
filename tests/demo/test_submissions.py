"""What the bundled programs do, run as plain processes; nothing here reads their names to tell them apart."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from benchmarks.demo_bands import run

from heldout.core.lock import read_requirements
from heldout.demo import trees
from heldout.evals.submission import Submission, read_submission
from heldout.tools.process import find

NAMES = tuple(trees.HISTORIES)
MAX_BYTES = 200_000
PROMTOOL = find("promtool")


def changed(name: str, tmp_path: Path, file: str, old: str, new: str) -> Path:
    trees.copy_tree(f"submissions/{name}", tmp_path / name)
    text = (tmp_path / name / file).read_text()
    assert text.count(old) == 1
    (tmp_path / name / file).write_text(text.replace(old, new))
    return tmp_path / name


def tree(name: str) -> Path:
    return trees.HERE / "submissions" / name


def contract(folder: Path) -> Submission:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    return read_submission((folder / "submission.toml").read_bytes(), files)


@pytest.mark.parametrize("program", [*(f"submissions/{name}" for name in NAMES), "baseline"])
def test_a_program_makes_a_probability_for_every_flight_from_the_columns_that_it_reports(
    program: str, some_flights: Path, tmp_path: Path
) -> None:
    reported = contract(trees.HERE / program).reported.features
    train = pq.read_table(some_flights / "train.parquet", columns=[*reported, "date", "late"])
    pq.write_table(train, tmp_path / "train.parquet")
    shutil.copy(some_flights / "final.parquet", tmp_path)
    _, predicted = run(trees.HERE / program, tmp_path, seed=1)
    assert len(predicted) == pq.read_metadata(some_flights / "final.parquet").num_rows
    assert ((predicted > 0) & (predicted < 1)).all()
    assert len(np.unique(predicted)) > 50


def test_what_is_bundled_is_small() -> None:
    files = [path for top in ("submissions", "baseline") for path in (trees.HERE / top).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files if "__pycache__" not in path.parts) < MAX_BYTES


def test_careful_repeats_a_seed_byte_by_byte_and_another_seed_differs(some_flights: Path) -> None:
    one, again, other = (run(tree("careful"), some_flights, seed)[0] for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_careful_without_its_seed_does_not_repeat(some_flights: Path, tmp_path: Path) -> None:
    seedless = changed("careful", tmp_path, "delays/model.py", "default_rng(seed)", "default_rng()")
    one, again = (run(seedless, some_flights, seed=1)[1] for _ in range(2))
    assert np.abs(one - again).max() > 1e-6


def test_notebook_does_not_repeat(some_flights: Path) -> None:
    one, again = (run(tree("notebook"), some_flights, seed=1)[1] for _ in range(2))
    assert np.abs(one - again).max() > 1e-6


def test_leaky_leans_on_a_column_that_it_can_do_without(some_flights: Path, tmp_path: Path) -> None:
    withheld = tmp_path / "withheld"
    withheld.mkdir()
    train = pq.read_table(some_flights / "train.parquet")
    pq.write_table(train.drop_columns(["dep_delay"]), withheld / "train.parquet")
    shutil.copy(some_flights / "final.parquet", withheld)
    unlisted = changed("leaky", tmp_path, "submission.toml", '"dep_delay", ', "")

    as_it_is = run(tree("leaky"), some_flights, seed=1)[1]
    without_column = run(tree("leaky"), withheld, seed=1)[1]
    not_listed = run(unlisted, some_flights, seed=1)[1]
    assert np.abs(without_column - not_listed).max() < 1e-6
    assert np.abs(as_it_is - not_listed).max() > 0.01
    features = contract(unlisted).reported.features
    assert {*features} <= {*pq.read_schema(some_flights / "final.parquet").names}


@pytest.mark.parametrize("name", ["careful", "leaky"])
def test_the_tests_that_a_submission_brings_pass(name: str, tmp_path: Path) -> None:
    trees.copy_tree(f"submissions/{name}", tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "discover", "-s", "tests"],
        cwd=tmp_path / name,
        env={"PYTHONPATH": str(tmp_path / name)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "OK" in done.stderr
    assert "Ran 0 tests" not in done.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed; make system-deps brings it")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", "careful/monitoring/alerts.yml"),
        ("test", "rules", "careful/monitoring/alerts_test.yml"),
        ("check", "rules", "leaky/monitoring/rules.yml"),
    ],
)
def test_promtool_takes_their_alert_rules(arguments: tuple[str, ...]) -> None:
    *command, file = arguments
    done = subprocess.run([str(PROMTOOL), *command, str(tree(file))], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_lock_with_hashes_serves_all_but_the_notebook() -> None:
    locks = {path.read_text() for path in trees.HERE.rglob("requirements.lock")}
    assert len(locks) == 1
    pinned = read_requirements(locks.pop())
    assert [one.name for one in pinned] == ["numpy", "numpy", "pyarrow"]  # an older and a newer Python's numpy
    assert all(one.is_pinned for one in pinned)
    free = read_requirements((tree("notebook") / "requirements.txt").read_text())
    assert [(one.name, one.version is None) for one in free] == [("numpy", True), ("pyarrow", False)]
    assert not any(one.hashes for one in free)


def test_contracts_say_how_each_was_evaluated() -> None:
    said = {name: tomllib.loads((tree(name) / "submission.toml").read_text())["reported"] for name in NAMES}
    assert said["leaky"]["split"] == "random"
    assert said["leaky"]["value"] > 0.9
    assert {"low", "high"} <= said["careful"].keys()
