"""Finds masses of a column (no value, zero, one level) whose rows nearly all have one class."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.profile import ColumnProfile, LabelKind, LabelProfile, Mass, Profile
from heldout.stats import clopper_pearson, holm
from heldout.stats.determination import excess_p

LEAST_PURITY = 0.93  # share of one class in the mass, at least
FEWER_ERRORS = 10  # the mass errs so many times more rarely than its class does at base
LEAST_COVERAGE = 0.3  # share of the class's rows that lie in the mass, at least
LEAST_ROWS = 30  # rows of a mass, at least
LEAST_SHARE = 0.01  # share of the rows in a mass, at least
MINIMUM_EFFECT = 0.97  # share of 4,000 rows on which a field is filled by the outcome


@check("LEK002")
def mass_point_purity(profile: Profile) -> tuple[Answer, ...]:
    """Find columns whose being empty, being zero or having one value gives a class away.

    ## Why it matters
    Fields that are filled in after the outcome betray it by being filled at all. A column's AUC stays modest when it
    speaks for a part of the rows only, and tools that drop the nulls see nothing.

    ## Example
    Of the Titanic's passengers with a `boat` number 97 % survived. `expenditure` is above zero for holders of the
    card that was applied for, and for nobody else.

    ## What to do
    Find out when the field is filled. After the outcome: drop it, and what is computed from it. Before: declare it.

    ## Limits
    A mass is no value, a value, zero, not zero, or one level, of at least {LEAST_ROWS} rows and {LEAST_SHARE} of all.
    It fires when the share of a class in it exceeds both {LEAST_PURITY} and an error {FEWER_ERRORS} times rarer than
    at base, by an exact binomial bound, Holm-corrected over all masses and classes, and the mass covers at least
    {LEAST_COVERAGE} of the class. Being empty or zero is a structure (`strong`); one level alone, or one of the two
    values of a flag, is `suspect`, as innocent levels can be pure. Columns that share their empty rows are reported
    once, taken to share them when counts per class agree. Classes only: a numeric label has no purity. Rows are taken
    as independent. It promises to find a field that is filled by the outcome on a share of {MINIMUM_EFFECT} of 4,000
    rows.
    """
    label = profile.label
    if label is None or label.kind is LabelKind.REGRESSION:
        return (not_applicable("Purity asks for a target of classes."),)
    totals = np.array(label.counts)
    least = max(LEAST_ROWS, LEAST_SHARE * totals.sum())
    masses = [m for c in profile.columns.values() for m in _masses(c) if least <= sum(m.counts) < totals.sum()]
    if not masses:
        return (not_applicable(f"No value, level or gap of a column holds {least:g} rows."),)
    counts = np.array([mass.counts for mass in masses])
    rows = counts.sum(axis=1, keepdims=True)
    gates = np.maximum(LEAST_PURITY, 1 - (1 - totals / totals.sum()) / FEWER_ERRORS)
    covers = counts >= LEAST_COVERAGE * np.maximum(totals, 1)
    alpha = alpha_of("leakage")
    fires = covers & (holm(excess_p(counts, rows, gates).ravel()).reshape(counts.shape) <= alpha)
    undecided = covers & ~fires & (excess_p(rows - counts, rows, 1 - gates) > alpha / counts.size)
    if fires.any():
        return _answers(fires, masses, label)
    if undecided.any():
        names = ", ".join(sorted({masses[i].column for i in np.flatnonzero(undecided.any(axis=1))}))
        return (caution(f"Whether a mass of these columns gives a class away cannot be told: {names}."),)
    return (clear(f"None of {len(masses)} masses gives a class of {label.name} away."),)


def _masses(column: ColumnProfile) -> Iterable[Mass]:
    """Yield the column's masses; zero is a structure of an amount, and one of the two levels of a flag."""
    is_flag = column.distinct == 2
    for mass in column.masses:
        yield replace(mass, is_structural=False) if is_flag and mass.state in ("zero", "not zero") else mass


def _answers(fires: NDArray[np.bool_], masses: Sequence[Mass], label: LabelProfile) -> tuple[Answer, ...]:
    """Answer once per column, by its most telling mass, and once for columns that share their empty rows."""
    pure = [(masses[i], int(c)) for i, c in np.argwhere(fires)]
    pure.sort(key=lambda case: (not case[0].is_structural, -case[0].counts[case[1]], case[0].column, case[0].state))
    blocks: dict[tuple[object, ...], list[tuple[Mass, int]]] = {}
    seen: set[str] = set()
    for mass, c in pure:
        if mass.column not in seen:
            seen.add(mass.column)
            key = (mass.state, mass.counts) if mass.state in ("null", "not null") else (mass.column,)
            blocks.setdefault(key, []).append((mass, c))
    return tuple(_answer([mass for mass, _ in block], block[0][1], label) for block in blocks.values())


def _answer(block: Sequence[Mass], c: int, label: LabelProfile) -> Answer:
    names = sorted(mass.column for mass in block)
    mass, hits, rows = block[0], block[0].counts[c], sum(block[0].counts)
    where = ", ".join(names)
    return problem(
        f"Where {where} is {mass.state}, {label.name} is {label.classes[c]} in {hits:,} of {rows:,} rows.",
        Certainty.STRONG if mass.is_structural else Certainty.SUSPECT,
        to_do=f"Find out when {where} is filled in; if after the outcome, drop it and what is computed from it.",
        measures=(
            Measure(name=f"{label.classes[c]} where {mass.state}", estimate=clopper_pearson(hits, rows), unit="share"),
            Measure(
                name=f"{label.classes[c]} at base",
                estimate=clopper_pearson(label.counts[c], sum(label.counts)),
                unit="share",
            ),
            Measure(name="coverage of the class", estimate=clopper_pearson(hits, label.counts[c]), unit="share"),
        ),
        witnesses=tuple(Witness(kind="column", where=name, note=mass.state) for name in names),
    )
