"""Finds a reported score that comes without an interval."""

from heldout.core.check import check
from heldout.core.estimate import Estimate, Measure, counted, undefined
from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Answer, Certainty, clear, problem
from heldout.core.plural import how_many

MINIMUM_EFFECT = 1
"""Intervals left out: a single one is found."""


@check("MET001")
def reported_without_interval(reported: Reported, predictions: Predictions | None = None) -> Answer:
    """Find a reported score without an interval that holds it.

    ## Why it matters
    A score is measured on a sample. Without an interval nobody can tell whether it differs from the score of another
    model, or of the same model on other rows.

    ## Example
    AUC 0.97 is reported. On 60 test rows that is compatible with 0.91; on 60,000 rows it is not.

    ## What to do
    Report the interval with the score: `heldout audit --predictions` computes one, clustered by entity or day where
    rows belong together. Say on how many rows it was measured.

    ## Limits
    The missing interval is a fact, but what it hides is unknown: the score may be as good as it looks. So it is a
    question (`suspect`) and fails no audit by itself. An interval that does not hold its own score contradicts itself
    and is `proven`. Whether a given interval is wide enough is not asked here. It fires from {MINIMUM_EFFECT}
    interval left out.
    """
    name = f"reported {reported.metric}"
    n = len(predictions.label) if predictions is not None else 0
    on_rows = f" on {how_many(n, 'row')}" if n else ""
    if reported.low is None or reported.high is None:
        gone = undefined("no interval was reported", value=reported.value, n=n, method="as reported")
        return problem(
            f"{reported.metric} {reported.value:g} is reported without an interval.",
            Certainty.SUSPECT,
            to_do=f"Report the interval of this score{on_rows}, and how it was computed.",
            measures=(Measure(name=name, estimate=gone), Measure(name="intervals left out", estimate=counted(1, n=1))),
        )
    if not reported.low <= reported.value <= reported.high:
        outside = f"[{reported.low:g}, {reported.high:g}]"
        return problem(
            f"{reported.metric} {reported.value:g} lies outside the interval {outside} that is reported with it.",
            Certainty.PROVEN,
            to_do="Compute score and interval again from the same predictions.",
            measures=(Measure(name="scores outside their interval", estimate=counted(1, n=1)),),
        )
    given = Estimate(value=reported.value, low=reported.low, high=reported.high, n=n, method="as reported")
    return clear(
        f"{reported.metric} {reported.value:g} is reported with an interval.",
        measures=(Measure(name=name, estimate=given),),
    )
