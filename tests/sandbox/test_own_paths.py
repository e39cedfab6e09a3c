"""A person's own job at level 0 finds its paths through its environment, and what it wrote is collected."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from heldout.core.errors import Cause, InfrastructureFailure
from heldout.sandbox import OWN_CODE, Isolation, Job, Limits, run

LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_mb=512)
COPIES = """
import os, pathlib
text = (pathlib.Path(os.environ["HELDOUT_DATA"]) / "table.txt").read_text()
(pathlib.Path(os.environ["HELDOUT_OUT"]) / "copy.txt").write_text(text + os.getcwd())
os.symlink("/etc/hostname", pathlib.Path(os.environ["HELDOUT_OUT"]) / "link")
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "table.txt").write_text("rows")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "program.py").write_text(COPIES)
    return Job(
        command=("python3", "program.py"),
        limits=LIMITS,
        read_only={"/work": tmp_path / "tree", "/data/table.txt": tmp_path / "table.txt"},
        writable={"/out": tmp_path / "out"},
        environment={"HELDOUT_DATA": "/data", "HELDOUT_OUT": "/out", "PATH": os.defpath},
        directory="/work",
    )


def test_a_program_that_goes_by_its_variables_runs_as_in_the_sandbox(job: Job, tmp_path: Path) -> None:
    outcome = run(job, isolation=OWN_CODE)
    assert outcome.succeeded, outcome.stderr
    written = (tmp_path / "out" / "copy.txt").read_text()
    assert written.startswith("rows")
    assert Path(written.removeprefix("rows")) == (tmp_path / "tree").resolve()


def test_a_link_that_it_leaves_is_not_followed(job: Job, tmp_path: Path) -> None:
    outcome = run(job, isolation=OWN_CODE)
    assert not (tmp_path / "out" / "link").is_symlink()
    assert [path for path, _ in outcome.refused] == ["/out/link"]


def test_a_program_that_fails_is_its_writers_failure(job: Job) -> None:
    outcome = run(replace(job, command=("python3", "-c", "raise SystemExit(3)")), isolation=OWN_CODE)
    assert (outcome.reason, outcome.cause) == ("exit code 3", Cause.CANDIDATE)


def test_level_0_is_refused_to_who_does_not_say_whose_code_it_is(job: Job) -> None:
    with pytest.raises(InfrastructureFailure, match="not run without isolation"):
        run(job, isolation=Isolation(level=0, explanation="None works."))
