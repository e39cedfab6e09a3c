"""Finds a split at random of rows whose neighbours in time share their label."""

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.profile import LabelKind
from heldout.core.split_evidence import RowDependence
from heldout.stats.within_groups import local_agreement, neighbour_agreement

GATE = 0.1  # agreement of neighbours beyond chance
INTERLEAVED = 0.005  # share of the test rows up to which stragglers are no way to split
MINIMUM_EFFECT = 0.4
"""Share of the rows that repeat the label of the row before, and of the test rows that lie between those of train."""


@check("SPL012")
def random_split_of_ordered_rows(row_dependence: RowDependence) -> Answer:
    """Find rows split at random although neighbours in time share their label.

    ## Why it matters
    Where yesterday's label is mostly today's, a model that has seen the rows before and after a test row knows its
    answer. It will not know tomorrow's: then there is no row after.

    ## Example
    Electricity prices: 85 % of the rows repeat the label of the row before, and 57 % are the commoner class. A model
    has an accuracy of .88 on a random split and .60 forward in time.

    ## What to do
    Split by time: train before a moment, test after it. Compare with a model that repeats the last label.

    ## Limits
    Times are the declared column, or one that holds times; within a declared entity. It is `strong` when neighbours on
    both sides of the split agree beyond chance by more than {GATE} (kappa, or the correlation of ranks; a bound over 40
    blocks in time), within these blocks too, as any date that tells the label brings like rows together, and more than
    {INTERLEAVED} of the test rows are not after train. Where the time is declared SPL001 counts these rows, and the
    agreement is told in a caution. One table without a test cautions, and a split at random is priced: by its times, or
    by the order of its rows unless they are sorted by the label. Two tables without times caution, as their order is
    lost. It is clear below the gate, and where it may be chance at .95. Long trends give little agreement beyond
    chance, and are not meant. It promises to find {MINIMUM_EFFECT} of the rows repeating a label, and as many between
    those of train.
    """
    found = row_dependence
    if found.is_sorted:
        return not_applicable("The rows stand in the order of their label, which tells nothing of time.")
    is_classes = found.kind is not LabelKind.REGRESSION
    bounds, shown = (
        neighbour_agreement(found.first, found.second, is_classes=is_classes, level=level)
        for level in (1 - 2 * alpha_of("split"), 0.95)
    )
    measures = [Measure(name="agreement of neighbours beyond chance", estimate=shown)]
    share = found.between / found.test_rows if found.test_rows else 0.0
    if found.has_test and found.order:
        estimate = counted(share, n=max(found.test_rows, 1))
        measures.append(Measure(name="test rows not after train", estimate=estimate, unit="share"))
    where = f"by {found.order}" if found.order else f"in the order of the {'train ' if found.has_test else ''}rows"
    where += f" within {found.entity}" if found.entity else ""
    witnesses = (Witness(kind="column", where=found.order),) if found.order else ()
    if found.has_test and found.order and share <= INTERLEAVED:
        return clear(f"The test rows come after the train rows {where}.", measures=measures, witnesses=witnesses)
    if bounds.low is None or bounds.high is None:
        return not_applicable(f"How neighbours agree {where} is not known: {bounds.undefined_because}.")
    alike = _alike(found, is_classes=is_classes, value=shown.value or 0.0)
    if bounds.low <= GATE and ((shown.value or 0.0) <= GATE or (shown.low or 0.0) <= 0):
        return clear(f"Neighbours {where} say little of each other's label: {alike}.", measures=measures)
    to_do = f"Split forward {where}, and compare with a model that repeats the last label."
    told, is_problem = _told(found, where, alike, is_sure=bounds.low > GATE)
    mend = Mend(kind=MendKind.SPLIT_FORWARD, columns=(found.order,) if found.order else ())
    close = local_agreement(found.first, found.second, is_classes=is_classes, level=bounds.level)
    is_close = (close.low or 0.0) > GATE
    if is_problem and not is_close:
        told, is_problem = (
            f"{told[:-1]}; but the course of the label along {found.order} may be all there is to it.",
            False,
        )
    if not is_problem:
        is_priced = is_close and bounds.low > GATE and not found.has_test
        return caution(told, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend if is_priced else None)
    return problem(told, Certainty.STRONG, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)


def _told(found: RowDependence, where: str, alike: str, *, is_sure: bool) -> tuple[str, bool]:
    """Return the claim, and whether it is a problem: where the split is known and no other check counts it."""
    if not is_sure:
        return f"Whether neighbours {where} tell each other's label cannot be said at this n: {alike}.", False
    if not found.has_test:
        return f"Neighbours {where} share their label: {alike}. A random split would put them on both sides.", False
    if not found.order:
        return (
            f"Neighbours {where} share their label: {alike}. Declare the time, so that test can be held to it.",
            False,
        )
    claim = f"{found.between:,} of {found.test_rows:,} test rows are not after train {where}, and {alike}"
    if found.is_declared:
        return f"{claim}: SPL001 counts them, and this is why they flatter.", False
    return f"{claim}.", True


def _alike(found: RowDependence, *, is_classes: bool, value: float) -> str:
    if not is_classes:
        return f"they correlate by {value:.2f}"
    alike = float((found.first == found.second).mean()) if len(found.first) else 0.0
    chance = sum(float((found.first == one).mean() * (found.second == one).mean()) for one in np.unique(found.first))
    return f"{alike:.1%} share it, {chance:.1%} by chance"
