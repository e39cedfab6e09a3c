from heldout.checks.leakage.unavailable_at_prediction import unavailable_at_prediction
from heldout.core.evidence import Availability
from heldout.core.finding import Certainty, Ending
from heldout.engine import run


def asked(used, known=("carrier", "hour")):
    availability = Availability(known=frozenset(known), used=tuple(used), said_by="cols.txt")
    return run([unavailable_at_prediction], {"availability": availability})


def test_each_column_that_is_not_known_has_its_own_proven_finding():
    findings = asked(["hour", "dep_delay", "arr_time", "dep_delay"])
    assert [finding.answer.witnesses[0].where for finding in findings] == ["arr_time", "dep_delay"]
    assert {finding.certainty for finding in findings} == {Certainty.PROVEN}
    assert all("cols.txt" in finding.answer.claim for finding in findings)


def test_known_columns_are_clear():
    assert [finding.ending for finding in asked(["hour", "carrier"])] == [Ending.CLEAR]


def test_a_model_without_columns_raises_no_question():
    assert [finding.ending for finding in asked([])] == [Ending.NOT_APPLICABLE]
