"""Groups on both sides of a split: those of given folds, and those of Heldout's own."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from tests.golden.adapters import Adapter, Answers, Columns

from heldout.splits import GroupSplit
from heldout.tables import entities_of, read_table

__all__ = ["ADAPTERS"]


def _group_folds(given: Mapping[str, Any], _: Columns) -> Answers:
    groups = given["groups"]
    own = GroupSplit(n_splits=len(given["folds"])).split(np.zeros((len(groups), 1)), groups=groups)
    met = [_shared(groups, train.tolist(), test.tolist()) for train, test in own]
    leaky = given["leaky_fold"]
    return {
        "overlap": [
            _shared(groups, fold["train"], fold["test"]) + ours for fold, ours in zip(given["folds"], met, strict=True)
        ],
        "leaky_overlap": _shared(groups, leaky["train"], leaky["test"]),
    }


def _shared(groups: Sequence[int], train: Sequence[int], test: Sequence[int]) -> int:
    first, second = (read_table(pa.table({"group": [groups[row] for row in rows]})) for rows in (train, test))
    return entities_of(first, second, "group").shared_entities


ADAPTERS: tuple[Adapter, ...] = ((r"GroupKFold.*group overlap", ("groups", "folds"), _group_folds),)
