"""The notes for the talk after an eval, of a candidate in the record or of a card alone."""

from pathlib import Path

from heldout.app.eval_compare import is_eval
from heldout.app.eval_decisions import decisions_of
from heldout.app.eval_grade import card_of
from heldout.app.eval_talk import opened_candidate
from heldout.core.debrief import Debrief
from heldout.core.errors import BadInput
from heldout.evals.cards import read_cards
from heldout.report.debrief import debrief_of

__all__ = ["debrief_notes"]


def debrief_notes(path: Path, name: str | None = None) -> Debrief:
    """Return the notes on a candidate of the eval at `path`, or on the card there. Raises BadInput."""
    if not is_eval(path):
        if name is not None:
            raise BadInput(f"{path} is no eval", expected="an eval with a candidate's name, or a card alone")
        (card,) = read_cards([path])
        return debrief_of(card)
    if name is None:
        raise BadInput(
            "it is not said of whom", expected="a candidate's name", mend="heldout eval status EVAL names them"
        )
    workspace, record = opened_candidate(path, name)
    decided = decisions_of(workspace).get(name)
    return debrief_of(card_of(record), decided.levels if decided else None)
