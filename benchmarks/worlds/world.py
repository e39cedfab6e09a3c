"""A clean world: tables in which nothing leaks and the split is valid, with what their owner declares of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import rankdata

__all__ = [
    "LARGEST_AUC",
    "CleanWorld",
    "Columns",
    "auc_of",
    "cut_at_time",
    "dates",
    "label_of",
    "random_part",
    "share_for_test",
    "strength_for",
    "tables_of",
]

Columns = dict[str, Any]
"""Columns by name: numpy arrays (NaN is a gap) or Arrow arrays."""

LARGEST_AUC = 0.96
"""What legitimate columns of clean real tables reach."""

CALIBRATED_ON = 50_000
FEWEST_POSITIVES = 10
"""A test part with fewer rows of a class is no valid split, so there is none."""


@dataclass(frozen=True, kw_only=True)
class CleanWorld:
    """One table, or train and test; `declared` are further arguments of the audit; `auc` that of the best honest score.

    The target is the column `label`, in train and test.
    """

    train: pa.Table
    kind: str
    auc: float
    test: pa.Table | None = None
    target: str = "label"
    declared: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return self.train.num_rows + (0 if self.test is None else self.test.num_rows)

    @property
    def labels(self) -> NDArray[np.int64]:
        """The labels of all rows."""
        tables = [table for table in (self.train, self.test) if table is not None]
        return np.concatenate([table[self.target].to_numpy() for table in tables])


def share_for_test(rows: int, prevalence: float) -> float | None:
    """Return the share of the rows for a test part; None where it would hold too few of the rarer class."""
    rarer = min(prevalence, 1 - prevalence) * rows
    return next((share for share in (0.3, 0.45) if share * rarer >= FEWEST_POSITIVES), None)


def random_part(rng: np.random.Generator, rows: int, prevalence: float) -> NDArray[np.bool_] | None:
    """Return which rows a random split puts into test; None where there is no valid one."""
    share = share_for_test(rows, prevalence)
    return None if share is None else np.isin(np.arange(rows), rng.permutation(rows)[: round(share * rows)])


def label_of(latent: NDArray[np.float64], prevalence: float) -> NDArray[np.int64]:
    """Return 1 for the share of rows whose latent is highest: the prevalence is hit to the row."""
    positives = max(round(prevalence * latent.size), 2)
    label = np.zeros(latent.size, dtype=np.int64)
    label[np.argpartition(-latent, positives)[:positives]] = 1
    return label


def auc_of(score: NDArray[np.float64], label: NDArray[np.int64]) -> float:
    """Return the AUC, ties counted half."""
    positives = int(label.sum())
    ranks = rankdata(score)[label == 1].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * (label.size - positives)))


def strength_for(score: NDArray[np.float64], noise: NDArray[np.float64], prevalence: float, auc: float) -> float:
    """Return the factor s so that labels drawn from s * score + noise are told by the score with this AUC.

    It is found on a sample of the rows, drawn again where they are few.
    """
    rng = np.random.default_rng(0)
    score, noise = (rng.choice(values, CALIBRATED_ON) for values in (score, noise))
    low, high = np.log(0.01), np.log(1000.0)
    for _ in range(14):
        middle = (low + high) / 2
        is_weak = auc_of(score, label_of(np.exp(middle) * score + noise, prevalence)) < auc
        low, high = (middle, high) if is_weak else (low, middle)
    return float(np.exp(low))


def dates(rng: np.random.Generator, rows: int) -> NDArray[np.datetime64]:
    """Return sorted instants within a year, to the second or to the hour."""
    seconds = np.sort(rng.integers(0, 365 * 24 * 3600, rows))
    step = int(rng.choice([1, 3600]))
    return np.datetime64("2025-01-01", "us") + (seconds // step * step).astype("timedelta64[s]")


def cut_at_time(time: NDArray[Any], share: float) -> int:
    """Return the first row of the test part of sorted rows: about `share` of them, and none at train's last instant."""
    cut = int(time.size * (1 - share))
    return int(np.searchsorted(time, time[cut], side="right"))


def tables_of(columns: Columns, in_test: NDArray[np.bool_] | None) -> tuple[pa.Table, pa.Table | None]:
    """Return train and test of these columns, NaN as null; all rows and None without a test part."""
    table = pa.table({name: _arrow(column) for name, column in columns.items()})
    if in_test is None:
        return table, None
    return table.filter(pa.array(~in_test)), table.filter(pa.array(in_test))


def _arrow(column: Any) -> pa.Array:
    return column if isinstance(column, pa.Array | pa.ChunkedArray) else pa.array(column, from_pandas=True)
