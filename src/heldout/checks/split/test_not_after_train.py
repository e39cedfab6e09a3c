"""Finds test rows that do not come after the train rows."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import TimeOrder
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind

GATE = 0.005
"""Share of the test rows up to which stragglers are a caution: late records and clock errors, not a way to split."""

MINIMUM_EFFECT = 0.01
"""Share of the test rows that are not after the last train row."""


@check("SPL001")
def test_not_after_train(time_order: TimeOrder) -> Answer:
    """Find test rows that are not after the last train row.

    ## Why it matters
    A model is used on rows that come after those it learned from. Scored on rows from among them, it is credited with
    knowing the day's weather, prices and fashions, which it will not know tomorrow.

    ## Example
    On a year of flights a random split gives an AUC of 0.93; the same model trained on the first nine months and
    scored on the last two gives 0.89.

    ## What to do
    Split by time: train up to a date, test after it.

    ## Limits
    It counts rows, so it needs no error budget; it believes the column that was declared. A single train row dated in
    the far future puts every test row before it: look at the last train date first. Test rows at exactly the last
    train instant only caution when none is earlier, as their order cannot be told. It is a problem above a share of
    {GATE}, and promises to find {MINIMUM_EFFECT}.
    """
    order = time_order
    if order.test_rows == 0:
        return not_applicable(f"No test row has a value in {order.column}.")
    share = order.not_after / order.test_rows
    measures = (Measure(name="test rows not after train", estimate=counted(share, n=order.test_rows), unit="share"),)
    dates = f"train {order.train_first} to {order.train_last}, test {order.test_first} to {order.test_last}"
    witnesses = (Witness(kind="column", where=order.column, note=dates),)
    told = f"{order.not_after:,} of {order.test_rows:,} test rows are not after the last train row"
    if order.not_after == 0:
        return clear(f"All test rows are after the last train row: {dates}.", measures=measures, witnesses=witnesses)
    to_do = f"Split by {order.column}: train before a date, test after it."
    if order.test_first == order.train_last:
        claim = f"{told}, all at its very instant ({order.train_last}): their order cannot be told."
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    if share <= GATE:
        return caution(f"{told}: {dates}.", to_do=to_do, measures=measures, witnesses=witnesses)
    mend = Mend(kind=MendKind.SPLIT_FORWARD, columns=(order.column,))
    return problem(
        f"{told}: {dates}.", Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend
    )
