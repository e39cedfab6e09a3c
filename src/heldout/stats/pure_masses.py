"""Masses of columns (no value, zero, one level) whose rows nearly all have one class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heldout.core.error_control import alpha_of
from heldout.core.profile import ColumnProfile, Mass, Profile
from heldout.stats.determination import excess_p
from heldout.stats.multiplicity import holm

__all__ = [
    "FEWER_ERRORS",
    "JUMP",
    "LEAST_COVERAGE",
    "LEAST_PURITY",
    "LEAST_ROWS",
    "LEAST_SHARE",
    "POINT_MASS",
    "PureMasses",
    "judged_masses",
    "pure_masses",
]

LEAST_PURITY = 0.93
"""Share of one class in the mass, at least."""
FEWER_ERRORS = 10
"""The mass errs so many times more rarely than its class does at base."""
LEAST_COVERAGE = 0.3
"""Share of the class's rows that lie in the mass, at least."""
LEAST_ROWS = 30
"""Rows of a mass, at least."""
LEAST_SHARE = 0.01
"""Share of the rows in a mass, at least."""
POINT_MASS = 5
"""Zero is a point mass where it has so many times the rows of the next value: in a count it is the lowest count."""

LEANS = 0.05
"""Chance that any mass of a label that knows of none leans as far as one that seems pure, at most."""
JUMP = 5
"""The odds of some class change so many times from zero to the values beside it: what follows a trend changes less."""
JUMP_SPREADS = 1.645
"""Standard errors that are taken off: a one-sided bound at 95 %."""
BESIDE = 0.02
"""Share of the rows that are not zero that tell what is beside it, at least, and at least LEAST_ROWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PureMasses:
    """Of `examined` masses, those that are pure with the class they are pure in, and the columns of those that seem so.

    A mass seems pure where its share, and not its bound, is what is asked for, and chance does not explain its lean.
    """

    examined: int
    least: float
    pure: tuple[tuple[Mass, int], ...]
    undecided: tuple[str, ...]


def judged_masses(column: ColumnProfile) -> Iterable[Mass]:
    """Yield the column's masses, zero as a structure only where it is a point mass and the classes jump beside it."""
    is_structure = column.distinct != 2 and _is_point_mass(column)
    for mass in column.masses:
        is_zero = mass.state in ("zero", "not zero")
        yield replace(mass, is_structural=False) if is_zero and not is_structure else mass


def pure_masses(profile: Profile) -> PureMasses:
    """Judge every mass of every column by an exact binomial bound, Holm-corrected over masses and classes."""
    if profile.label is None or not profile.label.counts:
        return PureMasses(examined=0, least=LEAST_ROWS, pure=(), undecided=())
    totals = np.array(profile.label.counts)
    least = max(LEAST_ROWS, LEAST_SHARE * totals.sum())
    columns = profile.columns.values()
    masses: Sequence[Mass] = [m for c in columns for m in judged_masses(c) if least <= sum(m.counts) < totals.sum()]
    if not masses:
        return PureMasses(examined=0, least=least, pure=(), undecided=())
    counts = np.array([mass.counts for mass in masses])
    rows = counts.sum(axis=1, keepdims=True)
    gates = np.maximum(LEAST_PURITY, 1 - (1 - totals / totals.sum()) / FEWER_ERRORS)
    covers = counts >= LEAST_COVERAGE * np.maximum(totals, 1)
    alpha = alpha_of("leakage")
    fires = covers & (holm(excess_p(counts, rows, gates).ravel()).reshape(counts.shape) <= alpha)
    leans = excess_p(counts, rows, totals / totals.sum()) <= LEANS / counts.size
    undecided = covers & ~fires & leans & (counts > gates * rows)
    return PureMasses(
        examined=len(masses),
        least=least,
        pure=tuple((masses[int(i)], int(c)) for i, c in np.argwhere(fires)),
        undecided=tuple(sorted({masses[int(i)].column for i in np.flatnonzero(undecided.any(axis=1))})),
    )


def _is_point_mass(column: ColumnProfile) -> bool:
    if "0" not in column.bins:
        return column.maximum == "0"
    counts = np.abs(column.joint).sum(axis=0)[:-1]
    rows, place = counts.sum(axis=1), column.bins.index("0")
    next_to = [rows[i] for i in (place - 1, place + 1) if 0 <= i < len(rows)]
    return bool(rows[place] >= POINT_MASS * max(next_to, default=0)) and _jumps(counts, place)


def _jumps(counts: NDArray[np.float64], place: int) -> bool:
    """Tell whether the odds of a class jump between zero and the rows beside it, above it and below.

    By the lower bound of Woolf's interval of the log odds ratio (1955): beside a pure zero few errors are chance.

    >>> trend, jump = np.array([[200.0, 5], [90, 10], [50, 50]]), np.array([[200.0, 5], [1, 99], [0, 100]])
    >>> _jumps(trend, 0), _jumps(jump, 0)
    (False, True)
    """
    least = max(LEAST_ROWS, BESIDE * (counts.sum() - counts[place].sum()))
    jumps = []
    for side in (counts[place + 1 :], counts[:place][::-1]):
        cut = int(np.searchsorted(side.sum(axis=1).cumsum(), least)) + 1
        if len(side):
            zero, beside = counts[place] + 0.5, side[:cut].sum(axis=0) + 0.5
            odds, spread = np.zeros_like(zero), np.zeros_like(zero)
            for group, sign in ((zero, 1), (beside, -1)):
                others = group.sum() - group
                odds += sign * np.log(group / others)
                spread += 1 / group + 1 / others
            jumps.append(float((np.abs(odds) - JUMP_SPREADS * np.sqrt(spread)).max()))
    return bool(jumps) and bool(min(jumps) >= np.log(JUMP))
