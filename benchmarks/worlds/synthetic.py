"""Invented clean worlds: a hidden risk, an outcome drawn from it, and columns that saw the risk beforehand."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.signal import lfilter

from benchmarks.worlds.views import COARSE, NAMES, OUTCOME_NAMES, SHAPES, coded, gaps, ids, missing_by, view
from benchmarks.worlds.world import (
    LARGEST_AUC,
    CleanWorld,
    Columns,
    auc_of,
    cut_at_time,
    dates,
    label_of,
    random_part,
    share_for_test,
    strength_for,
    tables_of,
)

__all__ = ["SPLIT_KINDS", "SYNTHETIC", "synthetic_world"]

Values = NDArray[np.float64]


def synthetic_world(rng: np.random.Generator, rows: int, columns: int, prevalence: float, kind: str) -> CleanWorld:
    """Draw a world of one of the kinds in SYNTHETIC, of exactly so many rows, and columns with the label."""
    return SYNTHETIC[kind](rng, rows, columns, prevalence)


class Maker:
    """Collects the columns of one world; the risk is standard normal, `noise` is what no column saw."""

    def __init__(self, rng: np.random.Generator, risk: Values, noise: Values, prevalence: float) -> None:
        self.rng, self.rows = rng, risk.size
        self.risk = (risk - risk.mean()) / risk.std()
        self.best = rng.uniform(0.75, LARGEST_AUC)
        strength = strength_for(self.risk, noise, prevalence, self.best)
        self.label = label_of(strength * self.risk + noise, prevalence)
        self.columns: Columns = {}

    def correlation(self) -> float:
        """Most columns see nothing of the risk, some a little, few much."""
        return float(self.rng.choice([0.0, self.rng.uniform(0, 0.3), self.rng.uniform(0.3, 0.8)], p=[0.5, 0.35, 0.15]))

    def add(self, columns: int, shapes: tuple[str, ...] = tuple(SHAPES), gap_share: float = 0.1) -> None:
        """Add views until the table has so many columns with its label, some of them with gaps."""
        while len(self.columns) < columns - 1:
            seen = view(self.rng, self.risk, self.correlation())
            shape = str(self.rng.choice(shapes))
            column = SHAPES[shape](self.rng, seen)
            if self.rng.random() < gap_share and shape != "day":
                column = gaps(column, missing_by(self.rng, view(self.rng, self.risk, self.correlation()), 0.1, 0.8))
            self.columns[f"{shape.replace('-', '_')}_{len(self.columns)}"] = column

    def world(self, kind: str, in_test: NDArray[np.bool_] | None = None, **declared: Any) -> CleanWorld:
        """Return the world, its columns in an order of chance."""
        names = list(self.columns)
        ordered = {names[i]: self.columns[names[i]] for i in self.rng.permutation(len(names))}
        train, test = tables_of(ordered | {"label": self.label}, in_test)
        best = auc_of(self.risk, self.label)
        return CleanWorld(train=train, test=test, kind=kind, auc=best, declared=declared)


def _independent(rng: np.random.Generator, rows: int, prevalence: float) -> Maker:
    return Maker(rng, rng.standard_normal(rows), rng.logistic(size=rows), prevalence)


def _strong(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """One column sees the whole risk: it tells the label as well as anything honest does."""
    made = _independent(rng, rows, prevalence)
    shape = str(rng.choice(["number", "amount", "points", "rounded", "places"]))
    made.columns["best"] = SHAPES[shape](rng, made.risk)
    made.add(columns)
    return made.world("strong column")


def _gaps(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """Forms that are filled in before the outcome, by those at risk more or less often; one mask per form."""
    made = _independent(rng, rows, prevalence)
    form = 0
    while len(made.columns) < columns * 0.7 - 1:
        form += 1
        seen = view(rng, made.risk, rng.uniform(0.3, 0.7))
        missing = missing_by(rng, seen, rng.choice([0.02, 0.1, 0.3, 0.7, 0.95]), rng.uniform(-0.8, 0.8))
        for field in range(int(rng.integers(1, 5))):
            shape = str(rng.choice(["number", "amount", "zero-inflated", "grade", "count"]))
            column = SHAPES[shape](rng, view(rng, made.risk, made.correlation()))
            made.columns[f"form_{form}_{field}"] = gaps(column, missing)
            if len(made.columns) >= columns - 1:
                break
    made.add(columns, gap_share=0.5)
    return made.world("leaning gaps")


def _ties(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """Coarse columns: rows repeat themselves by nature, and a random split has them on both sides."""
    made = _independent(rng, rows, prevalence)
    made.add(columns, COARSE if rng.random() < 0.7 else ("grade", "flag"), gap_share=0.05)
    return made.world("ties", random_part(rng, rows, prevalence) if rng.random() < 0.7 else None)


def _two_tables(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """Independent rows of every shape in train and test, with a key of the rows."""
    made = _independent(rng, rows, prevalence)
    made.columns["key"] = ids(rng, rows)
    made.add(columns)
    return made.world("random split", random_part(rng, rows, prevalence))


def _drift(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """Risk and columns drift over the time of the rows; test comes after train."""
    clock = np.linspace(-1, 1, rows)
    risk = rng.standard_normal(rows) + rng.uniform(-0.5, 0.5) * clock
    made = Maker(rng, risk, rng.logistic(size=rows), prevalence)
    time = dates(rng, rows)
    made.columns["when"] = time
    if rng.random() < 0.3:
        made.columns["row"] = np.arange(rows)
    for i in range(min(columns // 4, 20)):
        moved = view(rng, made.risk, made.correlation()) + rng.uniform(-0.7, 0.7) * clock
        made.columns[f"drifting_{i}"] = SHAPES["number" if i % 2 else "amount"](rng, moved)
    made.add(columns)
    return made.world("drift", _later_part(time, prevalence), time="when")


def _autocorrelation(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """Rows follow each other: risk, columns and what nobody saw keep a part of what they were; test comes after."""
    keeps = rng.uniform(0.5, 0.98)
    risk, hidden = (_keeping(rng, rows, keeps) for _ in range(2))
    noise = 1.8 * (0.5**0.5 * hidden + 0.5**0.5 * rng.standard_normal(rows))
    made = Maker(rng, risk, noise, prevalence)
    time = dates(rng, rows)
    made.columns["when"] = time
    if rng.random() < 0.25:  # what came of the row before: known in time, as test comes after train
        made.columns["outcome_before"] = np.concatenate([[np.nan], made.label[:-1].astype(np.float64)])
    for i in range(min(columns // 4, 20)):
        mixed = 0.6 * made.risk + 0.8 * _keeping(rng, rows, keeps)
        made.columns[f"slow_{i}"] = np.round(mixed, 3)
    made.add(columns)
    return made.world("autocorrelation", _later_part(time, prevalence), time="when")


def _entities(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """Rows of a customer resemble each other, and each customer is on one side; declared, or plain to see."""
    count = max(rows // int(rng.integers(4, 20)), 40)
    of = np.sort(rng.integers(0, count, rows))
    shared = rng.standard_normal(count)[of]
    within = rng.uniform(0.2, 0.7)
    risk = within**0.5 * shared + (1 - within) ** 0.5 * rng.standard_normal(rows)
    noise = 1.8 * (0.3**0.5 * rng.standard_normal(count)[of] + 0.7**0.5 * rng.standard_normal(rows))
    made = Maker(rng, risk, noise, prevalence)
    made.columns["customer"] = coded(of, [f"C-{i:06d}" for i in rng.permutation(count)])
    for i in range(min(columns // 4, 20)):
        lasting = view(rng, shared, rng.uniform(0, 0.6))[np.searchsorted(of, of)]  # the first row's, for all of them
        made.columns[f"lasting_{i}"] = SHAPES["number" if i % 2 else "grade"](rng, lasting)
    made.add(columns)
    share = share_for_test(rows, prevalence)
    in_test = None if share is None else (rng.random(count) < share)[of]
    return made.world("entities", in_test, **({"entity": "customer"} if rng.random() < 0.7 else {}))


def _names(rng: np.random.Generator, rows: int, columns: int, prevalence: float) -> CleanWorld:
    """Names of late columns on columns that are there in time; keys, twins, constants, remarks."""
    made = _independent(rng, rows, prevalence)
    made.columns |= {"id": ids(rng, rows), "remark": _remarks(rng, rows), "always": np.full(rows, 3)}
    for name in rng.permutation(NAMES)[: max(columns // 3, 3)]:
        shape = str(rng.choice(["points", "grade", "amount", "flag", "number", "zero-inflated"]))
        most = 0.35 if name in OUTCOME_NAMES else 0.7
        made.columns[str(name)] = SHAPES[shape](rng, view(rng, made.risk, rng.uniform(0, most)))
    twin = str(list(made.columns)[-1])
    made.columns[f"{twin}_again"] = made.columns[twin]
    made.add(columns, gap_share=0.2)
    known = {"known_at_prediction": tuple(made.columns)} if rng.random() < 0.3 else {}
    part = random_part(rng, rows, prevalence) if rng.random() < 0.5 else None
    return made.world("tempting names", part, **known)


def _later_part(time: NDArray[Any], prevalence: float) -> NDArray[np.bool_] | None:
    share = share_for_test(time.size, prevalence)
    return None if share is None else np.arange(time.size) >= cut_at_time(time, share)


def _keeping(rng: np.random.Generator, rows: int, keeps: float) -> Values:
    """Return a stationary autoregressive walk of variance 1."""
    steps = rng.standard_normal(rows) * (1 - keeps**2) ** 0.5
    walk: Values = lfilter([1.0], [1.0, -keeps], steps)
    return walk


def _remarks(rng: np.random.Generator, rows: int) -> pa.Array:
    """Return a few remarks of chance words, most rows without one."""
    words = np.array([f"w{i}" for i in range(400)])
    said = words[(400 * rng.random((min(rows, 2000), 9)) ** 2).astype(int)]
    texts = [" ".join(row[: rng.integers(3, 10)]) for row in said]
    codes = np.where(rng.random(rows) < min(0.3, 2000 / rows), np.arange(rows) % len(texts), 0)
    return coded(codes, ["", *texts])


SYNTHETIC: Mapping[str, Callable[[np.random.Generator, int, int, float], CleanWorld]] = {
    "strong column": _strong,
    "leaning gaps": _gaps,
    "ties": _ties,
    "tempting names": _names,
    "random split": _two_tables,
    "drift": _drift,
    "autocorrelation": _autocorrelation,
    "entities": _entities,
}
SPLIT_KINDS = ("random split", "drift", "autocorrelation", "entities")
"""Kinds that are about a split: left out where the test part would hold too few of a class."""
