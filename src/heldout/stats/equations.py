"""Searches a table of numbers for columns that make another one: by sums, products, and what they leave over.

Pairs are screened by random projections: weights that sum to zero take an unknown constant out, and a ± b = y holds on
all rows only if it holds for their weighted sums (Freivalds 1977). What passes is checked row by row.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Equation", "agreement", "chance_of", "copy_equations", "left_over", "pair_equations", "unit_of", "varies"]

Floats = NDArray[np.float64]

quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")
"""Sums and products of numbers near the largest one are infinite, and no equation holds there."""

PROJECTIONS = 3
MOST_CANDIDATES = 400
MOST_PATTERNS = 6
FEWEST_ROWS = 50
FEWEST_VALUES = 20
"""Different sizes of what a product makes, at least."""
RELATIVE = 1e-6
FEWEST_OTHERS = 20
"""Rows on which y is not its commonest value, at least."""
OTHERS_PER_MISS = 10
"""So many of them for each row on which the equation does not hold, at least."""
TELLING_PART = 0.05
"""Of y's standard deviation, what may be left at most: beside two equal times of 1e15 any label is small."""
ROUNDED_PART = 0.005
"""The relative rounding of a factor that is allowed for, at most."""
SCREENED_ROWS = 200
NEARLY_ALL = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """Columns by place, each with its sign (of a sum) or exponent (of a product); `is_product` tells which.

    `result = constant + sum` or `result = constant * product`.
    """

    places: tuple[int, ...]
    signs: tuple[int, ...]
    is_product: bool


@quiet
def unit_of(values: Floats) -> float:
    """Return the unit that all values are multiples of, 1 down to 1e-6; 0 without one.

    >>> unit_of(np.array([1.25, 3.5])), unit_of(np.array([4.0, 5.0])), unit_of(np.array([np.pi]))
    (0.01, 1.0, 0.0)
    """
    known = values[np.isfinite(values)]
    for digits in range(7):
        scaled = known * 10.0**digits
        if np.abs(scaled - np.round(scaled)).max(initial=0.0) <= 1e-6 * np.abs(scaled).max(initial=1.0) / 1e3 + 1e-9:
            return float(10.0**-digits)
    return 0.0


