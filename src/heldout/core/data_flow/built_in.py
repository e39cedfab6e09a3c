"""Calls of Python's own functions, and of numpy's that make or hand on row numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from heldout.core.data_flow.machine import Call, Machine
from heldout.core.data_flow.values import ANYTHING, NOTHING, Kind, Value, combine, element

__all__ = ["BUILT_IN", "row_numbers"]


def _length(_: Machine, given: Call) -> Value:
    value = given.positional[0] if given.positional else ANYTHING
    return replace(ANYTHING, rows=value.rows) if value.is_rows else ANYTHING


def row_numbers(_: Machine, given: Call) -> Value:
    """Return row numbers where a range or a permutation is as long as a table."""
    for value in given.positional:
        if value.rows:
            return Value(Kind.DATA, rows=value.rows, index=True)
    return ANYTHING


def _zip(_: Machine, given: Call) -> Value:
    columns = given.positional
    if columns and all(one.kind is Kind.SEQUENCE and not one.rest for one in columns):
        rows = zip(*(one.items for one in columns), strict=False)
        return Value(Kind.SEQUENCE, items=tuple(Value(Kind.SEQUENCE, items=row) for row in rows))
    return Value(Kind.SEQUENCE, rest=Value(Kind.SEQUENCE, items=tuple(element(one) for one in columns)))


def _enumerate(_: Machine, given: Call) -> Value:
    value = given.positional[0] if given.positional else ANYTHING
    if value.kind is Kind.SEQUENCE and not value.rest:
        pairs = (Value(Kind.SEQUENCE, items=(NOTHING, item)) for item in value.items)
        return Value(Kind.SEQUENCE, items=tuple(pairs))
    return Value(Kind.SEQUENCE, rest=Value(Kind.SEQUENCE, items=(NOTHING, element(value))))


def _same(_: Machine, given: Call) -> Value:
    value = given.positional[0] if given.positional else ANYTHING
    if value.kind is Kind.MAPPING:
        return Value(Kind.SEQUENCE, items=tuple(Value(Kind.CONSTANT, const=key) for key in value.keys))
    return value


def _dict(_: Machine, given: Call) -> Value:
    if given.positional and given.positional[0].kind is Kind.MAPPING:
        return given.positional[0]
    if given.positional:
        pairs = given.positional[0]
        inner = element(pairs) if pairs.kind is Kind.SEQUENCE else ANYTHING
        rest = inner.items[1] if inner.kind is Kind.SEQUENCE and len(inner.items) == 2 else None
        return Value(Kind.MAPPING, rest=rest)
    return Value(Kind.MAPPING, keys=tuple(given.named), items=tuple(given.named.values()))


def _next(_: Machine, given: Call) -> Value:
    return element(given.positional[0]) if given.positional else ANYTHING


def _mapped(m: Machine, given: Call) -> Value:
    if len(given.positional) < 2:
        return ANYTHING
    several = given.positional[1]
    call = replace(given, positional=(element(several),), named={})
    return Value(Kind.SEQUENCE, rest=m.invoke(given.positional[0], call))


def _partial(_: Machine, given: Call) -> Value:
    first = given.positional[0] if given.positional else ANYTHING
    return replace(first, items=(*first.items, *given.positional[1:])) if first.kind is Kind.FUNCTION else first


def _exit(_: Machine, __: Call) -> Value:
    return Value(Kind.NAME, name="exit")


def _plain_value(_: Machine, given: Call) -> Value:
    return replace(ANYTHING, taints=combine(*given.all()).taints) if given.all() else ANYTHING


BUILT_IN: Mapping[str, Callable[[Machine, Call], Value]] = {
    "len": _length,
    "range": row_numbers,
    "arange": row_numbers,
    "permutation": row_numbers,
    "rand": row_numbers,
    "random": row_numbers,
    "random_sample": row_numbers,
    "zip": _zip,
    "enumerate": _enumerate,
    "list": _same,
    "tuple": _same,
    "iter": _same,
    "reversed": _same,
    "tqdm": _same,
    "array": _same,
    "asarray": _same,
    "delayed": _same,
    "dict": _dict,
    "next": _next,
    "map": _mapped,
    "partial": _partial,
    "exit": _exit,
    "isinstance": _plain_value,
    "hasattr": _plain_value,
}
