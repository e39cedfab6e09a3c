import json
import os
from pathlib import Path

import jsonschema
import pytest
from tests.evals import tiny

from heldout.core.errors import BadInput
from heldout.core.lift import LiftScale
from heldout.evals import brief_schema
from heldout.evals.brief import largest_lift, open_brief
from heldout.evals.data import verify_data


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_eval(tmp_path_factory.mktemp("eval"), rows=200, days=20)


def refusal(path: Path, old: str, new: str, tmp_path: Path) -> BadInput:
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "brief.toml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        open_brief(changed)
    return raised.value


def test_a_brief_is_read_with_the_hash_of_its_bytes(path: Path) -> None:
    opened = open_brief(path)
    assert opened.brief.lift_target.scale is LiftScale.RELATIVE
    assert opened.brief.is_classification
    assert opened.answers_file("final") == path.parent / "answers" / "final.parquet"
    assert open_brief(path.parent).sha256 == opened.sha256


@pytest.mark.parametrize(
    ("old", "new", "says", "key", "line"),
    [
        ("backup_plan =", "backup_plans =", "unknown key", "budget.backup_plans", "backup_plans"),
        ("hours = 48", 'hours = "48"', "window.hours is '48'", "window.hours", "hours"),
        ('scale = "relative"\n', "", "lift.scale is missing", "lift.scale", "[lift]"),
        ("target = 0.05", "target = 1.5", "cannot be reached", "lift.target", "target = 1.5"),
        ("target = 0.05", "target = 0.01", "below lift.minimum", "lift.target", "target = 0.01"),
        ('direction = "higher"', 'direction = "lower"', "higher is better", "metric.direction", "direction"),
        ('name = "roc_auc"', 'name = "auc"', "auc is not known", "metric.name", "name"),
        ("monitoring = 0.3", "monitoring = 0.4", "sum to 1.1", "rubric", "[rubric]"),
        ("positive = 1\n", "", "asks for data.positive", "metric.name", "name"),
        ('"group"]', '"late"]', "holds the target", "data.known_at_prediction", "known_at_prediction"),
        ("[rubric]", "[rubric", "not TOML", "", ""),
    ],
)
def test_a_defect_is_named_with_its_key_and_line(
    path: Path, tmp_path: Path, old: str, new: str, says: str, key: str, line: str
) -> None:
    error = refusal(path, old, new, tmp_path)
    lines = (tmp_path / "brief.toml").read_text(encoding="utf-8").splitlines()
    number = next((number for number, text in enumerate(lines, start=1) if line and text.startswith(line)), None)
    assert says in error.what
    assert error.where == (f"{key}, line {number}" if number else key)
    assert "docs/guide/eval.md" in error.mend


def test_an_unknown_key_is_answered_with_the_closest_known_one(path: Path, tmp_path: Path) -> None:
    error = refusal(path, "backup_plan =", "backup_plans =", tmp_path)
    assert "did you mean backup_plan" in error.mend
    assert "memory_mb" in error.expected


def test_a_brief_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot read the brief"):
        open_brief(tmp_path)
    (tmp_path / "brief.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="not UTF-8"):
        open_brief(tmp_path)


def test_a_brief_that_is_a_pipe_a_device_or_endless_is_refused_unread(tmp_path: Path) -> None:
    brief = tmp_path / "brief.toml"
    os.mkfifo(brief)
    with pytest.raises(BadInput, match="it is no file"):
        open_brief(tmp_path)
    brief.unlink()
    brief.symlink_to("/dev/zero")
    with pytest.raises(BadInput, match="it is no file"):
        open_brief(tmp_path)
    brief.unlink()
    with brief.open("wb") as file:
        file.truncate(2**40)  # a terabyte, of which nothing is on the disk
    with pytest.raises(BadInput, match="too large"):
        open_brief(tmp_path)


@pytest.mark.parametrize(
    ("metric", "scale", "baseline", "largest"),
    [
        ("roc_auc", LiftScale.RELATIVE, None, 1.0),
        ("roc_auc", LiftScale.ABSOLUTE, None, 0.5),
        ("roc_auc", LiftScale.ERROR_REDUCTION, None, 1.0),
        ("roc_auc", LiftScale.RELATIVE, 0.8, 0.25),
        ("accuracy", LiftScale.ABSOLUTE, None, 1.0),
        ("accuracy", LiftScale.RELATIVE, None, float("inf")),
        ("root_mean_squared_error", LiftScale.RELATIVE, None, 1.0),
        ("root_mean_squared_error", LiftScale.ABSOLUTE, 3.0, 3.0),
    ],
)
def test_the_largest_lift_is_that_of_a_perfect_model(
    metric: str, scale: LiftScale, baseline: float | None, largest: float
) -> None:
    assert largest_lift(metric, scale, baseline) == pytest.approx(largest)


def test_the_schema_accepts_the_brief_and_refuses_what_the_reader_refuses(path: Path) -> None:
    import tomllib

    schema = json.loads(json.dumps(brief_schema()))
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(values)
    del values["lift"]["scale"]
    assert not validator.is_valid(values)


def test_files_are_held_to_their_hashes_and_columns(tmp_path: Path) -> None:
    opened = open_brief(tiny.write_eval(tmp_path, rows=200, days=20))
    verify_data(opened)
    final = tmp_path / "data" / "final.parquet"
    content = final.read_bytes()
    final.write_bytes(content[:-1] + b"x")
    with pytest.raises(BadInput, match="not the file that the brief speaks of"):
        verify_data(opened)
    final.write_bytes(content)
    (tmp_path / "answers" / "final.parquet").unlink()
    with pytest.raises(BadInput, match=r"cannot read final\.parquet") as raised:
        verify_data(opened)
    assert raised.value.where.startswith("answers.final")


def test_a_holdout_with_a_column_that_is_not_known_in_time_fails_the_brief(tmp_path: Path) -> None:
    path = tiny.write_eval(tmp_path, rows=200, days=20)
    path.write_text(path.read_text(encoding="utf-8").replace(', "group"]', "]"), encoding="utf-8")
    with pytest.raises(BadInput, match="has the column group"):
        verify_data(open_brief(path))