@quiet
def left_over(equation: Equation, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return what the equation leaves of y (n,) without its constant, and the tolerance of each row; NaN where unknown.

    `x` (n, k) holds the equation's columns in its order. Of a product it is the distance in units of y.
    """
    signs = np.array(equation.signs)
    if not equation.is_product:
        rest = y - x @ signs
        tolerance = RELATIVE * (np.abs(y) + np.abs(x).sum(axis=1)) + 1e-12
        return rest - _middle(rest), np.minimum(
            tolerance, TELLING_PART * np.nanstd(np.where(np.isfinite(y), y, np.nan))
        )
    known = np.isfinite(x).all(axis=1) & (x != 0).all(axis=1) & np.isfinite(y) & (y != 0)
    made = np.full(len(y), np.nan)
    made[known] = np.prod(x[known] ** signs, axis=1)
    ratio = y / made
    units = np.array([unit_of(x[:SCREENED_ROWS, j]) for j in range(x.shape[1])])
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.minimum(units / np.abs(x), ROUNDED_PART)
    parts = np.where(units >= 1, np.where(np.abs(x) >= 100, parts, 0.0), parts)
    tolerance = 0.51 * unit_of(y[:SCREENED_ROWS]) + (RELATIVE + 0.51 * parts.sum(axis=1)) * np.abs(y)
    return y - _middle(ratio) * made, tolerance


def agreement(equation: Equation, x: Floats, y: Floats) -> tuple[int, int]:
    """Return on how many rows the equation holds, of those where all its columns have a value (a product: not zero)."""
    rest, tolerance = left_over(equation, x, y)
    known = np.isfinite(rest)
    return int((np.abs(rest[known]) <= tolerance[known]).sum()), int(known.sum())


def chance_of(equation: Equation, x: Floats, y: Floats, seed: int = 0) -> float:
    """Return the share of rows on which it would hold if one of its columns had the values of other rows."""
    order = np.random.default_rng(seed).permutation(len(y))
    shares = []
    for j in range(x.shape[1]):
        mixed = x.copy()
        mixed[:, j] = x[order, j]
        hits, rows = agreement(equation, mixed, y)
        shares.append(hits / max(rows, 1))
    return max(shares, default=1.0)


def varies(equation: Equation, x: Floats, y: Floats) -> bool:
    """Tell whether y has more than one value where the equation can be asked: on rows enough, and more than it misses.

    Where a column has its gaps a rare class may not occur: there any two equal columns make its label.

    >>> same, rare = np.ones((100, 2)), np.repeat([0.0, 1.0], [97, 3])
    >>> varies(Equation(places=(0, 1), signs=(1, -1), is_product=False), same, rare)
    False
    """
    rest, tolerance = left_over(equation, x, y)
    known = np.isfinite(rest)
    _, counts = np.unique(y[known], return_counts=True)
    missed = int((np.abs(rest[known]) > tolerance[known]).sum())
    return int(known.sum() - counts.max(initial=0)) >= max(FEWEST_OTHERS, OTHERS_PER_MISS * missed)


@quiet
def copy_equations(x: Floats, y: Floats) -> list[int]:
    """Return the places of columns that rise or fall with y at every step: copies in another unit or scale."""
    found = []
    for j in range(x.shape[1]):
        known = np.isfinite(x[:, j]) & np.isfinite(y)
        if known.sum() < FEWEST_ROWS:
            continue
        ranks, other = (np.unique(v, return_inverse=True)[1] for v in (y[known], x[known, j]))
        if (ranks == other).all() or (ranks == other.max(initial=0) - other).all():
            found.append(j)
    return found


@quiet
def pair_equations(x: Floats, y: Floats, seed: int = 0) -> list[Equation]:
    """Return the equations of two columns that hold on nearly all rows: a ± b, ab, a/b and b/a, up to a constant.

    `x` (n, k) and `y` (n,) hold NaN where there is no value.
    """
    rng = np.random.default_rng(seed)
    logs, log_y = (np.where(v == 0, np.nan, np.log(np.abs(v))) for v in (x, y))
    relative = 0.3 * unit_of(y) / np.maximum(np.abs(y), 1e-300) + ROUNDED_PART / 3
    precise = RELATIVE * (np.nanmax(np.abs(x), initial=1e-12) + np.abs(y))
    ways = [(False, x, y, precise), (True, logs, log_y, relative)]
    if len(np.unique(log_y[np.isfinite(log_y)])) < FEWEST_VALUES:
        del ways[1]  # any constant is a product of two that go together
    found = []
    for is_product, columns, target, error in ways:
        for equation in _screened(columns, target, error, rng, is_product=is_product):
            places = list(equation.places)
            few = slice(0, SCREENED_ROWS)
            hits, rows = agreement(equation, x[few][:, places], y[few])
            if hits < NEARLY_ALL * rows or rows < FEWEST_ROWS / 2:
                continue
            hits, rows = agreement(equation, x[:, places], y)
            asked = y[np.isfinite(x[:, places]).all(axis=1) & np.isfinite(y)]
            if hits >= NEARLY_ALL * rows and rows >= FEWEST_ROWS and np.ptp(asked) > 0:
                found.append(equation)
    return list(dict.fromkeys(found))


def _screened(
    columns: Floats, target: Floats, error: Floats, rng: np.random.Generator, *, is_product: bool
) -> Iterator[Equation]:
    """Yield the pairs whose projections fit, for the rows that each of the commonest patterns of gaps leaves."""
    gaps = ~np.isfinite(columns)
    patterns, first, counts = np.unique(gaps, axis=1, return_index=True, return_counts=True)
    del patterns
    for place in first[np.argsort(-counts, kind="stable")][:MOST_PATTERNS]:
        rows = ~gaps[:, place] & np.isfinite(target)
        usable = np.flatnonzero(~gaps[rows].any(axis=0))
        if rows.sum() < FEWEST_ROWS or len(usable) < 2:
            continue
        weights = rng.normal(size=(PROJECTIONS, int(rows.sum())))
        weights -= weights.mean(axis=1, keepdims=True)
        parts, whole = weights @ columns[rows][:, usable], weights @ target[rows]
        bound = 4 * np.sqrt((weights**2) @ (error[rows] ** 2)) + 1e-9
        for signs in ((1, 1), (1, -1)):
            off = np.zeros((len(usable), len(usable)))
            for p in range(PROJECTIONS):
                gap = np.abs(whole[p] - signs[0] * parts[p][:, None] - signs[1] * parts[p][None, :])
                off = np.maximum(off, gap / bound[p])
            if signs == (1, 1):
                off[np.tril_indices(len(usable))] = np.inf
            np.fill_diagonal(off, np.inf)
            best = np.argsort(off, axis=None)[:MOST_CANDIDATES] if off.size > MOST_CANDIDATES else np.arange(off.size)
            for a, b in zip(*np.unravel_index(best, off.shape), strict=True):
                if off[a, b] <= 1:
                    yield Equation(places=(int(usable[a]), int(usable[b])), signs=signs, is_product=is_product)


def _middle(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else 0.0
