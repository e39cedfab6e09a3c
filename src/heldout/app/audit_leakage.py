"""The evidence of an audit on which columns give the label away, beyond what a profile shows."""

from collections.abc import Mapping

from heldout.app.asked import Asked
from heldout.app.audited import Audited

__all__ = ["LEAKAGE_EVIDENCE", "leakage_evidence"]

LEAKAGE_EVIDENCE: frozenset[str] = frozenset()
"""The names of the evidence that `leakage_evidence` can give."""


def leakage_evidence(audited: Audited, asked: Asked) -> Mapping[str, object]:
    """Return the evidence by the name under which checks ask for it; None where the input gives none."""
    return {}
