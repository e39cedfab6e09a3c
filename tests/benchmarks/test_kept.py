"""Results of long benchmarks are kept, so that a run that was ended goes on."""

import json
from functools import partial

import pytest
from benchmarks.worlds.kept import results_of

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
