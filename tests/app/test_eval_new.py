"""`heldout eval new` as a use case: what is written, what is kept private, and what is refused."""

import json
import stat
import tomllib
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn import datasets
from tests.app import authored
from tests.evals.tiny import write_repository

from heldout.app.eval_asked import EvalAsked
from heldout.app.eval_new import Authored, author
from heldout.app.grade import grade_submission
from heldout.core.errors import BadInput
from heldout.core.lift import LiftScale
from heldout.evals.authoring.commitment import verify_commitment
from heldout.evals.authoring.presets import LEVELS
from heldout.evals.brief import open_brief
from heldout.evals.check import check_submission
from heldout.evals.data import verify_data
from heldout.sandbox import probe
from heldout.tools.promtool.program import Promtool

PARTS = ("train", "feedback", "final")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Authored:
    return authored.write(tmp_path_factory.mktemp("made"), authored.clean(), time="when")


@pytest.fixture(scope="module")
def folder(made: Authored) -> Path:
    assert made.folder is not None
    return made.folder


def test_the_eval_is_one_that_everything_else_reads(folder: Path, made: Authored) -> None:
    opened = open_brief(folder)
    verify_data(opened)
    assert opened.sha256 == made.brief_sha256
    assert opened.brief.data.time == "when"
    assert opened.brief.data.cluster == "when_day"
    assert opened.brief.rubric.anchors is not None
    assert opened.brief.rubric.anchors.monitoring.senior
    schema = json.loads((folder / "brief.schema.json").read_text(encoding="utf-8"))
    values = tomllib.loads((folder / "brief.toml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(values)
    assert verify_commitment(folder / "opening.json", folder) == []


def test_every_row_with_a_label_is_in_one_part_and_later_parts_are_later(folder: Path, made: Authored) -> None:
    tables = {part: pq.read_table(folder / "data" / f"{part}.parquet") for part in PARTS}
    keys = [key for table in tables.values() for key in table.column("row_id").to_pylist()]
    assert len(set(keys)) == len(keys) == authored.ROWS
    times = {part: table.column("when").to_pylist() for part, table in tables.items()}
    assert max(times["train"]) < min(times["feedback"])
    assert max(times["feedback"]) < min(times["final"])
    assert made.rows == {part: table.num_rows for part, table in tables.items()}


def test_labels_are_those_of_the_source(folder: Path) -> None:
    source = authored.clean()
    label = dict(zip(zip(source.user, source.x, strict=True), source.y, strict=True))
    for part in ("feedback", "final"):
        features = pq.read_table(folder / "data" / f"{part}.parquet").to_pandas().set_index("row_id")
        answers = pq.read_table(folder / "answers" / f"{part}.parquet").to_pandas().set_index("row_id")
        joined = features.join(answers, how="inner")
        assert len(joined) == len(features) == len(answers)
        assert [label[row.user, row.x] for row in joined.itertuples()] == joined.y.tolist()


def test_the_holdout_has_what_is_known_and_the_training_table_has_all(folder: Path) -> None:
    final = pq.read_schema(folder / "data" / "final.parquet")
    assert set(final.names) == {"row_id", "when", "when_day", "user", "x", "kind"}
    assert {"after", "y", "number", "code"} < set(pq.read_schema(folder / "data" / "train.parquet").names)
    assert pq.read_metadata(folder / "data" / "final.parquet").metadata is None
    assert not final.metadata


def test_private_files_are_private(folder: Path) -> None:
    assert stat.S_IMODE((folder / "answers").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "opening.json").stat().st_mode) == 0o600
    opening = json.loads((folder / "opening.json").read_text())
    published = (folder / "commitment.json").read_text() + (folder / "kit" / "commitment.json").read_text()
    assert opening["salt"] not in published
    assert not list(folder.parent.glob(".eval-part-*"))


@pytest.mark.parametrize("kind", ["lift", "drift", "rescue"])
def test_no_label_of_the_holdout_is_in_the_kit(tmp_path: Path, kind: str) -> None:
    made = authored.write(tmp_path, authored.clean(), time="when", kind=kind)
    assert made.folder is not None
    kit, answers = made.folder / "kit", made.folder / "answers"
    files = [path for path in kit.rglob("*") if path.is_file()]
    finals = pq.read_table(answers / "final.parquet").column("row_id").to_pylist()
    feedback = pq.read_table(answers / "feedback.parquet").column("row_id").to_pylist()
    for path in files:
        content = path.read_bytes()
        assert not [key for key in finals if key.encode() in content], path
        if path.name != "feedback.parquet":
            assert not [key for key in feedback if key.encode() in content], path
        if path.suffix == ".parquet" and path.name != "train.parquet":
            assert "y" not in pq.read_schema(path).names
    assert {path.name for path in files} >= {"brief.toml", "README.md", "UPDATES.md", "QUESTIONS.md", "EXPERIMENTS.md"}
    assert not [path for path in files if path.name in ("opening.json", "planted.json", "final.parquet")]


def test_ids_and_rows_stand_in_an_order_of_their_own(folder: Path) -> None:
    source = authored.clean().set_index("code")
    train = pq.read_table(folder / "data" / "train.parquet").to_pandas()
    place = pd.Series(np.arange(len(source)), index=source.index)[train.code].to_numpy()
    assert abs(np.corrcoef(place, np.arange(len(place)))[0, 1]) < 0.1
    assert abs(np.corrcoef(place, train.row_id.rank())[0, 1]) < 0.1


def test_the_same_seed_gives_the_same_tables_and_another_salt(tmp_path: Path) -> None:
    frame = authored.clean(1500)
    one, two = (authored.write(tmp_path / name, frame, time="when", target_lift=0.3) for name in "ab")
    other = authored.write(tmp_path / "c", frame, time="when", target_lift=0.3, seed=2)
    assert not {one.refused, two.refused, other.refused} - {""}
    assert one.brief_sha256 == two.brief_sha256 != other.brief_sha256
    assert one.commitment != two.commitment


def test_the_template_and_the_baseline_run_and_grade(folder: Path, tmp_path: Path) -> None:
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    template = folder / "kit" / "template"
    files = {path.relative_to(template).as_posix(): path.read_text() for path in template.rglob("*") if path.is_file()}
    repository = write_repository(tmp_path / "candidate", files)
    checked = check_submission(folder / "kit", repository)
    assert "submission.toml, its lock and its commands are in order." in checked.facts
    card = grade_submission(folder, repository, out=tmp_path / "graded", seed=1).card
    assert card.lift is not None
    assert card.lift.estimate.value == 0.0
    assert card.lift.baseline.value == pytest.approx(0.5)
    assert card.reproducibility == "bitwise"


def test_the_leaky_project_runs_and_its_faults_are_known_to_the_organiser_alone(tmp_path: Path) -> None:
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    made = authored.write(tmp_path, authored.clean(), time="when", kind="rescue")
    assert made.folder is not None
    project = made.folder / "kit" / "project"
    planted = json.loads((made.folder / "answers" / "planted.json").read_text())["leaks"]
    assert [one["what"].split(":")[0].split(",")[0] for one in planted] == [
        "fit before split",
        "target-derived",
        "unavailable",
        "random split",
    ]
    for one in planted:
        for place in (one, *one["places"]):
            assert (project / place["file"]).read_text().splitlines()[place.get("line", place.get("first")) - 1].strip()
    assert "after" in next(one["what"] for one in planted if one["what"].startswith("unavailable"))
    files = {path.relative_to(project).as_posix(): path.read_text() for path in project.rglob("*") if path.is_file()}
    card = grade_submission(
        made.folder, write_repository(tmp_path / "found", files), out=tmp_path / "graded", seed=1
    ).card
    assert card.lift is not None
    assert card.lift.candidate.value is not None
    assert card.lift.candidate.value > 0.6
    assert "FINDINGS.md" in files


def test_a_given_baseline_is_run_as_a_grading_runs_it(tmp_path: Path, folder: Path) -> None:
    if probe().level == 0:
        pytest.skip("no sandbox here")
    baseline = folder / "kit" / "template"
    made = authored.write(tmp_path, authored.clean(), time="when", baseline=baseline)
    assert made.outlook is not None
    assert "the baseline's own run" in made.outlook.chances[-1].made
    with pytest.raises(BadInput, match="the baseline failed") as raised:
        authored.write(tmp_path / "other", authored.clean(), time="when", baseline=baseline, key="code")
    assert "code (--key)" in raised.value.mend
    assert sorted(path.name for path in (tmp_path / "other").iterdir()) == ["table.parquet"]


def test_too_little_power_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    made = authored.write(tmp_path, authored.clean(), time="when", target_lift=0.03)
    assert (made.refused, made.folder) == ("power", None)
    assert made.outlook is not None
    assert made.outlook.mends
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table.parquet"]


@pytest.mark.parametrize("level", list(LEVELS))
def test_a_level_sets_weights_and_cadence(tmp_path: Path, level: str) -> None:
    made = authored.write(tmp_path, authored.clean(1500), time="when", target_lift=0.3, level=level)
    assert made.folder is not None
    brief = open_brief(made.folder).brief
    preset = LEVELS[level]
    assert (brief.rubric.monitoring, brief.cadence.hours) == (preset.monitoring, preset.cadence)
    assert brief.window.hours == preset.hours


def test_bundled_tables_become_evals(tmp_path: Path) -> None:
    digits = datasets.load_digits(as_frame=True).frame
    digits["even"] = digits.pop("target") % 2 == 0
    diabetes = datasets.load_diabetes(as_frame=True).frame
    wine = datasets.load_wine(as_frame=True).frame
    cancer = datasets.load_breast_cancer(as_frame=True).frame
    asked = {"time": None, "known": (), "target_lift": 0.3, "final": 0.3}
    for name, frame, more in (
        ("digits", digits, {"target": "even"}),
        ("diabetes", diabetes, {"target": "target"}),
        ("wine", wine, {"target": "target", "positive": "1", "target_lift": 0.8}),
        ("cancer", cancer, {"target": "target", "target_lift": 0.6}),
    ):
        made = authored.write(tmp_path / name, frame, **{**asked, **more})
        assert made.folder is not None, (name, made)
        brief = open_brief(made.folder).brief
        assert brief.is_classification is (name != "diabetes")
        assert any("--known" in warning for warning in made.warnings)
        assert brief.data.positive == {"digits": True, "diabetes": None, "wine": 1, "cancer": 1}[name]


def test_delimited_text_is_read_too_and_rows_without_label_are_counted(tmp_path: Path) -> None:
    frame = authored.clean()
    frame["y"] = frame.y.astype("Int64").where(frame.index % 100 > 0)
    frame.to_csv(tmp_path / "table.csv", index=False)
    asked = EvalAsked(
        data=tmp_path / "table.csv",
        target="y",
        scale=LiftScale.RELATIVE,
        objective='Say "y"\nin two lines, with a tab\tand \x7f.',
        known=("x", "kind", "when"),
        target_lift=0.2,
        entity="user",
    )
    made = author(asked, tmp_path / "eval")
    assert made.folder is not None
    brief = open_brief(made.folder).brief
    assert "40 rows" in brief.data.rows_without_label
    assert brief.eval.objective == asked.objective
    assert sum(made.rows.values()) == 3960
    users = {part: set(pq.read_table(made.folder / "data" / f"{part}.parquet")["user"].to_pylist()) for part in PARTS}
    assert not users["train"] & users["final"]
    assert not users["train"] & users["feedback"]


@pytest.mark.parametrize(
    ("asked", "says", "where"),
    [
        ({"target": "z"}, "no target column 'z'", "table.parquet"),
        ({"time": "z"}, "no time column 'z'", "table.parquet"),
        ({"known": ("x", "z")}, "--known names 'z'", "--known"),
        ({"known": ("x", "y")}, "--known names the target", "--known"),
        ({"key": "kind"}, "kind does not name the rows", "--key"),
        ({"key": "z"}, "no column 'z'", "--key"),
        ({"cluster": "z"}, "no column 'z'", "--cluster"),
        ({"metric": "auc"}, "no metric 'auc'", "--metric"),
        ({"positive": "7"}, "no row has the target '7'", "column y"),
        ({"target": "kind"}, "the positive class is not given", "column kind"),
        ({"metric": "root_mean_squared_error", "positive": "1"}, "is about numbers", "--positive"),
        ({"target_lift": 0.01}, "is below the minimum", "--target-lift"),
        ({"target_lift": 5.0}, "cannot be reached", "lift.target"),
        ({"minimum": float("nan")}, "--minimum is nan", "--minimum"),
        ({"final": 0.0}, "--final is 0", "--final"),
        ({"final": 0.6, "feedback": 0.5}, "the holdout would be 110%", "--final"),
        ({"seed": -1}, "--seed is -1", "--seed"),
        ({"hours": 0.0}, "--hours is 0", "--hours"),
        ({"baseline": Path("nowhere")}, "the baseline is not there", "--baseline"),
    ],
)
def test_bad_terms_are_refused_with_what_to_do_and_nothing_is_left(
    tmp_path: Path, asked: dict[str, object], says: str, where: str
) -> None:
    with pytest.raises(BadInput) as raised:
        authored.write(tmp_path, authored.clean(600), **{"time": "when", **asked})
    assert says in raised.value.what
    assert where in raised.value.where
    assert raised.value.mend or raised.value.expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table.parquet"]


def test_an_eval_that_is_there_is_never_written_again(tmp_path: Path) -> None:
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "brief.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="something already"):
        authored.write(tmp_path, authored.clean(600), time="when")
    assert (tmp_path / "eval" / "brief.toml").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    authored.clean(600).to_parquet(tmp_path / "table.parquet")
    asked = EvalAsked(data=tmp_path / "table.parquet", target="y", scale=LiftScale.RELATIVE, objective="x")
    with pytest.raises(BadInput, match="cannot be written"):
        author(asked, tmp_path / "file" / "eval")


def test_the_alerts_of_the_template_pass_their_own_tests(folder: Path) -> None:
    program = Promtool.find()
    if program is None:
        pytest.skip("no promtool here")
    monitoring = folder / "kit" / "template" / "monitoring"
    assert program.complaint(["check", "rules", "alerts.yml"], monitoring) == ""
    assert program.complaint(["test", "rules", "alerts_test.yml"], monitoring) == ""
