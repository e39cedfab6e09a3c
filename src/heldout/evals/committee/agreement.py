"""How far raters agree, and how severe each is: facts about a panel's ratings, pooled over the works of an eval."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from heldout.core.estimate import Estimate, undefined
from heldout.evals.committee.levels import LEAVES, LEVELS
from heldout.evals.committee.locked import Locked, locked
from heldout.evals.committee.sheets import Sheet
from heldout.evals.record.workspace import Workspace
from heldout.stats import committee_agreement, gwet_ac2, rater_severity, raw_agreement, severity_drift
from heldout.stats.agreement import FLOOR
from heldout.stats.sample import Floats

__all__ = ["Apart", "CommitteeAgreement", "LeafAgreement", "Severity", "agreement", "agreement_of"]

FEWEST_UNITS = FLOOR
"""Units with two levels below which there is no coefficient: raw agreement and the disagreements are read then."""
NO_INTERVAL = "questions of one work go together, and an interval that allows for it was not proved"
CODES = range(len(LEVELS))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafAgreement:
    """Agreement on some units (work × leaf with two levels or more); n of each estimate counts them.

    `raw` is the share of pairs of levels that are equal; `alpha` Krippendorff's, ordinal; `gwet` Gwet's AC2, quadratic.
    The two are undefined below FEWEST_UNITS. Alpha alone has an interval, over works: see `stats.committee_agreement`.
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

    `deviation` is the mean over `units` shared units, `drift` by how much it rises from the first to the last that they
    rated, in the order of their rating; intervals are over works. Shown, and never corrected for.
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

    def levels(self) -> Floats:
        """Return the levels of the raters who gave any, NaN where one is missing."""
        rows = [row for row in self.rows if any(level is not None for level in row)]
        return np.array([[np.nan if level is None else level for level in row] for row in rows], dtype=float)

    def works(self) -> list[str]:
        """Return whose work each unit is of."""
        return [work for work, _ in self.units]


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
        severity=_severities(matrix, after),
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
    given = matrix.levels()
    raw = _bare(raw_agreement(given, categories=CODES).estimate)
    if units < FEWEST_UNITS:
        alpha = undefined(few, n=units, method="Krippendorff's alpha, ordinal")
        return LeafAgreement(units=units, raw=raw, alpha=alpha, gwet=undefined(few, n=units, method="Gwet's AC2"))
    alpha = committee_agreement(given, matrix.works(), categories=CODES)
    gwet = _bare(gwet_ac2(given, "quadratic", categories=CODES).estimate)
    return LeafAgreement(units=units, raw=raw, alpha=alpha, gwet=gwet)


def _bare(estimate: Estimate) -> Estimate:
    """Return the value alone: the interval of this coefficient takes questions of one work as independent."""
    if estimate.value is None:
        return estimate
    return undefined(NO_INTERVAL, n=estimate.n, method=estimate.method, value=estimate.value, level=estimate.level)


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


def _severities(matrix: _Matrix, after: Locked) -> tuple[Severity, ...]:
    deviations = _beside_the_others(matrix, after)
    return tuple(_severity(matrix, number, after, *of) for number, of in enumerate(deviations))


def _beside_the_others(matrix: _Matrix, after: Locked) -> list[tuple[Estimate, Estimate]]:
    """Return deviation and drift of each rater; the statistics count stricter as above 0, and a panel higher levels."""
    rated = [number for number, row in enumerate(matrix.rows) if any(level is not None for level in row)]
    lone = undefined("nobody else gave a level on the same units", n=0, method="mean")
    found = [(lone, lone)] * len(matrix.rows)
    if len(rated) > 1:
        levels, works = matrix.levels(), matrix.works()
        order = np.array(
            [[_began(after.sheets[work].get(matrix.raters[number])) for work in works] for number in rated]
        )
        pairs = zip(
            rater_severity(levels, works, categories=CODES),
            severity_drift(levels, order, works, categories=CODES),
            strict=True,
        )
        for number, (severity, drift) in zip(rated, pairs, strict=True):
            found[number] = (_turned(severity), _turned(drift))
    return found


def _turned(estimate: Estimate) -> Estimate:
    value, low, high = (None if end is None else -end for end in (estimate.value, estimate.high, estimate.low))
    return replace(estimate, value=value, low=low, high=high)


def _severity(matrix: _Matrix, number: int, after: Locked, deviation: Estimate, drift: Estimate) -> Severity:
    name = matrix.raters[number]
    others = [row for place, row in enumerate(matrix.rows) if place != number]
    shared = [
        work
        for unit, (work, _) in enumerate(matrix.units)
        if matrix.rows[number][unit] is not None and any(row[unit] is not None for row in others)
    ]
    sheets = [said[name] for said in after.sheets.values() if name in said]
    return Severity(
        rater=name,
        units=len(shared),
        works=len(set(shared)),
        deviation=deviation,
        drift=drift,
        cannot_tell=sum(sheet.marks[leaf].level not in LEVELS for sheet in sheets for leaf in LEAVES),
    )


def _began(sheet: Sheet | None) -> float:
    return 0.0 if sheet is None or sheet.began is None else sheet.began.timestamp()
