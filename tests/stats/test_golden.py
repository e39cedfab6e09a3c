import json
from pathlib import Path

import pytest
from tests.golden import check, main

FILE = Path(__file__).parent.parent / "golden" / "golden.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))
SELECTIVE = next(case for case in CASES if case["area"] == "selective")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_worked_case_comes_out_as_published(case):
    outcome = check(case, FILE.parent)
    assert outcome.compared, "no function answers this case"
    assert not outcome.wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_compared_value_can_fail(case):
    spoiled = json.loads(json.dumps(case))
    compared = check(case, FILE.parent).compared
    for key in compared:
        spoiled["expected"][key] = _moved(spoiled["expected"][key])
    outcome = check(spoiled, FILE.parent)
    assert {sentence.split(":")[0] for sentence in outcome.wrong} == set(compared)
    assert outcome.status == "failed"


def _moved(wanted):
    if isinstance(wanted, dict):
        return {key: _moved(value) for key, value in wanted.items()}
    return [_moved(value) for value in wanted] if isinstance(wanted, list) else wanted + 1


def test_the_runner_counts_passed_failed_and_out_of_scope(tmp_path, capsys):
    good, bad = SELECTIVE, json.loads(json.dumps(SELECTIVE)) | {"id": "spoiled"}
    bad["expected"]["upper"] = 0.5
    foreign = good | {"id": "foreign", "method": "a method that nobody has"}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([good, bad, foreign]), encoding="utf-8")
    assert main([str(file)]) == 1
    out = capsys.readouterr().out
    assert "1 passed, 1 failed, 1 out of scope" in out
    assert "failed       spoiled" in out


def test_a_case_that_heldout_refuses_is_a_failed_case(tmp_path):
    refused = SELECTIVE | {"input": {"errors": 9, "n": 2, "delta": 0.05}}
    assert check(refused, tmp_path).status == "failed"
