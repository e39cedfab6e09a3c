"""Results of long benchmarks are kept, so that a run that was ended goes on."""

import json
from functools import partial

import pytest
from benchmarks.worlds import state
from benchmarks.worlds.kept import results_of
from benchmarks.worlds.state import reached, state_of

JOBS = [(f"job {i}", "small", {"given": i}) for i in range(4)]


def kept(folder):
    (file,) = folder.glob("some-*.jsonl")
    return file


@pytest.fixture
def run(tmp_path):
    return partial(results_of, name="some", of=["benchmarks.worlds.kept"], folder=tmp_path)


def test_every_job_is_done_and_kept(run, tmp_path):
    results = run(JOBS, dict, minutes=5)
    assert {name: result["given"] for name, result in results.items()} == {f"job {i}": i for i in range(4)}
    lines = [json.loads(line) for line in kept(tmp_path).read_text().splitlines()]
    assert {line["job"]: line for line in lines} == results


def test_a_later_run_does_what_is_left_and_forgets_a_line_that_was_cut(run, tmp_path):
    run(JOBS[:2], dict, minutes=5)
    before = kept(tmp_path).read_text()
    kept(tmp_path).write_text(before + '{"job": "job 2", "giv')
    results = run(JOBS, dict, minutes=5)
    assert sorted(results) == [f"job {i}" for i in range(4)]
    assert kept(tmp_path).read_text().startswith(before)
    assert len(kept(tmp_path).read_text().splitlines()) == 4


def test_without_time_nothing_is_begun_and_what_was_kept_is_told(run):
    done = run(JOBS[:1], dict, minutes=5)
    assert run(JOBS, dict, minutes=0) == done


def test_only_code_that_does_something_else_is_another_state(tmp_path, monkeypatch):
    monkeypatch.setattr(state, "ROOT", tmp_path)
    monkeypatch.setattr(state, "PLACES", {"heldout": tmp_path})
    one, other = tmp_path / "heldout" / "one.py", tmp_path / "heldout" / "other.py"
    one.parent.mkdir()
    one.write_text('"""Says one."""\n\nfrom heldout.other import x\n')
    other.write_text("x = 1\n")
    before = state_of(["heldout.one"])
    one.write_text('"""Says more."""\n\n# a comment\nfrom heldout.other import x\n')
    (tmp_path / "heldout" / "apart.py").write_text("y = 1\n")
    assert state_of(["heldout.one"]) == before
    other.write_text("x = 2\n")
    assert state_of(["heldout.one"]) != before


def test_the_state_of_an_audit_reaches_every_check_and_no_page():
    files = {path.name for path in reached(["heldout.app.audit", "heldout.checks"])}
    assert {"near_copy.py", "covariate_shift.py", "pure_masses.py", "hashing.py"} <= files
    assert not {"terminal.py", "main.py"} & files
