"""The evidence of an audit on time, texts and runs of an estimator."""

from collections.abc import Mapping

from heldout.app.asked import Asked
from heldout.app.audited import Audited

__all__ = ["RUNS_EVIDENCE", "runs_evidence"]

RUNS_EVIDENCE: frozenset[str] = frozenset()
"""The names of the evidence that `runs_evidence` can give."""


def runs_evidence(audited: Audited, asked: Asked) -> Mapping[str, object]:
    """Return the evidence by the name under which checks ask for it; None where the input gives none."""
    return {}
