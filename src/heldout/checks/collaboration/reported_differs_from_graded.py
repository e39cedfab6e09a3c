"""Compares the score that a submission reports of itself with the graded one."""

from heldout.core.check import check
from heldout.core.estimate import Estimate, Measure, undefined
from heldout.core.evidence import Reported
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.lift import Lift
from heldout.stats.difference import interval_difference
from heldout.stats.metrics import METRICS

HALVES = 2.0
"""Half-widths of the graded interval within which a score without an interval of its own agrees."""

MINIMUM_EFFECT = 5.0
"""How far the reported score lies on the better side, in half-widths of the graded interval."""


@check("COL007")
def reported_differs_from_graded(reported: Reported, lift: Lift) -> Answer:
    """Ask whether the score that the submission reports agrees with the graded one.

    ## Why it matters
    What is reported is what a team would have decided on. A score that the holdout does not support would have been
    found out in production.

    ## Example
    Reported is AUC 0.97; graded on rows of later months it is 0.71 [0.70, 0.72].

    ## What to do
    Look at the prices on the card, and at the findings on split and leakage: they say what lies between. Ask how the
    reported score was evaluated.

    ## Limits
    Where the submission reports an interval, the difference of both intervals decides (MOVER); else the reported score
    is taken as it stands, and agrees within {HALVES} half-widths of the graded interval. Final rows may be of another
    time and harder, so that an honest score can differ: it is a question (`suspect`), and a score below the graded
    one is told. It promises to find {MINIMUM_EFFECT} half-widths.
    """
    graded = lift.candidate
    if reported.metric != lift.metric or lift.metric not in METRICS:
        return not_applicable(f"Reported is {reported.metric}, and graded {lift.metric}.")
    if graded.value is None or graded.low is None or graded.high is None:
        return not_applicable(f"The graded {lift.metric} has no interval to compare with.")
    sign = 1 if METRICS[lift.metric].higher_is_better else -1
    own = _own(reported)
    better = sign * (reported.value - graded.value)
    if own.is_defined:
        difference = interval_difference(own, graded, sign=float(sign))
        agrees = difference.low is None or difference.high is None or difference.low <= 0 <= difference.high
    else:
        agrees = abs(better) <= HALVES * (graded.high - graded.low) / 2
    measures = (
        Measure(name=f"{lift.metric}, reported", estimate=own),
        Measure(name=f"{lift.metric}, graded", estimate=graded),
    )
    claim = f"Reported is {lift.metric} {reported.value:.4g}; graded is {graded.value:.4g}"
    claim += f" [{graded.low:.4g}, {graded.high:.4g}]."
    if agrees:
        return clear(claim, measures=measures)
    to_do = "Look at the prices and at the findings on split and leakage, and ask how it was evaluated."
    if better < 0:
        return caution(claim, to_do=to_do, measures=measures)
    return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures)


def _own(reported: Reported) -> Estimate:
    if reported.low is None or reported.high is None:
        return undefined("no interval was reported", value=reported.value, n=0, method="as reported")
    return Estimate(value=reported.value, low=reported.low, high=reported.high, n=0, method="as reported")
