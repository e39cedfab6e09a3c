"""Finds test rows that happen before the labels of the train rows were known."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.split_evidence import LabelGap

GATE = 0.005
"""Share of the test rows up to which a gap that is too short is a caution: too few to move a score."""

MINIMUM_EFFECT = 2
"""Days that are missing from a gap of seven, before a test of half a year."""


@check("SPL004")
def gap_shorter_than_horizon(label_gap: LabelGap) -> Answer:
    """Find a gap between train and test that is shorter than it takes to know a label.

    ## Why it matters
    The label of a row is known a horizon after its time: whether a customer leaves within 30 days, in 30 days. A model
    for the first test row has to be trained before that, without the rows whose labels are still open. Trained on
    them it has seen into the time that it is scored on.

    ## Example
    Train ends on 30 June, test begins on 1 July, the label is "leaves within 30 days": the labels of June were not
    known before 30 July, and look at what happened in July.

    ## What to do
    Begin the test a horizon (and an embargo) after the last train row, or train without the last rows.

    ## Limits
    It counts rows, so it needs no error budget, and believes the declared time, horizon and embargo. Test rows that
    are not after train are SPL001's, and left out here. It is a problem when more than {GATE} of the test rows lie
    inside the horizon or the embargo, and promises to find {MINIMUM_EFFECT} missing days of seven before a test of
    half a year.
    """
    gap = label_gap
    after = gap.test_rows - gap.not_after
    if after <= 0 or gap.not_after > GATE * gap.test_rows:
        return not_applicable(f"Test is not after train by {gap.column}: SPL001 answers.")
    early = gap.inside + gap.embargoed
    measures = (
        Measure(
            name="test rows before train's labels are known",
            estimate=counted(gap.inside / after, n=after),
            unit="share",
        ),
        Measure(name="test rows within the embargo", estimate=counted(gap.embargoed / after, n=after), unit="share"),
        Measure(name="train rows with an open label", estimate=counted(gap.unknown, n=gap.train_rows), unit="rows"),
    )
    asked = f"the horizon {gap.horizon}" + (f" and the embargo {gap.embargo}" if gap.embargo else "")
    told = f"Test begins {gap.gap} after train ends by {gap.column}, and {asked} ask for {gap.needed}"
    witnesses = (Witness(kind="column", where=gap.column, note=f"gap {gap.gap}, needed {gap.needed}"),)
    if not early:
        claim = f"Test begins {gap.gap} after train ends by {gap.column}: enough for {asked}."
        return clear(claim, measures=measures, witnesses=witnesses)
    claim = f"{told}: {early:,} of {after:,} test rows come too early"
    claim += f", when {gap.unknown:,} train rows had no known label yet." if gap.unknown else "."
    to_do = f"Leave {gap.needed} between train and test: drop the train rows before, or the test rows after, the cut."
    if early <= GATE * after:
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    mend = Mend(kind=MendKind.SPLIT_FORWARD, columns=(gap.column,), gap=gap.needed)
    return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)
