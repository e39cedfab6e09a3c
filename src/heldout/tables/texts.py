"""Texts that mean numbers or times after all, and a note where a few texts stand between numbers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from heldout.tables.arrays import from_numpy, raw_values
from heldout.tables.dates import as_dates
from heldout.tables.table import codes

__all__ = ["retyped"]

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
FEW_TEXTS = 2
LEAST_NUMBERS = 10
"""A column with at least this many different numbers beside at most FEW_TEXTS other texts was meant to be numeric."""


def retyped(array: pa.Array, *, decimal_comma: bool) -> tuple[pa.Array, str]:
    """Return a text column as times or numbers where every level is one, and a note where it hardly misses it.

    Blanks around values, decimal commas and dates that are not ISO hide them from a CSV parser. Other arrays come
    back as they are.
    """
    if not pa.types.is_dictionary(array.type) or not len(array.dictionary):
        return array, ""
    times, note = as_dates(array.dictionary)
    if times is not None or note:
        return (array, note) if times is None else (times.take(array.indices), "")
    levels = array.dictionary
    if decimal_comma:
        levels = pc.replace_substring(levels, ",", ".")
    others = np.flatnonzero(raw_values(pc.match_substring_regex(levels, NUMBER)) == 0)
    if not len(others):
        return levels.cast(pa.float64()).take(array.indices), ""
    if len(others) > FEW_TEXTS or len(levels) - len(others) < LEAST_NUMBERS:
        return array, ""
    found = ", ".join(map(repr, array.dictionary.take(from_numpy(others)).to_pylist()))
    rows = int(np.isin(codes(array), others).sum())
    return array, f"is text because of {found} in {rows:,} rows among numbers; if that means missing, say --na"
