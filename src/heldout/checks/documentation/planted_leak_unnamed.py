"""Asks which of the leaks that were planted in a project FINDINGS.md does not name."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.rescue_evidence import MOST_PLACES, TOLERANCE, Rescue

NEAR = TOLERANCE
"""Lines between a row and a place of a leak."""

LONGEST = MOST_PLACES
"""Places of a list that still names something."""

MINIMUM_EFFECT = 1
"""Planted leaks that are not named."""

TO_DO = "Read the project from the data to the score, and give each fault a row with its file and line."


@check("DOC009")
def planted_leak_unnamed(rescue: Rescue) -> Answer:
    """Ask which of the leaks that were planted in a project FINDINGS.md does not name.

    ## Why it matters
    Whoever takes over a project has to see why its score is not to be trusted. A leak that nobody saw is in the next
    project too.

    ## Example
    Four leaks were planted. FINDINGS.md names the scaler, the column and the split; that each row's own label is in
    the rate of its town stands nowhere.

    ## What to do
    One row for each fault, with the file and the line that would have to change; see FINDINGS.md of the kit.

    ## Limits
    A row names a leak when it gives the file, and a line at most {NEAR} lines from one of the places at which the
    leak shows, or the function that holds it. Lines count in the project as it was found; those of a mended file are
    mapped back by the lines that stayed. A row names one leak, and a leak is named once. What the row says of it is
    not read: that is for a person, and so is a fault that nobody planted. A list of more than {LONGEST} places
    names nothing. One leak suffices ({MINIMUM_EFFECT}); where rows give no place, an unnamed leak is a suspicion.
    """
    if not rescue.planted:
        return not_applicable("No leak was planted.")
    named = rescue.named or 0
    missing = rescue.planted - named
    estimate = counted(missing, n=rescue.planted)
    measures = (Measure(name="planted leaks that are not named", estimate=estimate, unit="leaks"),)
    witnesses = [Witness(kind="file", where="FINDINGS.md", note=f"rows with a place: {rescue.rows}")]
    if rescue.named is None:
        claim = f"No planted leak counts as named: {rescue.uncounted}; planted: {rescue.planted}."
        return problem(claim, Certainty.PROVEN, to_do=TO_DO, measures=measures)
    if missing:
        said = f"; rows without a place that can be read: {rescue.unplaced}" if rescue.unplaced else ""
        claim = f"FINDINGS.md names {named} of {rescue.planted} planted leaks{said}."
        certainty = Certainty.SUSPECT if rescue.unplaced else Certainty.STRONG
        return problem(claim, certainty, to_do=TO_DO, measures=measures, witnesses=witnesses)
    return clear(f"FINDINGS.md names each planted leak: {named}.", measures=measures, witnesses=witnesses)
