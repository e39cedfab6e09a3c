"""Columns of places, batches and households, and how their values meet the split."""

import re
from collections.abc import Collection

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.profile import LabelKind
from heldout.core.split_evidence import SharedPlace, SharedPlaces
from heldout.tables.key_codes import in_both
from heldout.tables.label import Label
from heldout.tables.table import Table, groups_of

__all__ = ["PLACE_NAME", "as_numbers", "shared_places_of"]

PLACE_NAME = re.compile(
    r"(^|_|\b)(site|hospital|clinic|ward|cent(er|re)|lab|laboratory|plate|batch|lot|plant|factory|line|machine|scanner"
    r"|region|district|county|province|city|town|zip|zip_?code|post_?code|station|airport|school|class_?room|store|shop"
    r"|branch|warehouse|household|house_?hold|farm|field|village|neighbou?rhood|tract|country|state)"
    r"(_?(id|key|no|num|number|code|name))?$",
    re.IGNORECASE,
)
FEWEST_GROUPS = 10
MOST_PLACES = 5
LARGEST_SHARE = 0.5
"""Of the rows, groups may be this many at most: a column of single rows holds no places."""


def shared_places_of(
    sample: Table,
    label: Label,
    train: Table,
    test: Table | None,
    *,
    test_known: NDArray[np.bool_] | None,
    ignored: Collection[str],
) -> SharedPlaces:
    """Find the columns whose names speak of places in a `sample` of train, and count on which test rows they recur.

    `test_known` marks the test rows that have a label.
    """
    found = []
    for name, array in sample.columns.items():
        if name in ignored or name in label.columns or not PLACE_NAME.search(name):
            continue
        if not (pa.types.is_int64(array.type) or pa.types.is_dictionary(array.type)):
            continue
        group = groups_of(array)
        groups = int(group.max(initial=-1)) + 1
        if FEWEST_GROUPS <= groups <= LARGEST_SHARE * sample.rows:
            found.append((name, group, groups))
    places = []
    for name, group, groups in found[:MOST_PLACES]:
        test_codes, rows, shared = _recurring(name, train, test)
        place = SharedPlace(
            column=name,
            groups=groups,
            codes=group,
            label=as_numbers(label),
            test_codes=test_codes if test_known is None else test_codes[test_known],
            test_rows=rows,
            shared_rows=shared,
        )
        places.append(place)
    return SharedPlaces(places=tuple(places), kind=label.kind, has_test=test is not None)


def as_numbers(label: Label) -> NDArray[np.float64]:
    """Return the class of each row, or its number for a regression, NaN where there is none."""
    if label.kind is LabelKind.REGRESSION:
        return label.values
    return np.where(label.known, label.codes, np.nan).astype(np.float64)


def _recurring(name: str, train: Table, test: Table | None) -> tuple[NDArray[np.int64], int, int]:
    """Return the place of each test row as a code, -1 without one; test rows with a place; those train knows."""
    if test is None:
        return np.zeros(0, np.int64), 0, 0
    codes, is_shared = in_both(train.columns[name], test.columns[name])
    return codes, int((codes >= 0).sum()), int(is_shared.sum())
