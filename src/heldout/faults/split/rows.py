"""Train and test rows as a planter hands them out: whoever uses them makes the evidence, as audits do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DAY", "START", "Columns", "SplitRows", "days"]

Columns = Mapping[str, NDArray[Any]]

START = np.datetime64("2021-01-01", "us")
DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRows:
    """Raw columns of train and test by name (test may be empty: one table), the target, and what was declared."""

    train: Columns
    target: str
    test: Columns = field(default_factory=dict)
    time: str = ""
    entity: str = ""
    fold: str = ""
    horizon: str = ""
    embargo: str = ""


def days(number: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Return moments, days after the start, as times of whole microseconds."""
    return START + (number * DAY).astype("timedelta64[us]")
