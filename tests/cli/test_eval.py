import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.evals import tiny

from heldout.app.grade import STATE
from heldout.cli.main import main
from heldout.sandbox import probe

Heldout = Callable[..., tuple[int, str, str]]


@pytest.fixture
def heldout(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Heldout:
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["heldout", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    return tiny.write_eval(tmp_path / "eval", rows=400, days=60)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return tiny.write_repository(tmp_path / "careful", tiny.tree())


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refused(heldout: Heldout, brief: Path, repository: Path, out: Path) -> str:
    """Grade, and hold the refusal to its manners: exit 2, one message, no traceback, nothing written."""
    code, printed, said = heldout("eval", "grade", brief, repository, "--out", out)
    assert code == 2
    assert printed == ""
    assert said.startswith("heldout: ")
    assert said.count("heldout: ") == 1
    assert "Traceback" not in said
    assert len(said.splitlines()) < 12
    assert not out.exists()
    return said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("backup_plan", "backup_plans", "unknown key budget.backup_plans"),
        ("hours = 48", 'hours = "48"', "window.hours is '48'"),
        ('scale = "relative"\n', "", "lift.scale is missing"),
        ("target = 0.05", "target = 3.0", "cannot be reached"),
        ('direction = "higher"', 'direction = "lower"', "higher is better"),
        ('path = "baseline"', 'path = "nowhere"', "the baseline is not there"),
    ],
)
def test_a_brief_with_a_defect_is_refused_before_anything_is_written(
    heldout: Heldout, brief: Path, repository: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    change(brief, old, new)
    assert says in refused(heldout, brief, repository, tmp_path / "out")


def test_files_that_are_changed_or_missing_are_refused(
    heldout: Heldout, brief: Path, repository: Path, tmp_path: Path
) -> None:
    final = brief.parent / "data" / "final.parquet"
    final.write_bytes(final.read_bytes() + b"\n")
    assert "not the file that the brief speaks of" in refused(heldout, brief, repository, tmp_path / "out")
    (brief.parent / "data" / "train.parquet").unlink()
    assert "cannot read train.parquet" in refused(heldout, brief, repository, tmp_path / "out")


def test_missing_labels_are_refused(heldout: Heldout, brief: Path, repository: Path, tmp_path: Path) -> None:
    (brief.parent / "answers" / "final.parquet").unlink()
    said = refused(heldout, brief, repository, tmp_path / "out")
    assert "answers.final" in said


def test_an_output_folder_that_cannot_be_used_is_refused(
    heldout: Heldout, brief: Path, repository: Path, tmp_path: Path
) -> None:
    if probe().level == 0:
        pytest.skip(f"no sandbox here: {probe().explanation}")
    (tmp_path / "file").write_text("")
    code, printed, said = heldout("eval", "grade", brief, repository, "--out", tmp_path / "file")
    assert (code, printed) == (2, "")
    assert "cannot write" in said
    journal = tmp_path / "out" / STATE / "journal.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text("nonsense\n")
    code, printed, said = heldout("eval", "grade", brief, repository, "--out", tmp_path / "out")
    assert (code, printed) == (2, "")
    assert "journal of this grading folder is damaged" in said


def test_a_submission_that_breaks_its_contract_is_refused(heldout: Heldout, brief: Path, tmp_path: Path) -> None:
    files = tiny.tree()
    without = {name: content for name, content in files.items() if name != "submission.toml"}
    repository = tiny.write_repository(tmp_path / "without", without)
    assert "has no submission.toml" in refused(heldout, brief, repository, tmp_path / "out")
    absent = {**files, "submission.toml": files["submission.toml"].replace('"train.py"', '"fit.py"')}
    repository = tiny.write_repository(tmp_path / "absent", absent)
    assert "train.command names fit.py, which does not exist" in refused(heldout, brief, repository, tmp_path / "out")
    (tmp_path / "plain").mkdir()
    assert "no git repository" in refused(heldout, brief, tmp_path / "plain", tmp_path / "out")


def test_a_program_that_is_nowhere_is_refused_once_the_environment_is_built(
    heldout: Heldout, brief: Path, tmp_path: Path
) -> None:
    if probe().level == 0:
        pytest.skip(f"no sandbox here: {probe().explanation}")
    files = tiny.tree()
    files["submission.toml"] = files["submission.toml"].replace('["python", "train.py"]', '["fit-all", "train.py"]')
    repository = tiny.write_repository(tmp_path / "nowhere", files)
    code, printed, said = heldout("eval", "grade", brief, repository, "--out", tmp_path / "out")
    assert (code, printed) == (2, "")
    assert "train.command names fit-all, which does not exist" in said
    assert not (tmp_path / "out" / "nowhere").exists()


def test_a_target_above_what_the_baseline_leaves_is_refused(
    heldout: Heldout, brief: Path, repository: Path, tmp_path: Path
) -> None:
    if probe().level == 0:
        pytest.skip(f"no sandbox here: {probe().explanation}")
    change(brief, "target = 0.05", "target = 0.999")
    code, printed, said = heldout("eval", "grade", brief, repository, "--out", tmp_path / "out")
    assert (code, printed) == (2, "")
    assert "cannot be reached: the baseline scores" in said


def test_a_grading_prints_the_card_and_exits_by_its_band(
    heldout: Heldout, brief: Path, repository: Path, tmp_path: Path
) -> None:
    if probe().level == 0:
        pytest.skip(f"no sandbox here: {probe().explanation}")
    code, printed, said = heldout("eval", "grade", brief, repository, "--out", tmp_path / "out", "--seed", 3)
    assert code == 0
    assert "target" in printed
    assert str(tmp_path / "out" / "careful" / "card.html") in printed.replace("\n", "")
    assert "careful: train, seed" in said
    code, printed, said = heldout("eval", "grade", brief, repository, "--out", tmp_path / "out", "--seed", 3, "--json")
    assert code == 0
    assert json.loads(printed) == json.loads((tmp_path / "out" / "careful" / "card.json").read_text())
    assert "train" not in said
    weak = tiny.write_repository(tmp_path / "weak", tiny.tree(column="group"))
    code, printed, _ = heldout("eval", "grade", brief, weak, "--out", tmp_path / "out", "--seed", 3, "--json")
    assert json.loads(printed)["decision"]["band"] in ("fail", "undecided")
    assert code == {"fail": 1, "undecided": 3}[json.loads(printed)["decision"]["band"]]


def test_check_says_what_is_in_order_and_what_to_know(
    heldout: Heldout, brief: Path, repository: Path, tmp_path: Path
) -> None:
    code, printed, _ = heldout("eval", "check", repository, "--brief", brief)
    assert code == 0
    assert "in order" in printed
    leaky = tiny.write_repository(tmp_path / "leaky", tiny.tree(features=("x", "after")))
    (leaky / "train.py").write_text("changed")
    code, printed, _ = heldout("eval", "check", leaky, "--brief", brief)
    assert code == 0
    assert "Not known at prediction time, says the brief: after" in printed
    assert "train.py has changes that are not in the commit" in printed


def test_check_reads_predictions_as_the_grader_does(
    heldout: Heldout, brief: Path, repository: Path, tmp_path: Path
) -> None:
    import pyarrow.parquet

    keys = pyarrow.parquet.read_table(brief.parent / "data" / "final.parquet").column("id").to_pylist()
    path = tmp_path / "predictions.csv"
    path.write_text("id,prediction\n" + "".join(f"{key},0.5\n" for key in keys))
    code, printed, _ = heldout("eval", "check", repository, "--brief", brief, "--predictions", path)
    assert code == 0
    assert f"{len(keys)} predictions for the final rows are in order" in printed
    assert "All predictions are the same number" in printed
    path.write_text(path.read_text().replace("0.5", "nan", 1))
    code, printed, said = heldout("eval", "check", repository, "--brief", brief, "--predictions", path)
    assert (code, printed) == (2, "")
    assert "'nan' is not a number" in said
    code, _, said = heldout("eval", "check", repository, "--brief", brief, "--predictions", path, "--rows", "feedback")
    assert code == 2
    assert "no feedback rows" in said


def test_eval_help_lists_the_commands_in_the_order_of_an_evals_life_each_with_a_whole_sentence() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "heldout", "eval", "--help"], capture_output=True, text=True, check=True
    )
    lines = [line.split(maxsplit=1) for line in said.stdout.partition("Commands:")[2].splitlines() if line]
    assert [what for _, what in lines if not what.endswith(".") or what.endswith("...")] == []
    names = [name for name, _ in lines]
    order = (
        "new",
        "trial",
        "notice",
        "open",
        "check",
        "submit",
        "grade",
        "invite",
        "lock",
        "decide",
        "card",
        "correct",
        "forget",
    )
    assert [names.index(name) for name in order] == sorted(names.index(name) for name in order)


def test_what_a_submission_wrote_reaches_the_terminal_on_one_line_without_escapes(
    heldout: Heldout, brief: Path, tmp_path: Path
) -> None:
    contract = tiny.tree()["submission.toml"]
    key = '"ev\\u001b[2Jil\\nheldout: all is well" = 1\n[train]'
    unknown = tiny.write_repository(
        tmp_path / "unknown", {**tiny.tree(), "submission.toml": contract.replace("[train]", key)}
    )
    code, _, said = heldout("eval", "check", unknown, "--brief", brief)
    assert code == 2
    assert "\x1b" not in said
    assert len(said.splitlines()) == 4
    noted = tiny.write_repository(
        tmp_path / "noted", {**tiny.tree(), "submission.toml": contract.replace('"x"', '"x\\u001b[2J\\nall is well"')}
    )
    code, printed, _ = heldout("eval", "check", noted, "--brief", brief)
    assert code == 0
    assert "\x1b" not in printed
    assert not [line for line in printed.splitlines() if line.startswith("all is well")]
