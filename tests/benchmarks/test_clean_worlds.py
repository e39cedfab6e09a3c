"""What the report on the clean worlds says of results whose truth is known, and how an audit of one is told."""

import pytest
from benchmarks.clean_worlds import report_of
from benchmarks.worlds.cells import CELLS, PLANNED, audited

ALARM = {"code": "LEK999", "certainty": "strong", "columns": ["x"], "claim": "x tells the label."}


def results(alarmed=lambda cell, number: False, cells=CELLS):
    return [
        {
            "job": f"{cell.name}, number {number}",
            "cell": cell.name,
            "kind": "iris" if number % 2 else "ties",
            "is_real": bool(number % 2),
            "auc": 0.9,
            "audit_cpu": 0.1,
            "alarms": [ALARM] if alarmed(cell, number) else [],
            "suspects": [ALARM] if number == 0 else [],
            "cautions": [],
        }
        for cell in cells
        for number in range(PLANNED[cell.rows, cell.columns])
    ]


def test_silence_over_all_planned_worlds_keeps_the_promise(tmp_path):
    report = report_of(results(), tmp_path)
    assert report.startswith("- 0 of 1,170 audits of clean worlds, 585 of them of real tables")
    assert "at most 0.26%" in report
    assert "certainly above it: kept." in report
    assert "did not allow: none" in report
    assert "Audits with a suspect: 2.3%; with a caution: 0.0%." in report
    assert "| LEK999 | 2.3% | 0.0% |" in report
    assert "<svg" in (tmp_path / "false-alarms.svg").read_text()


def test_a_cell_that_was_not_run_is_named(tmp_path):
    report = report_of(results(cells=CELLS[:-1]), tmp_path)
    assert "did not allow: 500,000 × 400 at 0.01." in report
    assert "not run" in (tmp_path / "false-alarms.svg").read_text()


def test_too_few_worlds_keep_no_promise(tmp_path):
    assert "**not kept**" in report_of(results(cells=CELLS[:9]), tmp_path)


def test_a_cell_that_is_certainly_too_high_is_named_though_the_pooled_rate_is_low(tmp_path):
    report = report_of(results(lambda cell, number: cell == CELLS[0] and number < 5), tmp_path)
    assert "**not kept**" in report
    assert "over 27 cells): 500 × 10 at 0.5." in report
    assert "| ties | invented | 585 | 3 | LEK999 × 3 |" in report
    assert "500 × 10 at 0.5, number 0 (ties): LEK999 strong: x tells the label." in report


@pytest.mark.parametrize("number", [0, 1])
def test_an_audit_of_a_world_tells_its_kind_its_cost_and_what_was_found(number):
    told = audited((500, 10, 0.5, number))
    assert told["cell"] == "500 × 10 at 0.5"
    assert told["is_real"] is bool(number)
    assert told["crashed"] == told["alarms"] == []
    assert {"kind", "auc", "suspects", "cautions", "draw_cpu", "audit_cpu"} <= told.keys()
    assert not {"raised", "refused"} & told.keys()
