import pytest

from heldout.checks.split.copies_across_split import copies_across_split
from heldout.core.evidence import CopyOverlap
from heldout.core.finding import Ending
from heldout.engine import run


def asked(shared, rows, reference_shared, reference_rows):
    copies = CopyOverlap(
        with_label=True,
        test_rows=rows,
        shared_rows=shared,
        reference_rows=reference_rows,
        reference_shared=reference_shared,
        by_class={"no": shared},
        examples=(7,) if shared else (),
    )
    return run([copies_across_split], {"copies": copies})[0]


@pytest.mark.parametrize(
    ("counts", "ending"),
    [
        ((23, 16281, 25, 16281), Ending.CLEAR),
        ((1, 50, 1, 50), Ending.CAUTION),
        ((300, 1200, 310, 1200), Ending.CAUTION),
        ((9900, 24000, 10000, 24000), Ending.CAUTION),
        ((6000, 20000, 6000, 20000), Ending.CAUTION),
        ((120, 1000, 2, 1000), Ending.PROBLEM),
        ((1500, 3000, 600, 3000), Ending.PROBLEM),
        ((0, 100, 0, 100), Ending.CLEAR),
        ((0, 0, 0, 10), Ending.NOT_APPLICABLE),
    ],
    ids=[
        "an official split",
        "a single pair among few rows",
        "a random split of a table with duplicates",
        "a random split of a large one",
        "a discretised table",
        "test rows taken from train",
        "copies above a high chance level",
        "no copies",
        "no test rows",
    ],
)
def test_copies_are_a_problem_only_above_what_the_table_repeats_by_itself(counts, ending):
    assert asked(*counts).ending is ending


def test_a_table_that_repeats_itself_is_told_so_with_the_share_and_its_interval():
    finding = asked(300, 1200, 310, 1200)
    assert "repeats itself" in finding.answer.claim
    share = finding.answer.measures[0].estimate
    assert share.low < share.value == 0.25 < share.high
    assert share.n == 1200
