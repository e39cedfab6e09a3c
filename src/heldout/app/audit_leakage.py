"""The evidence of an audit on which columns give the label away, beyond what a profile shows."""

from collections.abc import Callable, Iterable, Mapping

from heldout.app.asked import Asked
from heldout.app.audited import Audited
from heldout.core.leakage_evidence import Identities, RowOrder, Schedules
from heldout.tables.identities import identities_of
from heldout.tables.row_order_power import row_order_of
from heldout.tables.schedules import schedules_of

__all__ = ["LEAKAGE_EVIDENCE", "leakage_evidence"]


def leakage_evidence(audited: Audited, asked: Asked, names: Iterable[str] | None = None) -> Mapping[str, object]:
    """Return the evidence by the name under which checks ask for it; None where the input gives none.

    `names` are those to make, all of them for None.
    """
    return {name: MAKERS[name](audited, asked) for name in (MAKERS if names is None else names)}


def _identities(audited: Audited, asked: Asked) -> Identities:
    return identities_of(audited.train, audited.label, sample=audited.sample, seed=asked.seed)


def _row_order(audited: Audited, asked: Asked) -> RowOrder:
    return row_order_of(audited.train, audited.label, sample=audited.sample, seed=asked.seed)


def _schedules(audited: Audited, _: Asked) -> Schedules:
    return schedules_of(audited.train, audited.label, sample=audited.sample)


MAKERS: Mapping[str, Callable[[Audited, Asked], object]] = {
    "identities": _identities,
    "row_order": _row_order,
    "schedules": _schedules,
}

LEAKAGE_EVIDENCE: frozenset[str] = frozenset(MAKERS)
"""The names of the evidence that `leakage_evidence` can give."""
