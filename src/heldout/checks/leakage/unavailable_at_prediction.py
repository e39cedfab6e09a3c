"""Finds columns that a model uses although they are not known when it has to predict."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import Availability
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind

MINIMUM_EFFECT = 1
"""Columns used that are not known at prediction time: a single one is found."""


@check("LEK003")
def unavailable_at_prediction(availability: Availability) -> Answer | tuple[Answer, ...]:
    """Find the columns that a model uses although nobody knows them when it has to predict.

    ## Why it matters
    Such a column holds what happened after the question was asked, often the answer itself. The score is measured
    with it; in use it is empty.

    ## Example
    Will a flight arrive late, asked at its scheduled departure: `dep_delay` gives an AUC of .9, and nobody has it.

    ## What to do
    Drop the column and train again, or ask the question at a later moment, when the column is known.

    ## Limits
    It compares names with a list and tests no hypothesis, so it needs no error budget. It is as right as the list is:
    a column that the list omits by mistake is named here, one that it holds by mistake is not. It fires from
    {MINIMUM_EFFECT} column; each has its own finding.
    """
    used = tuple(dict.fromkeys(availability.used))
    if not used:
        return not_applicable("The model uses no column.")
    late = sorted(set(used) - availability.known)
    measures = (Measure(name="columns not known in time", estimate=counted(len(late), n=len(used)), unit="columns"),)
    if not late:
        all_ = "The 1 column that is used is" if len(used) == 1 else f"All {len(used)} columns that are used are"
        claim = f"{all_} known at prediction time, says {availability.said_by}."
        return clear(claim, measures=measures)
    return tuple(
        problem(
            f"{column} is used, and {availability.said_by} does not have it among what is known at prediction time.",
            Certainty.PROVEN,
            to_do=f"Drop {column} and train again, or predict at a moment when it is known.",
            measures=measures,
            witnesses=(Witness(kind="column", where=column),),
            mend=Mend(kind=MendKind.DROP_COLUMNS, columns=(column,)),
        )
        for column in late
    )
