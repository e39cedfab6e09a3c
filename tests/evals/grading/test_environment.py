import base64
import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from tests.evals import tiny

from heldout.app.grade import STATE, grade_submission
from heldout.core.finding import Ending
from heldout.core.lift import Band
from heldout.evals.grading import environment
from heldout.sandbox import probe


@pytest.fixture(autouse=True)
def _sandbox() -> None:
    if probe().level == 0:
        pytest.skip(f"no sandbox here: {probe().explanation}")


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a wheel of a package `rounding`, which is all that the registry offers."""
    folder = tmp_path / "registry"
    folder.mkdir()
    path = folder / "rounding-1.0-py3-none-any.whl"
    content = {
        "rounding.py": "def off(x):\n    return round(x)\n",
        "rounding-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: rounding\nVersion: 1.0\n",
        "rounding-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "rounding-1.0.dist-info/entry_points.txt": "[console_scripts]\nfit = rounding:off\n",
    }
    record = "rounding-1.0.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(text)},{len(text)}" for name, text in content.items()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**content, record: "\n".join([*lines, f"{record},,", ""])}.items():
            archive.writestr(name, text)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return path


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    return tiny.write_eval(tmp_path / "eval", rows=400, days=60)


def using(lock: str) -> dict[str, str]:
    files = tiny.tree(before_train="import rounding, sys\nassert rounding.__file__.startswith('/env/')\n")
    return {**files, "requirements.lock": lock}


def test_a_lock_with_hashes_makes_the_environment_of_every_run(tmp_path: Path, brief: Path, wheel: Path) -> None:
    lock = f"rounding==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    repository = tiny.write_repository(tmp_path / "pinned", using(lock))
    card = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    assert card.reproducibility == "bitwise", card.decision.reasons
    assert next(finding.ending for finding in card.findings if finding.code == "REP002") is Ending.CLEAR
    built = list((tmp_path / "out" / STATE / "steps").glob("environment-*/env/bin/fit"))
    assert len(built) == 1
    assert built[0].read_text().startswith("#!/env/bin/python")


def test_requirements_without_hashes_are_resolved_once_and_found(tmp_path: Path, brief: Path, wheel: Path) -> None:
    repository = tiny.write_repository(tmp_path / "loose", using("rounding\n"))
    card = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    assert card.reproducibility == "bitwise", card.decision.reasons
    assert next(finding.ending for finding in card.findings if finding.code == "REP002") is Ending.PROBLEM
    lines = (tmp_path / "out" / STATE / "journal.jsonl").read_text().splitlines()
    resolved = [line for line in map(json.loads, lines) if line["event"] == "finished" and line["phase"] == "resolve"]
    assert len(resolved) == 1
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in resolved[0]["result"]["requirements"]
    wheel.unlink()
    again = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    assert again == card


def test_a_wheel_with_another_hash_fails_the_submission(tmp_path: Path, brief: Path, wheel: Path) -> None:
    repository = tiny.write_repository(tmp_path / "swapped", using(f"rounding==1.0 --hash=sha256:{'0' * 64}\n"))
    card = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    assert card.decision.band is Band.FAIL
    assert "hash" in card.decision.reasons[0].lower()
    assert card.runs == ()


def test_an_environment_that_breaks_its_limits_fails_the_submission(
    tmp_path: Path, brief: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "LIMITS", replace(environment.LIMITS, wall_seconds=0.001))
    repository = tiny.write_repository(tmp_path / "endless", using("rounding\n"))
    card = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    assert card.decision.band is Band.FAIL
    assert "wall time" in card.decision.reasons[0]


def test_a_wheel_that_lays_folders_over_programs_harms_nobody_but_itself(
    tmp_path: Path, brief: Path, wheel: Path
) -> None:
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("bin/python/over.py", "")
        archive.writestr("bin/python3", "#!/bin/sh\n")
    repository = tiny.write_repository(tmp_path / "over", using("rounding\n"))
    card = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    assert card.reproducibility == "bitwise", card.decision.reasons
