"""Refuses two tables that do not hold the same columns of the same kinds."""

from collections.abc import Iterable

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind
from heldout.tables.names import shortened
from heldout.tables.table import Table

__all__ = ["refuse_unlike"]


def refuse_unlike(train: Table, test: Table, target_columns: Iterable[str]) -> None:
    """Raise BadInput where columns are missing in one table or differ in kind; only the target may lack in test."""
    missing = [name for name in train.columns if name not in test.columns and name not in set(target_columns)]
    extra = [name for name in test.columns if name not in train.columns]
    if missing or extra:
        parts = [f"test lacks {shortened(missing)}"] if missing else []
        parts += [f"train lacks {shortened(extra)}"] if extra else []
        raise BadInput(
            f"the tables have different columns: {'; '.join(parts)}",
            where=f"{train.source} and {test.source}",
            expected="the same columns in both; only the target may be absent from test",
            mend="leave the others out with --drop, or --no-header if the files have no header",
        )
    kinds = [(name, train.kind(name), test.kind(name)) for name in test.columns]
    unlike = [f"{name} ({_said(one)} in train, {_said(two)} in test)" for name, one, two in kinds if one is not two]
    if unlike:
        raise BadInput(
            f"the tables hold different types: {shortened(unlike, 4)}",
            where=f"{train.source} and {test.source}",
            expected="each column of the same type in both",
            mend="say which texts mean no value with --na, write the columns alike, or leave them out with --drop",
        )


def _said(kind: ColumnKind) -> str:
    return "no value in any row" if kind is ColumnKind.EMPTY else kind.value
