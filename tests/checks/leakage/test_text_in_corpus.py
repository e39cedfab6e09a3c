import pytest

from heldout.checks.leakage.text_in_corpus import text_in_corpus
from heldout.core.finding import Certainty, Ending
from heldout.core.runs_evidence import CorpusOverlap
from heldout.engine import run


def asked(verbatim, shared, reference=2, items=1000, reference_verbatim=0):
    overlap = CorpusOverlap(
        columns=("prompt",),
        corpus=("crawl.jsonl",),
        corpus_words=10**6,
        items=items,
        too_short=3,
        shared=shared,
        verbatim=verbatim,
        reference_shared=reference,
        reference_verbatim=reference_verbatim,
        examples=(4, 8)[:verbatim],
    )
    return run([text_in_corpus], {"corpus_overlap": overlap})[0]


@pytest.mark.parametrize(
    ("counts", "ending", "certainty"),
    [
        ((60, 63), Ending.PROBLEM, Certainty.PROVEN),
        ((0, 63), Ending.PROBLEM, Certainty.SUSPECT),
        ((0, 63, 60), Ending.CAUTION, None),
        ((1, 2), Ending.CAUTION, None),
        ((60, 63, 60, 1000, 60), Ending.CAUTION, None),
        ((0, 2), Ending.CLEAR, None),
        ((0, 0, 0, 0), Ending.NOT_APPLICABLE, None),
    ],
    ids=["copies", "quotes", "quotes as among the texts", "one copy", "copies as among the texts", "chance", "no text"],
)
def test_copies_are_proven_and_shared_runs_a_question_above_the_chance_level(counts, ending, certainty):
    finding = asked(*counts)
    assert (finding.ending, finding.certainty) == (ending, certainty)


def test_rows_that_were_copied_are_named():
    assert asked(60, 60).answer.witnesses[0].where == "4, 8"
