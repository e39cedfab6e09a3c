"""Declarations that the rows of an audit cannot meet."""

import numpy as np
import pyarrow as pa

from heldout.app.asked import Asked
from heldout.app.audited import Audited
from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.tables import Table
from heldout.tables.table import numbers

__all__ = ["refuse_bad_declarations"]

EXACT = 2.0**53
"""From here on floats skip whole numbers."""


def refuse_bad_declarations(audited: Audited, asked: Asked) -> None:
    """Raise BadInput for a declared column that is not there, holds no value, or is what the target is made of."""
    train = audited.train
    for option, name in (("time", asked.time), ("entity", asked.entity), ("fold", asked.fold)):
        if name is None:
            continue
        train.refuse_unknown(name, called=f"{option} column")
        if name in audited.label.columns:
            raise BadInput(
                f"the {option} column {name!r} is what the target is made of",
                where=train.source,
                expected="another column than the target's",
                mend=f"name another column with --{option}, or none",
            )
        if train.kind(name) is ColumnKind.EMPTY:
            raise BadInput(
                f"the {option} column {name!r} has no value in any row",
                where=train.source,
                expected=f"a column that holds the {option} of the rows",
                mend=f"name another column with --{option}, or none",
            )
    if asked.entity is not None:
        _refuse_rounded(train, asked.entity, "entity")
    if asked.row_id is not None:
        scored = train if audited.test is None else audited.test
        scored.refuse_unknown(asked.row_id, called="id column")
        _refuse_rounded(scored, asked.row_id, "id")


def _refuse_rounded(table: Table, name: str, called: str) -> None:
    """Raise BadInput for keys that are so large that two of them may have become one number."""
    if table.kind(name) is not ColumnKind.NUMERIC:
        return
    for _, block in table.blocks(name):
        if pa.types.is_floating(block.type) and np.nanmax(np.abs(numbers(block)), initial=0.0) >= EXACT:
            raise BadInput(
                f"the {called} column {name!r} holds numbers beyond 2^53, which were rounded",
                where=table.source,
                expected="keys that stay apart: texts, or whole numbers of 64 bits with a sign",
                mend="write them as texts, in a CSV with a letter before them",
            )
