import pytest

from heldout.checks.leakage.batch_changes_predictions import batch_changes_predictions
from heldout.core.finding import Ending
from heldout.core.runs_evidence import BatchRun
from heldout.engine import run


@pytest.mark.parametrize(
    ("rows", "changed", "repeated", "ending"),
    [
        (100, 0, 0, Ending.CLEAR),
        (100, 1, 0, Ending.PROBLEM),
        (100, 100, 100, Ending.CAUTION),
        (0, 0, 0, Ending.NOT_APPLICABLE),
    ],
    ids=["row by row", "by the batch", "by chance", "not fitted"],
)
def test_a_prediction_that_hangs_on_its_batch_is_a_problem(rows, changed, repeated, ending):
    evidence = BatchRun(rows=rows, changed=changed, repeated=repeated, largest=0.5, spread=1.0)
    assert run([batch_changes_predictions], {"batch_run": evidence})[0].ending is ending
