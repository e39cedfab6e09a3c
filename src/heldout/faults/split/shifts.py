"""Test rows that are other than train rows: in their label, in their columns, in their number."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.core.evidence import Reported
from heldout.faults.planter import Planter, World
from heldout.faults.split.rows import SplitRows, days

__all__ = ["PLANTERS"]

TRAIN_ROWS, TEST_ROWS, ALL_TEST_ROWS = 6000, 2000, 4000
TWO_YEARS, QUARTER = 730.0, 91.0


def _more_positives(seed: int, effect: float) -> World:
    """The share of positives in test is so much larger than in train."""
    rng = np.random.default_rng(seed)
    base = rng.uniform(0.1, 0.5)
    shares = (base, TRAIN_ROWS), (min(base + effect, 1.0), TEST_ROWS)
    labels = [(rng.random(rows) < share).astype(np.int64) for share, rows in shares]
    labels[1][:2] = 0, 1
    return {"label_shift": _of_labels(rng, *labels)}


def _larger_numbers(seed: int, effect: float) -> World:
    """A numeric label, heavy in the tail; of a share of the test rows it is larger than nearly all of train."""
    rng = np.random.default_rng(seed)
    train, test = rng.lognormal(3, 1, TRAIN_ROWS), rng.lognormal(3, 1, TEST_ROWS)
    large = rng.lognormal(6, 0.5, TEST_ROWS)
    moved = round(effect * TEST_ROWS)
    test[:moved] = large[:moved]
    return {"label_shift": _of_labels(rng, train, test)}


def _of_labels(rng: np.random.Generator, train: NDArray[Any], test: NDArray[Any]) -> SplitRows:
    first, second = ({"x": rng.normal(size=len(label)), "y": label} for label in (train, test))
    return SplitRows(train=first, test=second, target="y")


def _moved_numbers(seed: int, effect: float) -> World:
    """A column of a share of the test rows is larger by three standard deviations."""
    rng, train, test = _tables(seed)
    _move(rng, test, "usage", test["usage"] + 3.0, effect)
    return {"covariate_shift": SplitRows(train=train, test=test, target="y")}


def _lost_values(seed: int, effect: float) -> World:
    """A column of a share of the test rows is empty."""
    rng, train, test = _tables(seed)
    _move(rng, test, "income", np.full(TEST_ROWS, np.nan), effect)
    return {"covariate_shift": SplitRows(train=train, test=test, target="y")}


def _another_level(seed: int, effect: float) -> World:
    """A share of the test rows has the commonest level of a category."""
    rng, train, test = _tables(seed)
    _move(rng, test, "product", np.full(TEST_ROWS, "p0"), effect)
    return {"covariate_shift": SplitRows(train=train, test=test, target="y")}


def _beyond_the_season(seed: int, effect: float) -> World:
    """Test is the quarter after train and columns have seasons; one column of a share of the test rows is larger."""
    rng, train, test = _tables(seed)
    for table, begin, end in ((train, 0.0, TWO_YEARS), (test, TWO_YEARS, TWO_YEARS + QUARTER)):
        day = np.sort(rng.uniform(begin, end, len(table["y"])))
        table["ts"] = days(day)
        table["temperature"] = 10 * np.sin(2 * np.pi * day / 365) + rng.normal(0, 3, len(day))
    _move(rng, test, "usage", test["usage"] + 3.0, effect)
    return {"covariate_shift": SplitRows(train=train, test=test, target="y", time="ts")}


def _tables(seed: int) -> tuple[np.random.Generator, dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """Return two tables of the same world: gaps, ties, rare levels, keys that differ by design."""
    rng = np.random.default_rng(seed)
    frequency = 1 / np.arange(1, 31)
    made = []
    for rows, first_user in ((TRAIN_ROWS, 0), (TEST_ROWS, 700)):
        income = rng.lognormal(3, 1, rows)
        income[rng.random(rows) < 0.05] = np.nan
        made.append(
            {
                "user_id": rng.integers(first_user, first_user + 1000, rows),
                "usage": rng.normal(size=rows),
                "income": income,
                "visits": rng.poisson(2, rows),
                "product": np.array([f"p{i}" for i in rng.choice(30, rows, p=frequency / frequency.sum())]),
                "code": np.array([f"c{i}" for i in rng.integers(0, 3000, rows)]),
                "constant": np.full(rows, 3.0),
                "y": rng.integers(0, 2, rows),
            }
        )
    return rng, made[0], made[1]


def _move(rng: np.random.Generator, table: dict[str, NDArray[Any]], name: str, to: NDArray[Any], share: float) -> None:
    table[name] = np.where(rng.random(len(to)) < share, to, table[name])


def _fewer_rows(seed: int, effect: float) -> World:
    """An AUC of .80 is reported on 4,000 rows, a fifth of them positive, of which a share is taken away."""
    rng = np.random.default_rng(seed)
    rows = max(round(ALL_TEST_ROWS * (1 - effect)), 10)
    labels = [(rng.random(n) < 0.2).astype(np.int64) for n in (TRAIN_ROWS, rows)]
    labels[1][:2] = 0, 1
    reported = Reported(metric="roc_auc", value=round(rng.uniform(0.75, 0.85), 2))
    return {"test_size": _of_labels(rng, *labels), "reported": reported}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "SPL007": (
        Planter(fault="Positives are more common in test.", effect="difference of the shares", build=_more_positives),
        Planter(fault="Numeric labels are larger in test.", effect="share of test rows", build=_larger_numbers),
    ),
    "SPL008": (
        Planter(fault="A column of numbers is larger in test.", effect="share of test rows", build=_moved_numbers),
        Planter(fault="A column is empty in test.", effect="share of test rows", build=_lost_values),
        Planter(fault="A level is more common in test.", effect="share of test rows", build=_another_level),
        Planter(
            fault="A column is larger in test than its seasons explain.",
            effect="share of test rows",
            build=_beyond_the_season,
        ),
    ),
    "SPL009": (
        Planter(fault="The score was measured on few rows.", effect="share of test rows taken away", build=_fewer_rows),
    ),
}
