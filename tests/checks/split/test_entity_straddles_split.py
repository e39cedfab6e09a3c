import pytest

from heldout.checks.split.entity_straddles_split import entity_straddles_split
from heldout.core.evidence import EntityOverlap
from heldout.core.finding import Certainty, Ending
from heldout.engine import run


def asked(shared_rows, shared_entities, test_rows=1000):
    overlap = EntityOverlap(
        column="patient",
        test_rows=test_rows,
        shared_rows=shared_rows,
        test_entities=50,
        shared_entities=shared_entities,
        examples=("p1", "p2")[:shared_entities],
    )
    return run([entity_straddles_split], {"entity_overlap": overlap})[0]


@pytest.mark.parametrize(
    ("rows", "entities", "ending"),
    [(0, 0, Ending.CLEAR), (5, 1, Ending.CAUTION), (6, 1, Ending.PROBLEM), (1000, 50, Ending.PROBLEM)],
)
def test_the_ending_follows_the_share_of_rows_with_a_known_entity(rows, entities, ending):
    assert asked(rows, entities).ending is ending


def test_shared_entities_are_a_counted_fact_with_examples():
    finding = asked(600, 30)
    assert finding.certainty is Certainty.PROVEN
    assert "600 of 1,000" in finding.answer.claim
    assert "p1, p2" in finding.answer.witnesses[0].note


def test_no_test_row_with_a_key_is_no_pass():
    assert asked(0, 0, test_rows=0).ending is Ending.NOT_APPLICABLE
