import pytest

from heldout.checks.leakage.shuffled_label_scores import shuffled_label_scores
from heldout.core.finding import Certainty, Ending
from heldout.core.runs_evidence import ShuffledRuns
from heldout.engine import run

CHANCE = (0.51, 0.48, 0.5, 0.5, 0.52, 0.49)
KNOWS = (1.0,) * 6


def asked(scores, jittered, failed=""):
    runs = ShuffledRuns(metric="AUC", chance=0.5, test_rows=300, scores=scores, jittered=jittered, failed=failed)
    return run([shuffled_label_scores], {"shuffled_runs": runs})[0]


@pytest.mark.parametrize(
    ("scores", "jittered", "ending", "certainty"),
    [
        (KNOWS, CHANCE, Ending.PROBLEM, Certainty.STRONG),
        (KNOWS, KNOWS, Ending.PROBLEM, Certainty.SUSPECT),
        (CHANCE, CHANCE, Ending.CLEAR, None),
        ((0.1, 0.9, 0.8, 0.3, 0.6, 0.7), CHANCE, Ending.CAUTION, None),
        ((), (), Ending.NOT_APPLICABLE, None),
    ],
    ids=["a look-up", "a rule", "an honest one", "too few fits", "not fitted"],
)
def test_only_what_knows_the_rows_themselves_is_strong(scores, jittered, ending, certainty):
    finding = asked(scores, jittered, "ValueError: no")
    assert (finding.ending, finding.certainty) == (ending, certainty)
