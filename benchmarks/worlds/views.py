"""Honest columns: each sees the risk of a row through noise of its own, and is written down in one of many shapes.

Given the risk, no column knows the label: whatever a column tells of it was there before the outcome was drawn.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import expit

__all__ = ["COARSE", "NAMES", "OUTCOME_NAMES", "SHAPES", "Shape", "coded", "gaps", "ids", "missing_by", "view"]

Values = NDArray[np.float64]
Shape = Callable[[np.random.Generator, Values], Any]
"""Writes a standard normal column down, as people do."""

NAMES = (
    *("status", "score", "reason", "final_amount", "duration", "risk_score", "outcome_code", "closed_tickets"),
    *("actual_weight", "paid_before", "interview_result", "recovered_last_year", "target_group", "y_position"),
    *("label_count", "approved_limit", "end_of_contract", "total", "last_prediction", "class_of_service"),
)
"""Names that tempt, of columns that are known in time."""

OUTCOME_NAMES = ("duration", "outcome_code")
"""Those of them that are the outcome's own words: where they are honest (a loan's duration) they tell little."""

MOST_LEVELS = 300


def view(rng: np.random.Generator, risk: Values, correlation: float) -> Values:
    """Return a standard normal view of a standard normal risk."""
    seen: Values = correlation * risk + (1 - correlation**2) ** 0.5 * rng.standard_normal(risk.size)
    return seen


def gaps(values: Any, missing: NDArray[np.bool_]) -> Any:
    """Leave the missing values out; a column without any value left keeps its first."""
    missing = missing.copy()
    missing[0] = False
    if isinstance(values, pa.DictionaryArray):
        codes = pa.array(values.indices.to_numpy(zero_copy_only=False), mask=missing)
        return pa.DictionaryArray.from_arrays(codes, values.dictionary)
    return np.where(missing, np.nan, values)


def missing_by(rng: np.random.Generator, seen: Values, share: float, lean: float) -> NDArray[np.bool_]:
    """Miss about a share of the rows; the odds of a gap grow by e^lean per standard deviation of `seen`."""
    missing: NDArray[np.bool_] = rng.random(seen.size) < expit(np.log(share / (1 - share)) + lean * seen)
    return missing


def coded(codes: NDArray[Any], names: list[str]) -> pa.DictionaryArray:
    """Return texts by their codes."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names))


def ids(rng: np.random.Generator, rows: int) -> Any:
    """Return keys of rows that count in the table's order, or in none: numbers or texts."""
    numbers = 100_000 + (np.arange(rows) if rng.random() < 0.5 else rng.permutation(rows))
    return numbers if rng.random() < 0.5 else pa.array(np.char.add("A", numbers.astype("U7")))


def _number(rng: np.random.Generator, seen: Values) -> Any:
    return np.round(rng.uniform(-50, 50) + np.exp(rng.uniform(-2, 4)) * seen, int(rng.integers(1, 5)))


def _amount(rng: np.random.Generator, seen: Values) -> Any:
    return np.round(np.exp(4 + rng.uniform(0.4, 1.2) * seen), 2)


def _zero_inflated(rng: np.random.Generator, seen: Values) -> Any:
    """An amount that most rows lack; who has one is decided in time, and leans with what is seen."""
    has = missing_by(rng, seen, rng.uniform(0.03, 0.5), rng.uniform(0, 0.8))
    return np.where(has, np.round(np.exp(rng.normal(3, 1, seen.size)), 2), 0.0)


def _count(rng: np.random.Generator, seen: Values) -> Any:
    return rng.poisson(np.exp(rng.uniform(-1, 2) + 0.5 * seen))


def _points(_: np.random.Generator, seen: Values) -> Any:
    return np.clip(np.round(650 + 80 * seen), 300, 850).astype(np.int64)


def _flag(rng: np.random.Generator, seen: Values) -> Any:
    return (seen > np.quantile(seen, rng.uniform(0.1, 0.98))).astype(np.int64)


def _grade(rng: np.random.Generator, seen: Values) -> Any:
    """Few levels in the order of what is seen, of uneven sizes."""
    k = int(rng.integers(3, 12))
    names = [str(name) for name in rng.permutation([f"grade {letter}" for letter in "ABCDEFGHIJKL"[:k]])]
    return coded(np.searchsorted(np.quantile(seen, np.sort(rng.random(k - 1))), seen), names)


def _places(rng: np.random.Generator, seen: Values) -> Any:
    """Many levels, a few of them frequent, in an order of their own that follows what is seen a little."""
    k = int(rng.integers(30, MOST_LEVELS))
    ends = np.cumsum(rng.permutation(1 / np.arange(1, k + 1)))[:-1]
    mixed = 0.5 * seen + rng.normal(0, 0.9, seen.size)
    return coded(np.searchsorted(np.quantile(mixed, ends / ends[-1] * 0.99), mixed), [f"place {i}" for i in range(k)])


def _day(_: np.random.Generator, seen: Values) -> Any:
    """A date long before the rows."""
    return np.datetime64("2015-01-01", "us") + np.clip(np.round(400 + 120 * seen), 0, 800).astype("timedelta64[D]")


def _rounded(rng: np.random.Generator, seen: Values) -> Any:
    return np.round(seen * rng.uniform(1, 3))


def _constant_but_for_a_few(rng: np.random.Generator, seen: Values) -> Any:
    return np.where(rng.random(seen.size) < rng.choice([0, 0.001, 0.01]), 1, 0)


SHAPES: Mapping[str, Shape] = {
    "number": _number,
    "amount": _amount,
    "zero-inflated": _zero_inflated,
    "count": _count,
    "points": _points,
    "flag": _flag,
    "grade": _grade,
    "places": _places,
    "day": _day,
    "rounded": _rounded,
    "constant": _constant_but_for_a_few,
}
COARSE = ("rounded", "flag", "grade", "count", "zero-inflated")
"""Shapes of few values: rows of a few such columns repeat themselves."""
