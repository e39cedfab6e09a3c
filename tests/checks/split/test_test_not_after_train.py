from dataclasses import replace

import pytest

from heldout.checks.split.test_not_after_train import test_not_after_train as not_after_train
from heldout.core.evidence import TimeOrder
from heldout.core.finding import Ending
from heldout.engine import run

FORWARD = TimeOrder(
    column="day",
    train_first="2013-01-01",
    train_last="2013-09-30",
    test_first="2013-10-01",
    test_last="2013-12-31",
    test_rows=1000,
    not_after=0,
)


@pytest.mark.parametrize(
    ("changes", "ending"),
    [
        ({}, Ending.CLEAR),
        ({"not_after": 700, "test_first": "2013-01-01"}, Ending.PROBLEM),
        ({"not_after": 4, "test_first": "2013-09-29"}, Ending.CAUTION),
        ({"not_after": 300, "test_first": "2013-09-30"}, Ending.CAUTION),
        ({"test_rows": 0}, Ending.NOT_APPLICABLE),
    ],
    ids=["forward", "random", "stragglers", "the last train day", "no test rows"],
)
def test_the_ending_follows_the_rows_that_are_not_after_train(changes, ending):
    (finding,) = run([not_after_train], {"time_order": replace(FORWARD, **changes)})
    assert finding.ending is ending


def test_it_says_how_many_rows_and_which_dates():
    (finding,) = run([not_after_train], {"time_order": replace(FORWARD, not_after=700, test_first="2013-01-01")})
    assert "700 of 1,000" in finding.answer.claim
    assert "2013-09-30" in finding.answer.claim
