from dataclasses import replace

import pytest

from heldout.checks.leakage.neighbour_carries_label import neighbour_carries_label
from heldout.core.finding import Certainty, Ending
from heldout.core.mend import MendKind
from heldout.core.runs_evidence import NeighbourMatch, Neighbours
from heldout.engine import run

AHEAD = NeighbourMatch(
    column="state", holds="the label of the next row", reach="ahead", telling=900, equal=900, chance=0.5
)


def asked(match=AHEAD, *, is_declared=True, horizon=""):
    evidence = Neighbours(
        label="y",
        order="ts",
        is_declared=is_declared,
        horizon=horizon,
        rows=2000,
        examined=40,
        matches=() if match is None else (match,),
    )
    return run([neighbour_carries_label], {"neighbours": evidence})[0]


@pytest.mark.parametrize(
    ("changes", "is_declared", "certainty"),
    [
        ({}, True, Certainty.PROVEN),
        ({"equal": 890}, True, Certainty.STRONG),
        ({}, False, Certainty.SUSPECT),
        ({"reach": "own"}, False, Certainty.PROVEN),
        ({"reach": "behind", "dated": 900, "late": 900}, True, Certainty.PROVEN),
    ],
    ids=["later label", "later label on most rows", "no order declared", "window with its own row", "not known yet"],
)
def test_how_sure_a_problem_is_follows_from_reach_agreement_and_order(changes, is_declared, certainty):
    finding = asked(replace(AHEAD, **changes), is_declared=is_declared, horizon="7d")
    assert finding.certainty is certainty
    assert finding.answer.mend.kind is MendKind.DROP_COLUMNS
    assert finding.answer.mend.columns == ("state",)


@pytest.mark.parametrize(
    ("changes", "ending"),
    [
        ({"reach": "behind"}, Ending.CAUTION),
        ({"reach": "behind", "dated": 900, "late": 4}, Ending.CLEAR),
        ({"telling": 40, "equal": 40}, Ending.CAUTION),
        ({"equal": 700}, Ending.CLEAR),
        ({"chance": 1.0}, Ending.CLEAR),
    ],
    ids=["a lag without horizon", "a lag known in time", "few rows", "agrees by far too little", "the calendar knows"],
)
def test_what_may_be_legitimate_is_no_problem(changes, ending):
    assert asked(replace(AHEAD, **changes)).ending is ending


def test_no_match_is_clear_and_says_by_what_order():
    finding = asked(None)
    assert finding.ending is Ending.CLEAR
    assert "by ts" in finding.answer.claim
