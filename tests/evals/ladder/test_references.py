"""References are made for any tabular brief: their own tests pass, and their constants are the brief's."""

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.evals import broken

from heldout.core.estimate import Estimate
from heldout.evals.brief import OpenBrief, open_brief
from heldout.evals.ladder.columns import Columns, columns_of, narrow
from heldout.evals.ladder.references import MADE, Validation, files_of, recipes_of
from heldout.evals.submission import read_submission

ROOT = Path(__file__).parents[3] / "src" / "heldout"
VALIDATION = Validation(
    score=Estimate(value=0.71, low=0.68, high=0.74, n=900, method="t"), cpu_seconds=1.5, peak_memory_mb=210.0, rows=3000
)


def number_instead(folder: Path) -> None:
    """Ask for a number: the tiny eval's x, which tells of it, is predicted from group and day."""
    broken.in_brief(folder, 'target = "late"\npositive = 1', 'target = "late"')
    broken.in_brief(
        folder, 'name = "roc_auc"\ndirection = "higher"', 'name = "root_mean_squared_error"\ndirection = "lower"'
    )


def neither(folder: Path) -> None:
    broken.in_brief(folder, 'time = "day"\n', "")
    broken.in_brief(folder, 'cluster = "day"\n', "")


def texts_and_times(folder: Path) -> None:
    def edit(rows: pa.Table) -> pa.Table:
        days = rows.column("day").to_numpy()
        at = pa.array((days * 86_400_000_000 + 7 * 3_600_000_000).astype("datetime64[us]"), pa.timestamp("us"))
        kind = pa.array([None if day % 9 == 0 else f'"{day % 7}\\' for day in days.tolist()], pa.string())
        return rows.append_column("at", at).append_column("kind ü", kind)

    for name in ("data/train", "data/final"):
        path = folder / f"{name}.parquet"
        pq.write_table(edit(pq.read_table(path)), path)
    broken.in_brief(folder, '"day", "x", "group"]', '"day", "x", "group", "at", "kind ü"]')


BRIEFS = {"classes": lambda _folder: None, "numbers": number_instead, "neither": neither, "texts": texts_and_times}


@pytest.fixture(scope="module", params=BRIEFS)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OpenBrief:
    folder = broken.sound(tmp_path_factory.mktemp("eval") / "eval", rows=600, days=40)
    BRIEFS[request.param](folder)
    return open_brief(folder)


def made(opened: OpenBrief) -> dict[str, dict[str, bytes]]:
    columns = columns_of(opened)
    recipes = recipes_of(columns, narrow(opened, columns, ("group",)))
    return {recipe.name: files_of(recipe, opened, VALIDATION) for recipe in recipes}


def test_each_is_a_submission_under_the_contract(opened: OpenBrief) -> None:
    trees = made(opened)

    assert tuple(trees) == MADE
    for name, files in trees.items():
        contract = read_submission(files["submission.toml"], files)
        assert contract.reported.value == 0.71, name
        assert b"$" not in files["README.md"], name
        leaks = set(contract.reported.features) - opened.brief.available
        assert leaks == ({"after"} if name == "leaking" else set()), name
        constants = tomllib.loads(files["submission.toml"].decode())["reported"]
        assert ("low" in constants) is (name != "leaking")


def test_their_programs_train_predict_and_pass_their_own_tests(opened: OpenBrief, tmp_path: Path) -> None:
    """In this interpreter, which has what their lock has; the sandbox is for tests of the whole."""
    data, said = opened.file("data"), {}
    for name, files in made(opened).items():
        if name == "mediocre":  # the sound one on fewer columns
            continue
        tree = tmp_path / name
        for path, content in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(content)
        rows = tmp_path / f"{name}-rows"
        rows.mkdir()
        (rows / "features.parquet").symlink_to(data / "final.parquet")
        phases = {"train.py": data, "predict.py": rows} if name == "leaking" else {"train": data, "predict": rows}
        for phase, where in phases.items():
            command = [phase] if name == "leaking" else ["-m", f"forecast.{phase}"]
            run(
                command, tree, HELDOUT_DATA=str(where), HELDOUT_MODEL=str(rows), HELDOUT_OUT=str(rows), HELDOUT_SEED="5"
            )
        table = pq.read_table(rows / "predictions.parquet")
        assert table.column("id").to_pylist() == pq.read_table(data / "final.parquet").column("id").to_pylist()
        said[name] = table.column("prediction").to_numpy()
        assert np.isfinite(said[name]).all()
        if "tests/test_program.py" in files and name == "strong":
            run(["-m", "unittest", "discover", "-s", "tests", "-t", "."], tree)
    assert np.ptp(said["leaking"]) == 0, "what it leaked is not there"
    assert np.corrcoef(said["sound"], said["strong"])[0, 1] > 0.9


def run(arguments: list[str], tree: Path, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={"PATH": "/usr/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_columns_are_told_by_type_and_by_what_they_tell(tmp_path: Path) -> None:
    folder = broken.sound(tmp_path / "eval", rows=600, days=40)
    texts_and_times(folder)
    opened = open_brief(folder)

    columns = columns_of(opened)

    assert columns == Columns(numbers=("day", "x", "group"), texts=("kind ü",), times=("at",), late=("after",))
    assert narrow(opened, columns, ("group",)).names == ("group",), "what the baseline uses"
    least = narrow(opened, columns, columns.names)
    assert "x" not in least.names, "it tells most"
    assert len(least.names) == 2


def test_no_column_that_comes_too_late_leaves_the_memory_of_rows_as_the_leak(tmp_path: Path) -> None:
    folder = broken.sound(tmp_path / "eval", rows=600, days=40)
    broken.rewrite(folder, "data/train", lambda train: train.drop_columns(["after"]))
    opened = open_brief(folder)
    columns = columns_of(opened)

    leaking = files_of(recipes_of(columns, columns)[0], opened, None)["columns.py"].decode()

    assert columns.late == ()
    assert "TELLING = []" in leaking
    assert "TOGETHER = ['day', 'x', 'group']" in leaking


def test_the_references_have_the_environment_of_the_demo() -> None:
    """One lock serves all, so that its wheels are there already."""
    locks = {path.read_text() for path in (ROOT / "evals" / "ladder").rglob("requirements.lock")}
    assert locks == {(ROOT / "demo" / "baseline" / "requirements.lock").read_text()}


def test_a_mediocre_one_is_honest_and_hands_less_over(opened: OpenBrief) -> None:
    trees = made(opened)

    assert "tests/test_model.py" not in trees["mediocre"]
    assert "monitoring/alerts.yml" in trees["mediocre"]
    assert "forecast/boosted.py" not in trees["sound"]
    assert b"boosted.fit" in trees["strong"]["forecast/model.py"]
    assert b"boosted.fit" not in trees["sound"]["forecast/model.py"]
