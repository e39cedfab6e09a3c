"""Columns that the counts of a profile show to give the label away, so that others can be held against them."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from heldout.core.error_control import alpha_of
from heldout.core.profile import ColumnKind, ColumnProfile, Profile
from heldout.stats.label_copies import copy_of
from heldout.stats.pure_masses import pure_masses

__all__ = ["copies_in", "leaky_columns", "renamings"]


def copies_in(profile: Profile) -> frozenset[str]:
    """Return the columns that copy the label on all rows, or on nearly all by a bound."""
    label = profile.label
    columns = [column for column in profile.columns.values() if column.kind is not ColumnKind.EMPTY]
    if label is None or not columns:
        return frozenset()
    alpha = alpha_of("leakage") / len(columns)
    copies = ((column.name, copy_of(column, label, alpha)) for column in columns)
    return frozenset(name for name, copy in copies if copy is not None and (copy.is_everywhere or copy.is_sure))


def leaky_columns(profile: Profile) -> Mapping[str, str]:
    """Return the columns that copy the label or hold a pure structural mass, with what gives it away."""
    found = dict.fromkeys(sorted(copies_in(profile)), "tells the label")
    masses = (mass for mass, _ in pure_masses(profile).pure if mass.is_structural)
    return found | {mass.column: f"gives a class away where it is {mass.state}" for mass in masses}


def renamings(columns: Iterable[ColumnProfile]) -> Sequence[tuple[ColumnProfile, ...]]:
    """Group columns that part the rows alike: copies of each other, or with other names for the values.

    They have the same rows per fold and class in their bins, in some order; a column stands with those before it.
    """
    groups: dict[tuple[object, ...], list[ColumnProfile]] = {}
    for column in columns:
        key = (_parting(column.joint), column.bin_is_value, column.distinct, column.equal_to_label)
        groups.setdefault(key, []).append(column)
    return [tuple(group) for group in groups.values()]


def _parting(joint: NDArray[np.float64]) -> bytes:
    """Return the rows per fold and class of the bins, whatever the order of the bins.

    >>> _parting(np.array([[[3.0, 0], [0, 2]]])) == _parting(np.array([[[0.0, 2], [3, 0]]]))
    True
    """
    cells = joint.transpose(1, 0, 2).reshape(joint.shape[1], -1)
    return cells[np.lexsort(cells.T[::-1])].tobytes()
