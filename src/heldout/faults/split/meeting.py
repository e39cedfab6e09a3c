"""Splits that let the test rows meet the train rows: in time, through an entity, as copies."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from heldout.core.evidence import CopyOverlap, EntityOverlap, TimeOrder
from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS"]

TRAIN_ROWS, TEST_ROWS = 6000, 2000


def _rows_from_the_past(seed: int, effect: float) -> World:
    """Train covers two years, test the half year after; a share of test rows is drawn from the two years instead."""
    rng = np.random.default_rng(seed)
    train = rng.integers(0, 730, TRAIN_ROWS)
    test = rng.integers(730, 912, TEST_ROWS)
    past = rng.integers(0, 730, TEST_ROWS)
    moved = round(effect * TEST_ROWS)
    test[:moved] = past[:moved]
    return {
        "time_order": TimeOrder(
            column="day",
            train_first=_day(train.min()),
            train_last=_day(train.max()),
            test_first=_day(test.min()),
            test_last=_day(test.max()),
            test_rows=TEST_ROWS,
            not_after=int((test <= train.max()).sum()),
        )
    }


def _shared_entities(seed: int, effect: float) -> World:
    """Train and test hold different customers; a share of test rows is given to customers of train."""
    rng = np.random.default_rng(seed)
    train = rng.integers(0, 400, TRAIN_ROWS)
    test = rng.integers(400, 500, TEST_ROWS)
    known = rng.choice(train, TEST_ROWS)
    moved = round(effect * TEST_ROWS)
    test[:moved] = known[:moved]
    shared = np.intersect1d(train, test)
    return {
        "entity_overlap": EntityOverlap(
            column="customer",
            test_rows=TEST_ROWS,
            shared_rows=int(np.isin(test, train).sum()),
            test_entities=np.unique(test).size,
            shared_entities=shared.size,
            examples=tuple(str(key) for key in shared[:3]),
        )
    }


def _copied_rows(seed: int, effect: float) -> World:
    """Some rows of the world repeat by themselves, up to a tenth; a share of test rows is overwritten by train rows."""
    rng = np.random.default_rng(seed)
    repeats = rng.uniform(0, 0.1)
    train, test = _contents(rng, TRAIN_ROWS, repeats), _contents(rng, TEST_ROWS, repeats)
    copied = rng.choice(train, TEST_ROWS)
    moved = round(effect * TEST_ROWS)
    test[:moved] = copied[:moved]
    drawn, rest = train[:TEST_ROWS], train[TEST_ROWS:]
    in_train = np.isin(test, train)
    label = test % 2
    return {
        "copies": CopyOverlap(
            with_label=True,
            test_rows=TEST_ROWS,
            shared_rows=int(in_train.sum()),
            reference_rows=drawn.size,
            reference_shared=int(np.isin(drawn, rest).sum()),
            by_class={str(c): int((in_train & (label == c)).sum()) for c in (0, 1)},
            examples=tuple(int(row) for row in np.flatnonzero(in_train)[:3]),
        )
    }


def _contents(rng: np.random.Generator, rows: int, repeats: float) -> NDArray[np.int64]:
    """Return what each row holds, as a number: mostly unique, else one of 50 common contents."""
    contents = rng.integers(50, 2**40, rows)
    common = rng.random(rows) < repeats
    contents[common] = rng.integers(0, 50, int(common.sum()))
    return contents


def _day(number: int) -> str:
    return (date(2021, 1, 1) + timedelta(days=int(number))).isoformat()


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "SPL001": (
        Planter(
            fault="Test rows are drawn from the time that train covers.",
            effect="share of test rows",
            build=_rows_from_the_past,
        ),
    ),
    "SPL002": (
        Planter(
            fault="Test rows belong to customers who are in train.",
            effect="share of test rows",
            build=_shared_entities,
        ),
    ),
    "SPL003": (
        Planter(
            fault="Test rows are copies of train rows, in a table that repeats some rows by itself.",
            effect="share of test rows",
            build=_copied_rows,
        ),
    ),
}
