"""Test rows that are train rows, slightly changed: numbers with noise, texts with a word replaced."""

from collections.abc import Mapping

import numpy as np

from heldout.faults.planter import Planter, World
from heldout.faults.split.rows import Columns, SplitRows

__all__ = ["PLANTERS"]

TRAIN_ROWS, TEST_ROWS = 6000, 2000
COLUMNS, FACTORS = 8, 3
VOCABULARY, WORDS = 3000, 30


def _jittered_rows(seed: int, effect: float) -> World:
    """Eight columns of three common factors, some heavy in the tail; a share of test rows is train rows with noise."""
    rng = np.random.default_rng(seed)
    rows = TRAIN_ROWS + TEST_ROWS
    values = rng.normal(size=(rows, FACTORS)) @ rng.normal(size=(FACTORS, COLUMNS))
    values += 0.3 * rng.normal(size=(rows, COLUMNS))
    values[:, 0], values[:, 1] = np.exp(values[:, 0] / 2), np.round(values[:, 1], 1)
    noise = 0.005 * rng.normal(size=(TEST_ROWS, COLUMNS)) * values.std(axis=0)
    source = rng.integers(0, TRAIN_ROWS, TEST_ROWS)
    moved = round(effect * TEST_ROWS)
    values[TRAIN_ROWS : TRAIN_ROWS + moved] = (values[source] + noise)[:moved]
    columns = {f"x{i}": values[:, i] for i in range(COLUMNS)} | {"y": rng.integers(0, 2, rows)}
    return {"near_copies": _parted(columns)}


def _reworded_texts(seed: int, effect: float) -> World:
    """Texts with a common opening; a share of the test texts is a train text with a word replaced."""
    rng = np.random.default_rng(seed)
    rows = TRAIN_ROWS // 3 + TEST_ROWS // 2
    train_rows = TRAIN_ROWS // 3
    frequency = 1 / (10 + np.arange(VOCABULARY))
    drawn = rng.choice(VOCABULARY, (rows, WORDS), p=frequency / frequency.sum())
    source, word = rng.integers(0, train_rows, rows - train_rows), rng.integers(0, WORDS, rows - train_rows)
    copies = drawn[source].copy()
    copies[np.arange(len(copies)), word] = VOCABULARY + 1
    moved = round(effect * len(copies))
    drawn[train_rows : train_rows + moved] = copies[:moved]
    texts = np.array(["dear support team " + " ".join(f"w{i}" for i in row) for row in drawn], dtype=object)
    columns = {"message": texts, "y": rng.integers(0, 2, rows)}
    return {"near_copies": _parted(columns, train_rows)}


def _parted(columns: Columns, train_rows: int = TRAIN_ROWS) -> SplitRows:
    return SplitRows(
        train={name: values[:train_rows] for name, values in columns.items()},
        test={name: values[train_rows:] for name, values in columns.items()},
        target="y",
    )


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "SPL006": (
        Planter(
            fault="Test rows are train rows with a little noise.", effect="share of test rows", build=_jittered_rows
        ),
        Planter(
            fault="Test texts are train texts with a word replaced.", effect="share of test rows", build=_reworded_texts
        ),
    ),
}
