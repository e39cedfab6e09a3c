"""Finds test rows whose entity is in train too."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import EntityOverlap
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind

GATE = 0.005
"""Share of the test rows up to which shared entities are a caution: too few to move a score."""

MINIMUM_EFFECT = 0.01
"""Share of the test rows whose entity is in train."""


@check("SPL002")
def entity_straddles_split(entity_overlap: EntityOverlap) -> Answer:
    """Find test rows whose entity was also seen in training.

    ## Why it matters
    Rows of one patient, customer or machine resemble each other. A model scored on an entity that it has met is
    credited with recognising it, and does worse on the first new one.

    ## Example
    195 voice recordings of 32 people: split by recording, balanced accuracy is .85; split by person, .65.

    ## What to do
    Give each entity to one side. If new rows of known entities are what the model will meet, don't declare the
    entity, and split by time.

    ## Limits
    It counts rows, so it needs no error budget; it believes the key that was declared: numbers that restart in each
    file look like shared entities. What the overlap is worth is priced apart. It is a problem above a share of
    {GATE} of the test rows, and promises to find {MINIMUM_EFFECT}.
    """
    overlap = entity_overlap
    if overlap.test_rows == 0:
        return not_applicable(f"No test row has a value in {overlap.column}.")
    rows = counted(overlap.shared_rows / overlap.test_rows, n=overlap.test_rows)
    entities = counted(overlap.shared_entities / max(overlap.test_entities, 1), n=overlap.test_entities)
    measures = (
        Measure(name="test rows whose entity is in train", estimate=rows, unit="share"),
        Measure(name="test entities in train", estimate=entities, unit="share"),
    )
    examples = ", ".join(overlap.examples)
    witnesses = (Witness(kind="column", where=overlap.column, note=f"shared: {examples}" if examples else ""),)
    if overlap.shared_rows == 0:
        claim = f"None of the {overlap.test_entities:,} values of {overlap.column} in test is in train."
        return clear(claim, measures=measures, witnesses=witnesses)
    claim = (
        f"{overlap.shared_rows:,} of {overlap.test_rows:,} test rows belong to "
        f"{overlap.shared_entities:,} values of {overlap.column} that are also in train."
    )
    to_do = f"Split so that each {overlap.column} is on one side only."
    if overlap.shared_rows / overlap.test_rows <= GATE:
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    mend = Mend(kind=MendKind.SPLIT_BY_GROUP, columns=(overlap.column,))
    return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)
