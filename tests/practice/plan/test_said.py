"""The plan in words: one page, a row for each day, a row for each item."""

import datetime as dt

from tests.practice.plan.test_calendar_file import unfolded
from tests.practice.plan.test_fortnight import START, attempt, lived, planned

from heldout.practice.plan.calendar_file import as_calendar
from heldout.practice.plan.said import HEADINGS, as_markdown, as_rows


def test_a_plan_is_one_page():
    for hours in (0.5, 6.0):
        lines = as_markdown(planned(hours=hours)).splitlines()
        assert len(lines) <= 45
        assert sum(line.startswith("| ") for line in lines) == 14 + 10 + 2
        assert all(line.count("|") in {0, 4, 6} for line in lines)


def test_a_row_tells_today_what_was_done_what_was_missed_and_rest():
    seen, _, _ = lived(missed=(2,), until=8)
    rows = as_rows(seen[-1])
    assert {len(row) for row in rows} == {len(HEADINGS)}
    assert rows[0][3].startswith("done: ")
    assert rows[1][3] == "missed"
    assert rows[5][3] == "rest"
    assert rows[7][0] == "8 ←"
    assert "mock" in rows[7][3]


def test_a_day_of_rest_on_which_work_was_done_says_so():
    rest = START + dt.timedelta(days=5)
    found = planned(attempts=[attempt("metric/kind-0", rest)], today=rest + dt.timedelta(days=1))
    assert as_rows(found)[5][3] == "done: 1 metric"


def test_neither_page_nor_calendar_names_a_kind_which_would_give_the_fault_away():
    found = planned(hours=3.0)
    kinds = {block.item.kind for day in found.days for block in day.blocks if block.item.kind}
    assert len(kinds) > 5
    said = as_markdown(found) + "".join(unfolded(as_calendar(found)))
    assert not [kind for kind in kinds if kind.partition("/")[2] in said]
    assert "metric\\, speed (new fault" in said
