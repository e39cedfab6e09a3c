"""How far raters agree, and how severe each is: facts about a panel's ratings, pooled over the works of an eval."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from heldout.core.estimate import Estimate, undefined
from heldout.evals.committee.levels import LEAVES, LEVELS
from heldout.evals.committee.locked import Locked, locked
from heldout.evals.committee.sheets import Sheet
from heldout.evals.record.workspace import Workspace
from heldout.stats import gwet_ac2, krippendorff_alpha, mean_estimate, raw_agreement
from heldout.stats.agreement import FLOOR
from heldout.stats.sample import Floats
from heldout.stats.t_interval import t_estimate

__all__ = ["Apart", "CommitteeAgreement", "LeafAgreement", "Severity", "agreement", "agreement_of"]

FEWEST_UNITS = FLOOR
"""Units with two levels below which there is no coefficient: raw agreement and the disagreements are read then."""
FEWEST_WORKS = 4
"""Works of a rater below which no drift is worked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafAgreement:
    """Agreement on some units (work × leaf with two levels or more); n of each estimate counts them.

    `raw` is the share of pairs of levels that are equal; `alpha` Krippendorff's, ordinal; `gwet` Gwet's AC2, quadratic.
    The two are undefined below FEWEST_UNITS.
    """

    units: int
    raw: Estimate
    alpha: Estimate
    gwet: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A unit on which raters differ: the levels by rater, and how many levels lie between the ends."""

    work: str
    leaf: str
    levels: Mapping[str, str]
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """A rater beside the others, in levels: above 0 gives higher levels than they do on the same units.

    `deviation` is the mean over `units` shared units, its interval over works; `drift` is how it changes from each work
    that they rated to the next, in the order of their rating. Shown, and never corrected for.
    """

    rater: str
    units: int
    works: int
    deviation: Estimate
    drift: Estimate
    cannot_tell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeAgreement:
    """Agreement over all leaves and by leaf, the disagreements (farthest first), and each rater beside the others."""

    works: int
    raters: tuple[str, ...]
    pooled: LeafAgreement
    by_leaf: Mapping[str, LeafAgreement]
    disagreements: tuple[Apart, ...]
    severity: tuple[Severity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matrix:
    """Levels as numbers, 0 for junior, (raters, units); None where a rater gave none. Units are (work, leaf)."""

    raters: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    rows: tuple[tuple[int | None, ...], ...]

    def of(self, leaf: str) -> "_Matrix":
        kept = [number for number, (_, name) in enumerate(self.units) if name == leaf]
        rows = tuple(tuple(row[number] for number in kept) for row in self.rows)
        return _Matrix(raters=self.raters, units=tuple(self.units[number] for number in kept), rows=rows)

    def shared(self) -> int:
        return sum(sum(level is not None for level in column) > 1 for column in zip(*self.rows, strict=True))


def agreement(workspace: Workspace) -> CommitteeAgreement:
    """Return the agreement of an eval's raters. Raises BadInput as `locked`, before the lock too."""
    return agreement_of(locked(workspace))


def agreement_of(after: Locked) -> CommitteeAgreement:
    """Return the agreement of the sheets that count. "Cannot tell" is no level, and counts as none."""
    raters = tuple(name for name in after.state.raters if any(name in said for said in after.sheets.values()))
    units = tuple((work.name, leaf) for work in after.works for leaf in LEAVES)
    rows = tuple(tuple(_level(after.sheets[work].get(name), leaf) for work, leaf in units) for name in raters)
    matrix = _Matrix(raters=raters, units=units, rows=rows)
    return CommitteeAgreement(
        works=len(after.works),
        raters=raters,
        pooled=_agreement(matrix),
        by_leaf={leaf: _agreement(matrix.of(leaf)) for leaf in LEAVES},
        disagreements=_disagreements(matrix),
        severity=tuple(_severity(matrix, number, after) for number in range(len(raters))),
    )


def _level(sheet: Sheet | None, leaf: str) -> int | None:
    level = None if sheet is None else sheet.marks[leaf].level
    return LEVELS.index(level) if level in LEVELS else None


