"""Asks which of the leaks that were planted in a project are still in the submitted code."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.rescue_evidence import Rescue

MINIMUM_EFFECT = 1
"""Planted leaks that are left."""

TO_DO = "Mend each fault that FINDINGS.md names in the code too, so that its score is one that a decision can rest on."


@check("COD008")
def planted_leak_left(rescue: Rescue) -> Answer:
    """Ask which of the leaks that were planted in a project are still in the submitted code.

    ## Why it matters
    A fault that is only named goes on in production.

    ## Example
    FINDINGS.md says that the scaler is fitted before the split; the code that is handed in still does so.

    ## What to do
    Mend what was found, and let the evaluation run again.

    ## Limits
    Nothing is run. A leak is left where the data flow of COD001 and COD005 shows it, or where the code that was planted
    stands and is used as it was: the fit ahead of the split, rows transformed by what was fitted on them, the split
    that was found, the column named by code and submission.toml. It is mended where the data flow can be followed and
    has no such path, where the fit works on what came out of the split, where no draw deals rows and the code names
    the time or the group, or where the column is named no more. Anything else is unknown, a caution: a person reads
    it. One leak suffices ({MINIMUM_EFFECT}).
    """
    if not rescue.planted:
        return not_applicable("No leak was planted.")
    measures = (
        Measure(name="planted leaks left", estimate=counted(rescue.left, n=rescue.planted), unit="leaks"),
        Measure(name="planted leaks mended", estimate=counted(rescue.mended, n=rescue.planted), unit="leaks"),
    )
    claim = (
        f"Of {rescue.planted} planted leaks mended are {rescue.mended}, left {rescue.left}, "
        f"and of {rescue.unknown} it cannot be told."
    )
    if rescue.left:
        return problem(claim, Certainty.STRONG, to_do=TO_DO, measures=measures)
    if rescue.unknown:
        return caution(claim, to_do="Read how these were mended: FINDINGS.md says it.", measures=measures)
    return clear(f"Each planted leak is mended: {rescue.mended}.", measures=measures)
