"""Finds sets of rows (no value, zero, one level of a column) in which the label never varies."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from heldout.core.check import check
from heldout.core.column_names import words_of
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.outcome_words import outcome_word
from heldout.core.profile import ColumnKind, ColumnProfile, LabelKind, LabelProfile, Mass, Profile
from heldout.stats import clopper_pearson
from heldout.stats.leaky_columns import leaky_columns
from heldout.stats.pure_masses import judged_masses, pure_masses

CODE_WORDS = frozenset({"id", "code", "type", "category", "cat", "class", "flag", "disposition"})
"""Words in the names of numbers that stand for something: other numbers rise and fall, and their ends are pure."""
LEAST_ROWS = 50  # rows of a stratum, at least
LARGEST_P = 1e-6  # chance of such a stratum at the label's own shares, at most
FEWER_ERRORS = 4  # the other classes are so many times rarer in it than at base, by a bound
MINIMUM_EFFECT = 200  # rows whose label a note goes by, of 4,000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stratum:
    mass: Mass
    rows: int
    winner: int
    is_sure: bool


@check("LEK009")
def deterministic_stratum(profile: Profile) -> tuple[Answer, ...]:
    """Find rows marked by one column (no value, a value, zero, one level) whose label never varies.

    ## Why it matters
    Nature is seldom certain. Rows that all end alike were marked after the end, or cannot end otherwise: then the
    question does not arise for them, and they flatter the score.

    ## Example
    The Titanic's 121 passengers with a `body` number all died; of the guests with a parking space none cancelled.

    ## What to do
    Find out when the mark is made. After the outcome: drop the column. If the rows cannot end otherwise, leave them
    out and say so.

    ## Limits
    A stratum has at least {LEAST_ROWS} rows, all of one class; at the label's own shares that has a chance of at most
    {LARGEST_P}, and the other classes are {FEWER_ERRORS} times rarer in it than at base by an exact bound, Bonferroni
    over the strata. Being empty or zero is a structure, and so is a level of a column named after an outcome
    (`strong`); another level is `suspect`. Numbers have levels only where their names hold one of {CODE_WORDS}. What
    LEK001 or LEK002 tells of a column is not told again. Classes only. Rows are taken as independent. It promises to
    find {MINIMUM_EFFECT} marked rows of 4,000.
    """
    label = profile.label
    if label is None or label.kind is LabelKind.REGRESSION:
        return (not_applicable("A stratum of one class asks for a target of classes."),)
    told = {*leaky_columns(profile), *(mass.column for mass, _ in pure_masses(profile).pure)}
    columns = [column for column in profile.columns.values() if column.name not in told]
    masses = [
        (mass, mass.is_structural or is_named)
        for column in columns
        for is_named in [bool(outcome_word(column.name)[0])]
        for mass in _strata(column)
    ]
    many = {True: sum(is_sure for _, is_sure in masses), False: len(masses)}
    found = [s for mass, is_sure in masses if (s := _stratum(mass, label, is_sure, many[is_sure]))]
    if found:
        return _answers(found, label)
    if not masses:
        return (not_applicable(f"No stratum of a column holds {LEAST_ROWS} rows."),)
    return (clear(f"The label varies in each of {len(masses)} strata of {LEAST_ROWS} rows or more."),)


def _strata(column: ColumnProfile) -> Iterable[Mass]:
    """Yield the column's masses that are large enough; a number is a level only where it is a code."""
    is_code = column.kind is not ColumnKind.NUMERIC or bool(CODE_WORDS & set(words_of(column.name)))
    for mass in judged_masses(column):
        if sum(mass.counts) >= LEAST_ROWS and (is_code or mass.is_structural):
            yield mass


def _stratum(mass: Mass, label: LabelProfile, is_sure: bool, many: int) -> _Stratum | None:
    rows, winner = sum(mass.counts), int(np.argmax(mass.counts))
    share = label.counts[winner] / sum(label.counts)
    alpha = alpha_of("leakage") / (many * len(label.counts))
    if mass.counts[winner] < rows or rows * math.log(share) > math.log(LARGEST_P):
        return None
    is_rarer = 1 - alpha ** (1 / rows) <= (1 - share) / FEWER_ERRORS
    return _Stratum(mass=mass, rows=rows, winner=winner, is_sure=is_sure) if is_rarer else None


def _answers(found: list[_Stratum], label: LabelProfile) -> tuple[Answer, ...]:
    """Answer once per column by its surest and largest stratum, and once for columns that share it."""
    found.sort(key=lambda s: (not s.is_sure, -s.rows, s.mass.column))
    blocks: dict[tuple[object, ...], list[_Stratum]] = {}
    seen: set[str] = set()
    for stratum in found:
        if stratum.mass.column not in seen:
            seen.add(stratum.mass.column)
            blocks.setdefault((stratum.mass.counts, stratum.is_sure), []).append(stratum)
    return tuple(_answer(block, label) for block in blocks.values())


def _answer(block: list[_Stratum], label: LabelProfile) -> Answer:
    first, names = block[0], tuple(sorted(stratum.mass.column for stratum in block))
    name = label.classes[first.winner]
    return problem(
        f"Where {', '.join(names)} is {first.mass.state}, {label.name} is {name} in all {first.rows:,} rows.",
        Certainty.STRONG if first.is_sure else Certainty.SUSPECT,
        to_do=f"Find out when {', '.join(names)} is written; after the outcome: drop it, else leave such rows out.",
        measures=(
            Measure(
                name=f"{name} where {first.mass.state}", estimate=clopper_pearson(first.rows, first.rows), unit="share"
            ),
            Measure(
                name=f"{name} at base",
                estimate=clopper_pearson(label.counts[first.winner], sum(label.counts)),
                unit="share",
            ),
        ),
        witnesses=tuple(Witness(kind="column", where=s.mass.column, note=s.mass.state) for s in block),
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=names),
    )