def _agreement(matrix: _Matrix) -> LeafAgreement:
    units = matrix.shared()
    few = f"a coefficient takes {FEWEST_UNITS} units with two levels, and there are {units}"
    if units == 0:
        none = undefined("no unit has two levels", n=0, method="pairwise agreement")
        return LeafAgreement(units=0, raw=none, alpha=none, gwet=none)
    rows = [row for row in matrix.rows if any(level is not None for level in row)]
    given = np.array([[np.nan if level is None else level for level in row] for row in rows])
    raw = raw_agreement(given, categories=range(len(LEVELS))).estimate
    if units < FEWEST_UNITS:
        alpha = undefined(few, n=units, method="Krippendorff's alpha, ordinal")
        return LeafAgreement(units=units, raw=raw, alpha=alpha, gwet=undefined(few, n=units, method="Gwet's AC2"))
    return LeafAgreement(units=units, raw=raw, alpha=_alpha(given), gwet=_gwet(given))


def _alpha(rows: Floats) -> Estimate:
    """Return the coefficient on which a committee's agreement is read: the one place that chooses its interval."""
    return krippendorff_alpha(rows, "ordinal", categories=range(len(LEVELS))).estimate


def _gwet(rows: Floats) -> Estimate:
    return gwet_ac2(rows, "quadratic", categories=range(len(LEVELS))).estimate


def _disagreements(matrix: _Matrix) -> tuple[Apart, ...]:
    found = []
    for number, (work, leaf) in enumerate(matrix.units):
        said = {
            name: level
            for name, row in zip(matrix.raters, matrix.rows, strict=True)
            if (level := row[number]) is not None
        }
        if len(set(said.values())) > 1:
            steps = max(said.values()) - min(said.values())
            levels = {name: LEVELS[level] for name, level in said.items()}
            found.append(Apart(work=work, leaf=leaf, levels=levels, steps=steps))
    return tuple(sorted(found, key=lambda apart: -apart.steps))


def _severity(matrix: _Matrix, number: int, after: Locked) -> Severity:
    name, mine = matrix.raters[number], matrix.rows[number]
    others = [row for place, row in enumerate(matrix.rows) if place != number]
    deviations: dict[str, list[float]] = {}
    for unit, (work, _) in enumerate(matrix.units):
        theirs = [level for row in others if (level := row[unit]) is not None]
        own = mine[unit]
        if own is not None and theirs:
            deviations.setdefault(work, []).append(own - sum(theirs) / len(theirs))
    sheets = {work: said[name] for work, said in after.sheets.items() if name in said}
    in_order = sorted(deviations, key=lambda work: _began(sheets[work]))
    return Severity(
        rater=name,
        units=sum(map(len, deviations.values())),
        works=len(deviations),
        deviation=_mean(deviations),
        drift=_slope([sum(deviations[work]) / len(deviations[work]) for work in in_order]),
        cannot_tell=sum(sheet.marks[leaf].level not in LEVELS for sheet in sheets.values() for leaf in LEAVES),
    )


def _began(sheet: Sheet) -> float:
    return 0.0 if sheet.began is None else sheet.began.timestamp()


def _mean(deviations: Mapping[str, Sequence[float]]) -> Estimate:
    if not deviations:
        return undefined("nobody else gave a level on the same units", n=0, method="mean")
    values = [value for said in deviations.values() for value in said]
    works = [work for work, said in deviations.items() for _ in said]
    return mean_estimate(values, cluster=works)


def _slope(means: Sequence[float]) -> Estimate:
    """Return the slope of a rater's deviations by the place of a work in their order: least squares, t(n - 2)."""
    n, method = len(means), "slope over works in the order of rating, t"
    if n < FEWEST_WORKS:
        return undefined(f"a drift takes {FEWEST_WORKS} works, and there are {n}", n=n, method=method)
    place = np.arange(n) - (n - 1) / 2
    y = np.asarray(means)
    room = float(place @ place)
    slope = float(place @ y) / room
    rest = y - y.mean() - slope * place
    error = math.sqrt(max(float(rest @ rest), 0.0) / (n - 2) / room)
    return t_estimate(slope, error, n - 2, n=n, method=method, scale=float(np.abs(y).max()))
