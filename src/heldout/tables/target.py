"""The target: a column, or a comparison of one with a literal, and the label that it gives each row."""

import operator
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind, LabelKind
from heldout.tables.arrays import from_numpy, from_texts, null_mask
from heldout.tables.label import Label, label_of
from heldout.tables.table import Table, codes, kind_of, numbers

__all__ = ["Target", "parse_target", "read_label"]

COMPARISONS = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
TEXT_COMPARISONS = {"==": operator.eq, "!=": operator.ne, "contains": operator.contains}
EXPRESSION = re.compile(
    r"""^\s*(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)'|`(?P<tick>[^`]+)`|(?P<bare>.+?))\s*"""
    r"""(?P<operator>==|!=|>=|<=|>|<|\scontains\s)\s*(?P<literal>.+?)\s*$""",
    re.DOTALL,
)
COMPARED = ("no", "yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target as the user wrote it: a column, and the comparison with a literal where there is one."""

    text: str
    column: str
    operator: str | None = None
    literal: str | None = None


def parse_target(text: str, table: Table) -> Target:
    """Read a target against the columns of `table`; a text that is a column's name is that column.

    Raises BadInput for a column that is not there and for a text that is neither a name nor a comparison.
    """
    if text in table.columns:
        return Target(text=text, column=text)
    match = EXPRESSION.match(text)
    if match is None:
        bare = text.strip().strip("\"'`")
        table.refuse_unknown(bare, called="target column")
        return Target(text=text, column=bare)
    column = match["double"] or match["single"] or match["tick"] or match["bare"]
    table.refuse_unknown(column, called="target column")
    return Target(text=text, column=column, operator=match["operator"].strip(), literal=_unquoted(match["literal"]))


def read_label(
    table: Table,
    target: Target,
    *,
    positive: str | None = None,
    kind: LabelKind | None = None,
    classes: tuple[str, ...] | None = None,
) -> Label:
    """Return the label of each row of `table`.

    `positive` names the class that counts as 1, `kind` overrides what the values suggest, `classes` are those of
    another table that this one must share. Raises BadInput for a target that is constant, empty, or has too many
    classes.
    """
    array = table.column(target.column, called="target column")
    if kind_of(array) is ColumnKind.EMPTY:
        raise BadInput(
            f"the target {target.column!r} has no value in any row",
            where=table.source,
            expected="a target that is known for the rows",
            mend="choose another target",
        )
    if target.operator is not None:
        array = _compared(array, target, table.source)
    return label_of(array, target.text, (target.column,), table.source, positive=positive, kind=kind, classes=classes)


def _unquoted(literal: str) -> str:
    is_quoted = len(literal) > 1 and literal[0] == literal[-1] and literal[0] in "\"'"
    return literal[1:-1] if is_quoted else literal


def _compared(array: pa.Array, target: Target, where: str) -> pa.Array:
    """Compare a column with the target's literal, and return "no" or "yes" as text, null where the column is null."""
    kind, name, literal = kind_of(array), target.operator or "", target.literal or ""
    if kind is ColumnKind.TEXT:
        if name not in TEXT_COMPARISONS:
            raise _refused(target, where, "the column holds text, which has no order", "==, != or contains")
        found = [TEXT_COMPARISONS[name](level, literal) for level in array.dictionary.to_pylist()]
        result = np.array([*found, False])[codes(array)]
    else:
        if name not in COMPARISONS:
            raise _refused(target, where, "the column holds no text", "==, !=, >=, <=, > or <")
        result = COMPARISONS[name](numbers(array), LITERALS[kind](target, where))
    answer = from_numpy(result.astype(np.int32), null_mask(array))
    return pa.DictionaryArray.from_arrays(answer, from_texts(COMPARED))


def _number(target: Target, where: str) -> float:
    try:
        number = float(target.literal or "")
    except ValueError as error:
        raise _refused(target, where, "the column holds numbers", "a number on the right") from error
    if np.isnan(number):
        raise _refused(target, where, "nothing compares with NaN", "a number on the right")
    return number


def _boolean(target: Target, where: str) -> bool:
    said = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if (target.literal or "").lower() not in said:
        raise _refused(target, where, "the column holds true and false", "true or false on the right")
    return said[(target.literal or "").lower()]


def _time(target: Target, where: str) -> float:
    try:
        moment = datetime.fromisoformat(target.literal or "")
    except ValueError as error:
        raise _refused(target, where, "the column holds times", "a time such as 2013-06-30 12:00") from error
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1e6)


LITERALS = {ColumnKind.NUMERIC: _number, ColumnKind.BOOLEAN: _boolean, ColumnKind.TIME: _time}


def _refused(target: Target, where: str, why: str, expected: str) -> BadInput:
    return BadInput(
        f"the target {target.text!r} cannot be computed: {why}",
        where=f"{where}, column {target.column!r}",
        expected=expected,
        mend="for instance: --target 'arr_delay >= 15'",
    )
