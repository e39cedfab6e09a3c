"""A submission's drift detector is run on days with drift of a known size and on clean ones, and counted."""

import numpy as np
import pyarrow as pa
import pytest
from tests.evals import tiny
from tests.evals.conftest import Grader

from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.finding import Answer, Ending
from heldout.evals.grading import drift_reader
from heldout.evals.grading.drift_days import EPISODE_DAYS, EPISODES, days_of

DETECTOR = """
import json, os
import plain_parquet

def means(path):
    table = plain_parquet.read(path)
    return {name: (sum(values) / len(values), len(values), values) for name, values in table.items()}

reference = means("/data/reference.parquet")
spread = {}
for name, (mean, count, values) in reference.items():
    spread[name] = (sum((value - mean) ** 2 for value in values) / count) ** 0.5 or 1.0
with open("/out/drift.jsonl", "w") as file:
    for name in sorted(os.listdir("/data/days")):
        try:
            day = means("/data/days/" + name)
            score = max(abs(day[c][0] - reference[c][0]) / spread[c] * day[c][1] ** 0.5 for c in reference)
        except Exception:  # values are missing that never were
            score = 99.0
        line = {"day": name.removesuffix(".parquet"), "alarm": LIMIT, "score": score, "columns": []}
        file.write(json.dumps(line) + chr(10))
"""


def with_detector(limit: str, code: str = DETECTOR) -> dict[str, str]:
    files = tiny.tree()
    files["submission.toml"] += '[drift]\ncommand = ["python", "drift.py"]\n'
    return files | {"drift.py": code.replace("LIMIT", limit)}


def answer(card: Card) -> Answer:
    return next(finding.answer for finding in card.findings if finding.code == "MON009")


def test_a_detector_that_finds_drift_and_is_else_silent_is_told_with_its_figures(grade: Grader) -> None:
    found = answer(grade(with_detector("score > 4.5"), "watchful").card)
    assert found.ending in (Ending.CLEAR, Ending.CAUTION), found.claim
    assert "days without drift that ring: 0 of 60" in found.claim
    assert any(
        "2 SD: 16 of 16 episodes found" in f"{one.where.removeprefix('days moved by ')}: {one.note}"
        for one in found.witnesses
    )


def test_a_detector_that_rings_every_day_is_a_problem(grade: Grader) -> None:
    found = answer(grade(with_detector("score > 0"), "shrill").card)
    assert found.ending is Ending.PROBLEM
    assert "60 of 60" in found.claim


def test_a_detector_that_never_rings_is_a_problem(grade: Grader) -> None:
    found = answer(grade(with_detector("False"), "deaf").card)
    assert found.ending is Ending.PROBLEM
    assert "in 0 of 16 episodes" in found.claim


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("stops", "raise SystemExit(3)", "exit code 3"),
        ("large", "open('/out/drift.jsonl', 'w').write('x' * 50_000_000)", "bytes"),
        ("linked", "import os; os.symlink('/etc/passwd', '/out/drift.jsonl')", "wrote no"),
    ],
)
def test_a_detector_that_gives_no_answer_is_told_why_and_the_card_is_there(
    grade: Grader, name: str, code: str, says: str
) -> None:
    graded = grade(with_detector("", code), f"drift-{name}")
    found = answer(graded.card)
    assert found.ending is Ending.PROBLEM
    assert says in found.claim
    assert graded.card.lift is not None


def test_where_nobody_asks_for_a_detector_the_question_does_not_arise(grade: Grader) -> None:
    assert answer(grade(tiny.tree(), "careful").card).ending is Ending.NOT_APPLICABLE


def test_a_drift_command_that_does_not_exist_is_refused_like_any_other(grade: Grader) -> None:
    files = with_detector("False")
    del files["drift.py"]
    with pytest.raises(BadInput, match=r"drift\.command names drift\.py"):
        grade(files, "lacking")


def table(rows: int = 4000) -> tuple[pa.Table, pa.ChunkedArray]:
    rng = np.random.default_rng(0)
    columns = {
        "x": rng.normal(5, 2, rows),
        "n": rng.integers(0, 1000, rows),
        "kind": rng.choice(["a", "b", "c"], rows, p=[0.6, 0.3, 0.1]),
    }
    return pa.table(columns), pa.chunked_array([pa.array(np.sort(rng.integers(0, 80, rows)))])


def test_a_shift_moves_a_column_by_as_much_as_it_says_and_leaves_the_others() -> None:
    features, time = table()
    days = days_of(features, time, clean_days=20, smallest=0.5, seed=1)
    assert len(days.days) == 20 + 4 * EPISODES * EPISODE_DAYS
    moved = [day.table for day in days.days if day.kind == "shift" and day.size == 4.0]
    far = [max(abs(np.mean(day["x"]) - 5) / 2, abs(np.mean(day["n"]) - 500) / 288.7) for day in moved]
    assert np.mean(far) == pytest.approx(4.0, abs=0.2)
    clean = [day.table for day in days.days if day.kind == "none"]
    assert all(abs(np.mean(day["x"]) - 5) < 2 for day in clean)
    assert days.reference.num_columns == 3


def test_categories_and_missing_values_move_the_same_probability_as_a_shift() -> None:
    features, time = table()
    days = days_of(features, time, clean_days=1, smallest=0.5, seed=1)
    missing = [day.table for day in days.days if day.kind == "missing" and day.size == 1.0]
    share = np.mean([max(column.null_count for column in day.columns) / day.num_rows for day in missing])
    assert share == pytest.approx(0.383, abs=0.05)
    mixed = [day.table["kind"].to_pylist() for day in days.days if day.kind == "categories" and day.size == 1.0]
    expected = np.array([0.6, 0.3, 0.1])
    moved = [0.5 * np.abs([day.count(one) / len(day) for one in "abc"] - expected).sum() for day in mixed]
    assert np.mean(moved) == pytest.approx(0.383, abs=0.08)


def test_rows_without_a_time_are_dealt_into_days_and_the_same_seed_gives_the_same_days() -> None:
    features, _ = table()
    first, again = (days_of(features, None, clean_days=5, smallest=0.5, seed=3) for _ in range(2))
    assert [day.table for day in first.days] == [day.table for day in again.days]


def test_a_table_of_which_no_days_can_be_made_is_refused() -> None:
    features, _ = table(100)
    with pytest.raises(BadInput, match="days"):
        days_of(features, None, clean_days=5, smallest=0.5, seed=3)


@pytest.mark.parametrize(
    "line",
    [
        '{"day": "a", "alarm": 1}',
        '{"day": 1}',
        "[" * 19_000,
        "x" * 50_000,
        '{"day": "a", "alarm": true, "score": "x"}',
        '{"day": "a", "alarm": true, "columns": [1]}',
        '{"day": "a", "alarm": true, "who": 1}',
        '{"day": "b", "alarm": true}',
        '{"day": "a", "alarm": true}\n{"day": "a", "alarm": true}',
        "",
        "[1]",
    ],
)
def test_answers_that_break_the_contract_are_refused(line: str, tmp_path) -> None:
    path = tmp_path / "drift.jsonl"
    path.write_text(line)
    with pytest.raises(BadInput):
        drift_reader.answer({"answers": str(path), "days": ["a"]})


def test_answers_of_the_contract_are_read(tmp_path) -> None:
    path = tmp_path / "drift.jsonl"
    path.write_text('{"day": "a", "alarm": true, "score": 1.5, "columns": ["x"]}\n\n{"day": "b", "alarm": false}\n')
    assert drift_reader.answer({"answers": str(path), "days": ["b", "a"]}) == {"alarms": {"a": True, "b": False}}
