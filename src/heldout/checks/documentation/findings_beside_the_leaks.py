"""Asks whether FINDINGS.md names more places at which nothing was planted than leaks were."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, clear, not_applicable, problem
from heldout.core.rescue_evidence import MOST_PLACES, Rescue

MINIMUM_EFFECT = 1.5
"""Rows beside the planted leaks, for each leak that was planted."""

TO_DO = "Keep the faults that change the score or the decision, and say of each how it was told."


@check("DOC010")
def findings_beside_the_leaks(rescue: Rescue) -> Answer:
    """Ask whether FINDINGS.md names more places at which nothing was planted than leaks were.

    ## Why it matters
    A long list finds every leak, and nobody can work by it: whoever reads it has to do the search again.

    ## Example
    Four leaks were planted. FINDINGS.md has 19 rows, among them each constant of the model; four of them are leaks.

    ## What to do
    Name what changes the score or the decision, and say how it was told.

    ## Limits
    A row stands beside the leaks when it is near none of the places at which one shows, as DOC009 says. It may
    still be right: the project can have faults that nobody planted, so as many such rows as there are leaks are clear,
    and more are a suspicion that a person looks into; from {MINIMUM_EFFECT} for each leak on it is always one. In a
    list of more than {MOST_PLACES} places they are a strong problem. Rows without a place are not counted.
    """
    if not rescue.planted or not rescue.rows:
        return not_applicable("There is no row with a place to be held against planted leaks.")
    estimate = counted(rescue.others, n=rescue.rows)
    measures = (Measure(name="rows beside the planted leaks", estimate=estimate, unit="rows"),)
    claim = (
        f"Rows of FINDINGS.md with a place: {rescue.rows}; beside every planted leak: {rescue.others}; "
        f"planted: {rescue.planted}."
    )
    if rescue.others > rescue.planted:
        certainty = Certainty.STRONG if rescue.rows > MOST_PLACES else Certainty.SUSPECT
        return problem(claim, certainty, to_do=TO_DO, measures=measures)
    return clear(claim, measures=measures)
