"""What is known at prediction time, as a file or a list says it, held against the table."""

from collections.abc import Iterable
from pathlib import Path

from heldout.app.asked import Asked
from heldout.app.audited import Audited
from heldout.core.errors import BadInput
from heldout.core.evidence import Availability
from heldout.tables import closest, read_names, shortened

__all__ = ["availability_of"]


def availability_of(audited: Audited, known: str | Path | Iterable[str] | None, asked: Asked) -> Availability | None:
    """Return the columns known in time and those that a model uses; None where nobody says what is known.

    Raises BadInput where most names are none of the table's.
    """
    if known is None:
        return None
    if isinstance(known, str | Path):
        names, said_by = read_names(Path(known)), Path(known).name
    else:
        names, said_by = frozenset(known), "the list given"
    where = f"{said_by} against {audited.train.source}"
    if not names & set(audited.train.columns):
        raise BadInput(
            "none of the columns known at prediction time is in the table",
            where=where,
            expected=f"names among {shortened(audited.features)}",
            mend="write the names as they stand in the table",
        )
    unknown = sorted(names - set(audited.train.columns))
    if len(unknown) > len(names) / 2:
        raise BadInput(
            f"most columns known at prediction time are not in the table: {shortened(unknown)}",
            where=where,
            expected=f"names among {shortened(audited.features)}",
            mend=f"{unknown[0]!r}: {closest(unknown[0], audited.train.columns)}",
        )
    used = tuple(name for name in audited.features if name not in asked.not_features)
    return Availability(known=names, used=used, said_by=said_by)
