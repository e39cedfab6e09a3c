"""Keys of entities that nobody declared, and how their values meet the split."""

import re
from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.split_evidence import HiddenKey, HiddenKeys
from heldout.tables.arrays import from_numpy, raw_values
from heldout.tables.entity_hints import KEY_NAME, EntityHint, entity_hints
from heldout.tables.key_codes import in_both
from heldout.tables.label import Label
from heldout.tables.shared_places import PLACE_NAME, as_numbers
from heldout.tables.table import TEXT, Table, codes, groups_of

__all__ = ["beginnings", "hidden_keys_of"]

PERSON_NAME = re.compile(
    r"(^|_|\b)(user|customer|client|patient|subject|person|participant|respondent|member|student|pupil|employee|worker"
    r"|player|driver|passenger|speaker|author|msno|animal|donor|borrower|applicant|card_?holder|subscriber)s?"
    r"(_?(id|key|no|num|number|code|name|uuid|guid))?$",
    re.IGNORECASE,
)
"""Names of somebody: that rows of one of them resemble each other is no news about a category."""

EXAMPLES = 3
LOOK_ROWS = 100
FIRST_PARTS = r"^(.+)[_\-./: ][^_\-./: ]+$"


def hidden_keys_of(
    sample: Table, label: Label, train: Table, test: Table | None, *, declared: str | None, ignored: Collection[str]
) -> HiddenKeys:
    """Look for keys in a `sample` of train with its label, and count on all test rows whether train has their key.

    Places and batches are no entities here, and `ignored` columns are none either.
    """
    if declared is not None:
        return HiddenKeys(keys=(), declared=declared, kind=label.kind, has_test=test is not None)
    left_out = {*ignored, *(name for name in sample.columns if PLACE_NAME.search(name))}
    hints = entity_hints(sample, label, left_out)
    keys = tuple(_key(hint, sample, label, train, test) for hint in hints)
    return HiddenKeys(keys=keys, declared="", kind=label.kind, has_test=test is not None)


def beginnings(array: pa.Array) -> pa.Array:
    """Return a text column without the last part of each text (`S01_2` becomes `S01`)."""
    again = pc.replace_substring_regex(array.dictionary, FIRST_PARTS, r"\1").dictionary_encode()
    place = np.append(raw_values(again.indices), -1).astype(np.int32)[codes(array)]
    return pa.DictionaryArray.from_arrays(from_numpy(place, place < 0), again.dictionary).cast(TEXT)


def _key(hint: EntityHint, sample: Table, label: Label, train: Table, test: Table | None) -> HiddenKey:
    rows, shared = 0, 0
    if test is None:
        key = _key_of(sample, hint)
        examples = _examples(key, np.ones(len(key), np.bool_))
    else:
        key = _key_of(test, hint)
        group, is_shared = in_both(_key_of(train, hint), key)
        rows, shared, examples = int((group >= 0).sum()), int(is_shared.sum()), _examples(key, is_shared)
    return HiddenKey(
        column=hint.column,
        is_beginning=hint.is_beginning,
        names_a_person=bool(PERSON_NAME.search(hint.column)),
        is_named=bool(KEY_NAME.search(hint.column)),
        groups=hint.groups,
        rows=hint.rows,
        codes=groups_of(_key_of(sample, hint)),
        label=as_numbers(label),
        test_rows=rows,
        shared_rows=shared,
        examples=examples,
    )


def _key_of(table: Table, hint: EntityHint) -> pa.Array:
    array = table.columns[hint.column]
    return beginnings(array) if hint.is_beginning else array


def _examples(key: pa.Array, is_shared: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the first different keys of the marked rows, as texts."""
    found = key.take(from_numpy(np.flatnonzero(is_shared)[:LOOK_ROWS])).unique().slice(0, EXAMPLES)
    return tuple(str(value)[:40] for value in found.to_pylist())
