"""Finds test rows that are copies of train rows, above what chance explains."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure
from heldout.core.evidence import CopyOverlap
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.stats import clopper_pearson, newcombe

GATE = 0.005
"""By how much the share of copies has to exceed the chance level, and the share up to which copies are clear."""

TOGETHER = 2
"""Copies come in twos at least, so bounds count half of the rows."""

MINIMUM_EFFECT = 0.1
"""Share of the test rows that were overwritten by train rows, of 2,000 in a table that repeats a tenth of its rows."""


@check("SPL003")
def copies_across_split(copies: CopyOverlap) -> Answer:
    """Find test rows that equal a train row more often than the table repeats itself.

    ## Why it matters
    A model is right about a row that it has learned by heart. Copies on both sides of the split raise the score
    without any skill on new rows.

    ## Example
    The official test rows of Adult share 23 of 16,281 with train: chance. A test file of which a tenth was
    taken from train is not.

    ## What to do
    Drop the copied rows from test, or deduplicate before splitting and split by a key that keeps equal rows together.

    ## Limits
    Tables of few and coarse columns repeat themselves. The chance level is how often a train row equals another one;
    a random split of a table with duplicates has just that share, so it ends in a caution, whose price is told apart.
    Up to a share of {GATE} copies cannot move a score, and it is clear. It is a problem when the share exceeds {GATE},
    and the chance level by more than {GATE}, both by bounds that spend this check's part of the error budget
    (Clopper-Pearson, Newcombe). As copies come together, bounds count one row in {TOGETHER}; a row that was copied
    very often still makes them too narrow. It promises to find a share of {MINIMUM_EFFECT} overwritten among 2,000
    test rows where a tenth of the rows repeats by itself.
    """
    n, reference = copies.test_rows, copies.reference_rows
    if n == 0 or reference == 0:
        return not_applicable("There are no rows to compare.")
    level = 1 - 2 * alpha_of("split")  # two-sided, so that each one-sided bound spends the check's part
    ours = copies.shared_rows // TOGETHER, max(n // TOGETHER, 1)
    theirs = copies.reference_shared // TOGETHER, max(reference // TOGETHER, 1)
    share, excess = clopper_pearson(*ours, level), newcombe(*ours, *theirs, level)
    kind = "with the label" if copies.with_label else "but for the label"
    measures = (
        Measure(name="test rows copied from train", estimate=clopper_pearson(copies.shared_rows, n), unit="share"),
        Measure(
            name="chance level within train",
            estimate=clopper_pearson(copies.reference_shared, reference),
            unit="share",
        ),
    )
    per_class = ", ".join(f"{rows} of class {name}" for name, rows in sorted(copies.by_class.items()) if rows)
    rows = ", ".join(str(row) for row in copies.examples)
    witnesses = (Witness(kind="rows", where=rows, note=per_class),) if rows else ()
    told = f"{copies.shared_rows:,} of {n:,} test rows ({copies.shared_rows / n:.2%}) equal a train row {kind}"
    if copies.shared_rows <= GATE * n:
        return clear(f"{told}: too few to move a score.", measures=measures, witnesses=witnesses)
    told += f", and {copies.reference_shared / reference:.2%} of the train rows equal another one"
    mend = Mend(kind=MendKind.DROP_COPIES)
    if (share.low or 0.0) > GATE and (excess.low or 0.0) > GATE:
        to_do = "Drop these rows from test, or deduplicate before splitting."
        return problem(f"{told}.", Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)
    repeats = (share.low or 0.0) > GATE and (excess.low or 0.0) <= 0
    why = "the table repeats itself" if repeats else "cannot tell from chance at this n"
    to_do = "Report the score without these rows too; keep equal rows on one side when splitting."
    priced = mend if repeats else None
    return caution(f"{told}: {why}.", to_do=to_do, measures=measures, witnesses=witnesses, mend=priced)
