"""Finds columns that hold the label of a neighbouring row, or a mean over a window that the row's own label is in."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.runs_evidence import NeighbourMatch, Neighbours
from heldout.stats import clopper_pearson

GATE = 0.9  # share of the telling rows on which a column holds the neighbour's label, at least
FEWER_ERRORS = 4  # it errs so many times more rarely than the label's own past does
LATE_GATE = 0.005  # share of earlier labels that are not known in time, up to which late records are innocent
MINIMUM_EFFECT = 0.99
"""Share of 4,000 rows on which a column holds what it should not."""


@check("LEK010")
def neighbour_carries_label(neighbours: Neighbours) -> tuple[Answer, ...]:
    """Find columns that hold the label of a later row, or of the row itself within a mean over a window.

    ## Why it matters
    A shift in the wrong direction or a mean over a window that is centred on the row puts the answer among the
    features. The score measures that the model can read; in use the later rows are not there yet.

    ## Example
    `df.y.shift(-1)` instead of `shift(1)`; `rolling(3).mean()` without a `shift(1)` before it, or with `center=True`.

    ## What to do
    Compute the feature from rows whose label was known by then: shift by the horizon first, then take the mean.

    ## Limits
    Compared are the labels up to 3 rows ahead and back, and means and sums over 2, 3, 5 or 7, within each declared
    entity, on at most 200,000 rows that stand together. Only rows count on which the relation says something else than
    the row's own label and, of windows, than the same window before it; what a value stands for is read off the other
    rows. It fires when the column agrees there on more than {GATE} and errs {FEWER_ERRORS} times more rarely than the
    label's own past does (a label that repeats with the calendar is known beforehand) and any constant (of a rare class
    most sums are 1), by an exact bound, Bonferroni over columns and relations; below it a caution where chance does not
    explain it at .95. It is `proven` where no row disagrees, else `strong`. A later row's label asks for a
    declared time, as otherwise nothing tells later from earlier: `suspect`. An earlier label is a legitimate feature
    where it was known by then: above a share of {LATE_GATE} of pairs that are closer than the declared horizon it is a
    problem; without a horizon a caution. Where no time is declared, or it repeats on most rows, neighbours are those
    of the table's order. A window of another length, a weighted one or one over another entity is not seen, nor a mean
    of more than two classes. It promises to find a column that holds the next label on {MINIMUM_EFFECT} of 4,000 rows.
    """
    if not neighbours.examined:
        return (not_applicable("The table has no column beside target, time and entity."),)
    alpha = alpha_of("leakage") / neighbours.examined
    answers = [answer for match in neighbours.matches if (answer := _answer(match, neighbours, alpha))]
    problems = [answer for answer in answers if answer.certainty]
    if answers:
        return tuple(sorted(problems or answers, key=lambda a: -a.certainty.rank if a.certainty else 0))
    return (clear(f"No column holds the label of a neighbouring row, by {neighbours.order}."),)


def _answer(match: NeighbourMatch, neighbours: Neighbours, alpha: float) -> Answer | None:
    share = match.equal / match.telling
    gate = max(GATE, 1 - (1 - match.chance) / FEWER_ERRORS)
    if share <= gate:
        return None
    measures: tuple[Measure, ...] = (
        Measure(name="rows that agree", estimate=clopper_pearson(match.equal, match.telling), unit="share"),
        Measure(
            name="the label's past or a constant agrees", estimate=counted(match.chance, n=match.telling), unit="share"
        ),
    )
    claim = f"{match.column} is {match.holds} on {match.equal:,} of {match.telling:,} rows that can tell"
    by = f", by {neighbours.order}"
    witness = (Witness(kind="column", where=match.column, note=match.holds),)
    if (clopper_pearson(match.equal, match.telling, 0.9).low or 0.0) <= gate:
        return None
    if (clopper_pearson(match.equal, match.telling, 1 - 2 * alpha).low or 0.0) <= gate:
        return caution(f"{claim}{by}: too few to tell it from chance.", measures=measures, witnesses=witness)
    if match.reach == "behind" and not match.dated:
        claim += f"{by}; legitimate if it was known by then: say how long that takes (--horizon)."
        return caution(claim, measures=measures, witnesses=witness)
    if match.reach == "behind" and match.late <= LATE_GATE * match.dated:
        return None
    certainty = Certainty.PROVEN if match.equal == match.telling else Certainty.STRONG
    if match.reach == "behind":
        late = counted(match.late / match.dated, n=match.dated)
        measures = (*measures, Measure(name="earlier labels not known yet", estimate=late, unit="share"))
        by += f", and is known only {neighbours.horizon} after it, too late for {match.late:,} of them"
    elif match.reach == "ahead" and not neighbours.is_declared:
        certainty = Certainty.SUSPECT
        by += "; which of two rows is later is not declared (--time)"
    return problem(
        f"{claim}{by}.",
        certainty,
        to_do=f"Drop {match.column}, or compute it from labels that were known at the row's time.",
        measures=measures,
        witnesses=witness,
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=(match.column,)),
    )
