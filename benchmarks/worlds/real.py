"""Real clean worlds: rows of a real table, the outcome redrawn from a model of the real one, so that no column leaks.

Rows are drawn without copies. Where a table of numbers has too few, they come from a smoothed bootstrap (Silverman &
Young 1987): a drawn row moved by half a standard deviation of correlated noise, shrunk to the table's variance, and
written as finely as the table is.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.worlds.bases import Base, base_of, bases_for, is_text, numbers_of
from benchmarks.worlds.views import coded, gaps, missing_by
from benchmarks.worlds.world import (
    LARGEST_AUC,
    CleanWorld,
    Columns,
    auc_of,
    cut_at_time,
    label_of,
    random_part,
    share_for_test,
    strength_for,
    tables_of,
)

__all__ = ["real_kinds", "real_world"]

MOVED = 0.5  # standard deviations by which a drawn row is moved
LEAST_GAP_ROWS = 200


def real_kinds(rows: int, prevalence: float) -> tuple[str, ...]:
    """Return the kinds of real worlds of so many rows: a table, and how it is split."""
    with_test = share_for_test(rows, prevalence) is not None
    kinds = []
    for name in bases_for(rows):
        split = "split forward" if name == "flights" else "split at random"
        kinds += [name, f"{name}, {split}"] if with_test else [name]
    return tuple(kinds)


def real_world(rng: np.random.Generator, rows: int, columns: int, prevalence: float, kind: str) -> CleanWorld:
    """Draw a world of one of the kinds of `real_kinds`, of exactly so many rows, and columns with the label."""
    name, _, split = kind.partition(", ")
    base = base_of(name, str(rng.choice(["logistic", "trees"])))
    table, odds = _drawn(rng, base, rows, in_order=split == "split forward")
    noise = rng.logistic(size=rows)
    strength = min(strength_for(odds, noise, prevalence, LARGEST_AUC), 1.0)
    label = label_of(strength * odds + noise, prevalence)
    kept = [str(c) for c in rng.permutation(table.column_names)][: columns - 1]
    declared = {}
    in_test: NDArray[np.bool_] | None = None
    share = share_for_test(rows, prevalence)
    if split == "split forward":
        assert base.time is not None
        kept = [base.time, *(c for c in kept if c != base.time)][: columns - 1]
        declared["time"] = base.time
        assert share is not None
        in_test = np.arange(rows) >= cut_at_time(table[base.time].to_numpy(), share)
    elif split:
        in_test = random_part(rng, rows, prevalence)
    padded = _padded(rng, {c: table[c].combine_chunks() for c in kept}, odds, columns - 1)
    train, test = tables_of({**padded, "label": label}, in_test)
    best = auc_of(odds, label)
    return CleanWorld(train=train, test=test, kind=kind, auc=best, declared=declared)


def _drawn(rng: np.random.Generator, base: Base, rows: int, *, in_order: bool) -> tuple[pa.Table, NDArray[np.float64]]:
    """Return rows of the table with their log odds: each once, or moved."""
    there = base.columns.num_rows
    if rows <= there:
        chosen = rng.permutation(there)[:rows]
        chosen = np.sort(chosen) if in_order else chosen
        return base.columns.take(chosen), base.log_odds[chosen]
    assert base.is_dense, base.name
    data = np.column_stack([numbers_of(column) for column in base.columns.columns])
    data = np.column_stack([data, np.clip(base.log_odds, *np.quantile(base.log_odds, [0.02, 0.98]))])
    chosen = rng.integers(0, there, rows)
    centre = data.mean(axis=0)
    moved = data[chosen] + MOVED * rng.multivariate_normal(np.zeros(data.shape[1]), np.cov(data.T), rows, method="svd")
    moved = centre + (moved - centre) / (1 + MOVED**2) ** 0.5
    names = base.columns.column_names
    columns = {name: _as_fine(moved[:, i], data[:, i]) for i, name in enumerate(names)}
    return pa.table(columns), moved[:, -1]


def _as_fine(values: NDArray[np.float64], like: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round the values as the real column is, and keep them in its range."""
    digits = next((d for d in range(6) if np.allclose(np.round(like, d), like, atol=1e-9)), 6)
    return np.round(np.clip(values, like.min(), like.max()), digits)


def _padded(rng: np.random.Generator, real: dict[str, Any], odds: NDArray[np.float64], columns: int) -> Columns:
    """Add columns computed from the real ones, permuted, coarser, twice, with gaps; some real ones get gaps too."""
    made: Columns = dict(real)
    numeric = [name for name, c in real.items() if not is_text(c) and not pa.types.is_temporal(c.type)]
    spread = odds.std() or 1.0
    while len(made) < columns:
        name = str(rng.choice(list(real)))
        one, other = (str(n) for n in rng.choice(numeric, 2)) if numeric else (name, name)
        how = str(rng.choice(["permuted", "sum", "difference", "product", "ratio", "coarser", "gaps", "twice"]))
        if how == "permuted" or (not numeric and how != "twice"):
            made[f"{name}_permuted_{len(made)}"] = real[name].take(rng.permutation(len(real[name])))
        elif how == "twice":
            made[f"{name}_twice_{len(made)}"] = real[name]
        else:
            seen = (odds - odds.mean()) / spread
            made[f"{one}_{how}_{len(made)}"] = _computed(rng, how, numbers_of(real[one]), numbers_of(real[other]), seen)
    order = rng.permutation(len(made))
    names = list(made)
    return {names[i]: made[names[i]] for i in order}


def _computed(rng: np.random.Generator, how: str, a: Any, b: Any, seen: NDArray[np.float64]) -> Any:
    if how == "sum":
        return a + b
    if how == "difference":
        return a - b
    if how == "product":
        return a * b
    if how == "ratio":
        return a / np.where(b == 0, np.nan, b) if np.mean(b == 0) < 0.5 else a + 2 * b
    if how == "coarser":
        edges = np.unique(np.nanquantile(a, np.sort(rng.random(int(rng.integers(2, 9))))))
        codes = np.searchsorted(edges, np.nan_to_num(a, nan=float(edges[0])))
        return coded(codes, [f"class {i}" for i in range(edges.size + 1)])
    return gaps(a, missing_by(rng, seen, float(rng.choice([0.05, 0.3, 0.7])), float(rng.uniform(-0.8, 0.8))))
