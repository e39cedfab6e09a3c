"""The evidence of an audit on how the rows were split."""

from collections.abc import Mapping

from heldout.app.asked import Asked
from heldout.app.audited import Audited

__all__ = ["SPLIT_EVIDENCE", "split_evidence"]

SPLIT_EVIDENCE: frozenset[str] = frozenset()
"""The names of the evidence that `split_evidence` can give."""


def split_evidence(audited: Audited, asked: Asked) -> Mapping[str, object]:
    """Return the evidence by the name under which checks ask for it; None where the input gives none."""
    return {}
