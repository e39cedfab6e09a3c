"""The evidence of an audit on which columns give the label away, beyond what a profile shows."""

from collections.abc import Mapping

from heldout.app.asked import Asked
from heldout.app.audited import Audited
from heldout.tables.identities import identities_of
from heldout.tables.row_order_power import row_order_of
from heldout.tables.sampling import sample_of
from heldout.tables.schedules import schedules_of

__all__ = ["LEAKAGE_EVIDENCE", "leakage_evidence"]

LEAKAGE_EVIDENCE: frozenset[str] = frozenset({"identities", "row_order", "schedules"})
"""The names of the evidence that `leakage_evidence` can give."""


def leakage_evidence(audited: Audited, asked: Asked) -> Mapping[str, object]:
    """Return the evidence by the name under which checks ask for it; None where the input gives none."""
    sample = sample_of(audited.train, audited.label, seed=asked.seed)
    return {
        "identities": identities_of(audited.train, audited.label, sample=sample, seed=asked.seed),
        "row_order": row_order_of(audited.train, audited.label, sample=sample, seed=asked.seed),
        "schedules": schedules_of(audited.train, audited.label, sample=sample),
    }
