"""The lines of a card that a candidate may reply to."""

from heldout.app.eval_grade import card_of, has_card
from heldout.core.finding import Ending
from heldout.evals.record.workspace import CandidateRecord
from heldout.report.reading import findings_in_order
from heldout.report.text import cut

__all__ = ["lines_of"]

LONGEST = 90
"""Characters of a line in the list."""

OTHERS = (("band", "the band and its reasons"), ("lift", "the lift"), ("score", "the supported score"))
"""Lines that are no finding. A reply to them is read; grading again is what moves them."""


def lines_of(record: CandidateRecord) -> list[tuple[str, str]]:
    """Return (name, what a list shows) of each line: findings with problems first, then what the findings rest on."""
    if not has_card(record):
        return []
    found = [
        (finding.code, f"{finding.code} ({ending.value.replace('_', ' ')}): {cut(finding.answer.claim, LONGEST)}")
        for ending, findings in findings_in_order(card_of(record).findings).items()
        if ending is not Ending.NO_EVIDENCE
        for finding in findings
    ]
    return [*found, *OTHERS]
