"""Faults of a split in time: labels that were not known, windows and neighbours on both sides."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from heldout.faults.planter import Planter, World
from heldout.faults.split.rows import SplitRows, days

__all__ = ["PLANTERS"]

TRAIN_ROWS, TEST_ROWS = 6000, 2000
TWO_YEARS, HALF_A_YEAR, WEEK = 730.0, 182.0, 7.0


def _short_gap(seed: int, effect: float) -> World:
    """Labels are known after a week; test begins a week after train, less so many days."""
    rng = np.random.default_rng(seed)
    begin = TWO_YEARS + WEEK - min(effect, WEEK)
    moments = rng.uniform(0, TWO_YEARS, TRAIN_ROWS), rng.uniform(begin, begin + HALF_A_YEAR, TEST_ROWS)
    train, test = ({"ts": days(moment), **_noise(rng, len(moment))} for moment in moments)
    return {"label_gap": SplitRows(train=train, test=test, target="y", time="ts", horizon="7d")}


def _shared_windows(seed: int, effect: float) -> World:
    """Forty series with labels that look a week ahead; a share of test rows is drawn from the time of train."""
    rng = np.random.default_rng(seed)
    begin = TWO_YEARS + WEEK
    before, after = rng.uniform(0, TWO_YEARS, TRAIN_ROWS), rng.uniform(begin, begin + HALF_A_YEAR, TEST_ROWS)
    early = rng.uniform(0, TWO_YEARS, TEST_ROWS)
    moved = round(effect * TEST_ROWS)
    after[:moved] = early[:moved]
    train, test = (
        {"ts": days(moment), "share": rng.integers(0, 40, len(moment)), **_noise(rng, len(moment))}
        for moment in (before, after)
    )
    return {"label_windows": SplitRows(train=train, test=test, target="y", time="ts", entity="share", horizon="7d")}


def _repeated_labels(seed: int, effect: float) -> World:
    """A share of rows repeats the label of the row before, positives become more common in time; split at random."""
    rng = np.random.default_rng(seed)
    moment, label = _series(rng, effect)
    is_test = rng.permutation(len(moment)) < TEST_ROWS
    return {"row_dependence": _parted(rng, moment, label, is_test)}


def _rows_between(seed: int, effect: float) -> World:
    """Most rows repeat the label of the row before; test is after train, but for a share that lies between its rows."""
    rng = np.random.default_rng(seed)
    moment, label = _series(rng, 0.7)
    is_test = np.arange(len(moment)) >= TRAIN_ROWS
    moved = round(effect * TEST_ROWS)
    is_test[rng.permutation(TRAIN_ROWS)[:moved]] = True
    is_test[TRAIN_ROWS + rng.permutation(TEST_ROWS)[:moved]] = False
    if not moved:
        return {"row_dependence": _parted(rng, moment, label, is_test)}
    last = np.flatnonzero(~is_test).max()  # rows of train after the test rows that stay would make all of these early
    swapped = np.flatnonzero(~is_test & (np.arange(len(moment)) >= TRAIN_ROWS))
    is_test[swapped] = True
    is_test[last + 1 :] = True
    return {"row_dependence": _parted(rng, moment, label, is_test)}


def _series(rng: np.random.Generator, repeats: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rows = TRAIN_ROWS + TEST_ROWS
    moment = np.sort(rng.uniform(0, TWO_YEARS, rows))
    label = (rng.random(rows) < np.linspace(0.25, 0.4, rows)).astype(np.int64)
    fresh = rng.random(rows) >= repeats
    fresh[0] = True
    return moment, label[np.maximum.accumulate(np.where(fresh, np.arange(rows), 0))]


def _parted(
    rng: np.random.Generator, moment: NDArray[np.float64], label: NDArray[np.int64], is_test: NDArray[np.bool_]
) -> SplitRows:
    columns = {"ts": days(moment), "x": rng.normal(size=len(moment)), "y": label}
    train, test = ({name: values[rows] for name, values in columns.items()} for rows in (~is_test, is_test))
    return SplitRows(train=train, test=test, target="y")


def _noise(rng: np.random.Generator, rows: int) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    return {"x": rng.normal(size=rows), "y": rng.integers(0, 2, rows)}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "SPL004": (
        Planter(
            fault="Test begins before the labels of train are known.", effect="days missing of seven", build=_short_gap
        ),
    ),
    "SPL010": (
        Planter(
            fault="Test rows share label windows with train rows of their series.",
            effect="share of test rows",
            build=_shared_windows,
        ),
    ),
    "SPL012": (
        Planter(
            fault="Rows that repeat the label of the row before are split at random.",
            effect="share of rows that repeat",
            build=_repeated_labels,
        ),
        Planter(
            fault="Test rows lie between the train rows whose labels they repeat.",
            effect="share of test rows",
            build=_rows_between,
        ),
    ),
}
