"""Finds test rows that are nearly, but not quite, rows of train."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.split_evidence import NearCopies, NearCopiesOf
from heldout.stats import clopper_pearson, newcombe

GATE = 0.005
"""By how much the share of near copies has to exceed the chance level, and the share up to which they are clear."""

TOGETHER = 2
"""Copies come in twos at least, so bounds count half of the rows."""

MINIMUM_EFFECT = 0.06
"""Share of 2,000 test rows that are train rows with a little noise, or texts with a word changed."""


@check("SPL006")
def near_copies_across_split(near_copies: NearCopies) -> tuple[Answer, ...]:
    """Find test rows that lie closer to a train row than rows of train lie to each other.

    ## Why it matters
    Rows made from others (by augmentation, oversampling, rounding or rewording) before the split stand on both sides of
    it, slightly changed, and no comparison of whole rows finds them. A model knows their answer by heart.

    ## Example
    3 % of the CIFAR-10 test images, and 10 % of those of CIFAR-100, have a near duplicate in train.

    ## What to do
    Split first, and augment train alone. Drop the train rows that a test row nearly equals.

    ## Limits
    Numbers: a row is near when it lies within a tenth of the way from its nearest train row to that row's fifth
    neighbour, over four or more columns of many values, in units of their spread. Texts: words in runs of three, of
    which .8 are shared. Both look at samples (2,000 test rows against 50,000 and 20,000 of train), so copies of rows
    outside the sample are not seen. Equal rows are SPL003's. The chance level is how often train rows are near another
    one, drawn ones or those next to the test rows, whichever is more; a random split of a table with near copies has
    just that share, and ends in a caution. It is `strong` when the share exceeds {GATE}, and the chance level by more
    than {GATE}, by bounds that count one row in {TOGETHER} (Clopper-Pearson, Newcombe). It promises to find a share of
    {MINIMUM_EFFECT} among 2,000 test rows.
    """
    found = [one for one in near_copies.found if one.test_rows and one.reference_rows]
    if not found:
        return (not_applicable("There are neither four columns of many numbers nor a column of long texts."),)
    level = 1 - 2 * alpha_of("split") / len(found)
    return tuple(_answer(one, level) for one in found)


def _answer(found: NearCopiesOf, level: float) -> Answer:
    ours = found.near // TOGETHER, max(found.test_rows // TOGETHER, 1)
    theirs = found.reference_near // TOGETHER, max(found.reference_rows // TOGETHER, 1)
    low, excess = clopper_pearson(*ours, level).low or 0.0, newcombe(*ours, *theirs, level)
    share = clopper_pearson(found.near, found.test_rows)
    chance = clopper_pearson(found.reference_near, found.reference_rows)
    measures = (
        Measure(name=f"test rows near a train row, by {found.what}", estimate=share, unit="share"),
        Measure(name="chance level within train", estimate=chance, unit="share"),
    )
    rows = ", ".join(map(str, found.examples))
    witnesses = (Witness(kind="rows", where=rows, note=found.closeness),) if rows else ()
    where = found.columns[0] if len(found.columns) == 1 else f"{len(found.columns)} columns"
    told = f"By the {found.what} of {where}, {found.near:,} of {found.test_rows:,} test rows are nearly a train row"
    if found.looked_at < found.train_rows:
        told += f" among {found.looked_at:,} that were looked at"
    if found.near <= GATE * found.test_rows:
        return clear(f"{told}: too few to move a score.", measures=measures, witnesses=witnesses)
    told += f", and {chance.value:.2%} of the train rows are nearly another one"
    if low > GATE and (excess.low or 0.0) > GATE:
        to_do = "Split before rows are augmented, oversampled or reworded; drop these train rows."
        mend = Mend(kind=MendKind.DROP_COPIES, columns=found.columns)
        return problem(f"{told}.", Certainty.STRONG, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)
    why = "the table repeats itself" if low > GATE and (excess.low or 0.0) <= 0 else "cannot tell from chance at this n"
    to_do = "Keep rows that belong together on one side when splitting."
    return caution(f"{told}: {why}.", to_do=to_do, measures=measures, witnesses=witnesses)
