"""Finds stretches of time in which the label never varies: rows were kept, or recorded, by how they ended."""

import math

from heldout.core.check import check
from heldout.core.column_names import words_of
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.profile import ColumnKind, ColumnProfile, LabelKind, LabelProfile, Profile
from heldout.stats import clopper_pearson
from heldout.stats.pure_slices import PureSlice, pure_slices

TIME_WORDS = frozenset({"date", "datetime", "year", "timestamp", "epoch", "vintage", "cohort"})
"""Words in the names of numbers that grow with time; months and hours come back."""
LEAST_ROWS = 50  # rows of a slice, at least
LARGEST_P = 1e-6  # chance of such a slice at the class's share elsewhere, at most, over all slices of the column
SPREADS = 5  # so many standard deviations of the share between other stretches the slice lies apart
LEAST_STRETCHES = 10  # stretches outside the slice that tell the standard deviation, at least
MINIMUM_EFFECT = 0.1  # share of the time from whose rows one class was left out


@check("LEK008")
def selection_on_outcome(profile: Profile) -> tuple[Answer, ...]:
    """Find stretches of time in which every row has the same label, as rows were kept by how they ended.

    ## Why it matters
    Where only finished or only failed cases were recorded, a model learns the date, and the score counts it as skill.

    ## Example
    Loans of the last months appear only if they were charged off already: the others are still running.

    ## What to do
    Leave the stretch out, or wait until every case of it has ended; then split by time.

    ## Limits
    Columns of times, and numbers whose names hold one of {TIME_WORDS}, in the profile's parts (at most 256). A slice
    holds {LEAST_ROWS} rows or more, all of one class; at the class's share elsewhere the chance of one in the column
    is at most {LARGEST_P}, and the share lies {SPREADS} standard deviations of the shares of at least
    {LEAST_STRETCHES} other stretches apart, so that drift, seasons and autocorrelation do not make one (`strong`, as
    time is the structure). Slices that such a spread explains are a `caution`. Classes only. It promises to find
    {MINIMUM_EFFECT} of the time in a table of 4,000 rows.
    """
    label = profile.label
    if label is None or label.kind is LabelKind.REGRESSION:
        return (not_applicable("A slice of one class asks for a target of classes."),)
    columns = [column for column in profile.columns.values() if _is_time(column)]
    if not columns:
        return (not_applicable("No column holds times."),)
    found = [answer for column in columns for answer in _answers(column, label)]
    problems = tuple(answer for answer in found if answer.certainty)
    if found:
        return problems or tuple(found)
    return (clear(f"{label.name} varies along {', '.join(column.name for column in columns[:3])}."),)


def _is_time(column: ColumnProfile) -> bool:
    is_named = column.kind is ColumnKind.NUMERIC and bool(TIME_WORDS & set(words_of(column.name)))
    return column.kind is ColumnKind.TIME or is_named


def _answers(column: ColumnProfile, label: LabelProfile) -> list[Answer]:
    slices = pure_slices(column.joint.sum(axis=0)[:-1])
    unlikely = [s for s in slices if s.rows >= LEAST_ROWS and s.log_p <= math.log(LARGEST_P)]
    apart = [s for s in unlikely if s.others >= LEAST_STRETCHES and 1 - s.share > SPREADS * s.spread]
    if apart:
        return [_problem(column, max(apart, key=lambda s: s.rows), label)]
    if not unlikely:
        return []
    first = max(unlikely, key=lambda s: s.rows)
    claim = f"{_told(column, first, label)}; its share varies so much along {column.name} that this may be its course."
    return [caution(claim, witnesses=(Witness(kind="column", where=column.name),))]


def _problem(column: ColumnProfile, found: PureSlice, label: LabelProfile) -> Answer:
    name = label.classes[found.winner]
    elsewhere = sum(label.counts) - found.rows
    hits = min(label.counts[found.winner] - found.rows, elsewhere)
    return problem(
        f"{_told(column, found, label)}.",
        Certainty.STRONG,
        to_do="Find out which rows were kept there; leave the stretch out, or wait until every case of it has ended.",
        measures=(
            Measure(name=f"{name} there", estimate=clopper_pearson(found.rows, found.rows), unit="share"),
            Measure(name=f"{name} elsewhere", estimate=clopper_pearson(hits, elsewhere), unit="share"),
        ),
        witnesses=(Witness(kind="column", where=column.name, note=_where(column, found)),),
    )


def _told(column: ColumnProfile, found: PureSlice, label: LabelProfile) -> str:
    return f"{label.name} is {label.classes[found.winner]} in all {found.rows:,} rows {_where(column, found)}"


def _where(column: ColumnProfile, found: PureSlice) -> str:
    """Say the stretch: bins of several values are named by their upper edges, the last has none."""
    last = column.maximum if found.last == len(column.bins) - 1 else column.bins[found.last]
    if found.first == 0:
        return f"up to {column.name} {last}"
    if column.bin_is_value:
        return f"with {column.name} from {column.bins[found.first]} to {last}"
    return f"with {column.name} after {column.bins[found.first - 1]} up to {last}"
