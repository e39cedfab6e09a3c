import pytest

from heldout.checks.leakage.known_after_prediction import known_after_prediction
from heldout.core.finding import Certainty, Ending
from heldout.core.runs_evidence import EventColumn, EventTimes
from heldout.engine import run


def asked(later=100, kind="event", rows=1000):
    column = EventColumn(
        column="closed_at", kind=kind, why="so", rows=rows, later=later, delay="2 days", examples=(3, 5)[:later]
    )
    return run([known_after_prediction], {"event_times": EventTimes(time="asked_at", columns=(column,))})[0]


@pytest.mark.parametrize(
    ("later", "kind", "ending"),
    [
        (0, "event", Ending.CLEAR),
        (5, "event", Ending.CAUTION),
        (6, "event", Ending.PROBLEM),
        (1000, "plan", Ending.CAUTION),
        (1000, "offset", Ending.CAUTION),
        (500, "date", Ending.PROBLEM),
    ],
)
def test_recorded_events_after_the_prediction_are_a_problem_and_plans_are_not(later, kind, ending):
    assert asked(later, kind).ending is ending


def test_an_event_is_proven_and_a_date_that_may_be_planned_is_a_question():
    assert asked(kind="event").certainty is Certainty.PROVEN
    assert asked(kind="date").certainty is Certainty.SUSPECT
    assert asked().answer.mend.columns == ("closed_at",)
    assert "rows 3, 5" in asked().answer.witnesses[0].note


def test_columns_without_values_give_no_pass():
    assert asked(later=0, rows=0).ending is Ending.NOT_APPLICABLE
