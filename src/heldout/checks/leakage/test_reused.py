"""Finds test rows on which so many models were scored that the best score is partly luck."""

import math

from heldout.core.check import check
from heldout.core.estimate import Estimate, Measure, counted
from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Answer, Certainty, caution, clear, problem
from heldout.core.runs_evidence import Evaluations
from heldout.stats import hanley_mcneil_standard_error, score_estimate
from heldout.stats.expected_maximum import expected_maximum
from heldout.stats.metrics.named import known_metric

HALF_WIDTH = 1.96
"""Half the width of a 95 % interval in standard errors: luck of that size takes the score out of its own interval."""

MINIMUM_EFFECT = 25
"""Evaluations on the same test rows beyond the first."""


@check("LEK012")
def test_reused(
    evaluations: Evaluations,
    reported: Reported | None = None,  # noqa: PT028  # a check and no test
    predictions: Predictions | None = None,  # noqa: PT028  # as above
) -> Answer:
    """Find test rows on which so many models or settings were scored that the best one's score is partly luck.

    ## Why it matters
    Of many scores on the same rows the highest is chosen, and with it the luck that these rows brought to it. Among K
    models of equal worth the best looks better by up to σ√(2 ln K), σ being the standard error of one score.

    ## Example
    Fifty settings of equal worth are scored on 1,000 rows, accuracy .80: the best shows about .828.

    ## What to do
    Choose on validation rows, and score the chosen model once on rows that chose nothing. Where that is too late,
    report the corrected score and the number of evaluations beside it.

    ## Limits
    It believes the declared number, so it tests no hypothesis and needs no error budget. The size is an upper bound:
    the expected maximum of independent normal scores, while models on the same rows correlate and differ in worth. It
    is a problem, `proven` as declared, where this bound exceeds {HALF_WIDTH} standard errors, half of the score's 95 %
    interval, and a caution below. The standard error comes from the predictions; without them from the reported
    interval, from the binomial for accuracy or from Hanley and McNeil's formula for AUC. It promises to find
    {MINIMUM_EFFECT} evaluations beyond the first.
    """
    count = evaluations.count
    scored = Measure(name="evaluations on the test rows", estimate=counted(count, n=max(evaluations.rows, 1)))
    if count <= 1:
        return clear("The test rows were scored once.", measures=(scored,))
    luck = expected_maximum(count)
    lifted = Measure(name="luck of the best", estimate=_at_most(luck, evaluations), unit="standard errors")
    measures: tuple[Measure, ...] = (scored, lifted)
    claim = f"{count:,} models or settings were scored on the same test rows: luck lifts the best by up to {luck:.2g}"
    claim += " standard errors"
    score, error, how = _standard_error(evaluations, reported, predictions)
    if score is not None and error is not None:
        sign, least = _direction(reported, predictions)
        corrected = score - sign * luck * error
        corrected = max(corrected, least) if sign > 0 else corrected
        claim += f", {luck * error:.2g} by {how}; of {score:.4g} at least {corrected:.4g} is supported"
        claim = claim.replace("at least", "at most") if sign < 0 else claim
        measures += (
            Measure(name="luck of the best", estimate=_at_most(luck * error, evaluations)),
            Measure(name="score without that luck", estimate=_at_most(corrected, evaluations)),
        )
    to_do = "Score the chosen model once on rows that chose nothing, or report the corrected score beside it."
    if luck > HALF_WIDTH:
        return problem(f"{claim}.", Certainty.PROVEN, to_do=to_do, measures=measures)
    return caution(f"{claim}.", to_do=to_do, measures=measures)


def _at_most(value: float, evaluations: Evaluations) -> Estimate:
    return counted(value, n=max(evaluations.rows, 1), method="bound for independent scores")


def _direction(reported: Reported | None, predictions: Predictions | None) -> tuple[int, float]:
    """Return 1 where a higher score is better, else -1, and the lowest score there is."""
    said = reported or predictions
    metric = known_metric(said.metric) if said is not None else None
    return (1, -math.inf) if metric is None else (1 if metric.higher_is_better else -1, metric.lowest)


def _standard_error(
    evaluations: Evaluations, reported: Reported | None, predictions: Predictions | None
) -> tuple[float | None, float | None, str]:
    """Return the score, its standard error and where that comes from; None for what cannot be told."""
    value = None if reported is None else reported.value
    if predictions is not None:
        found = score_estimate(predictions.metric, predictions.label, predictions.score, predictions.cluster)
        if found.low is not None and found.high is not None:
            value = found.value if value is None else value
            return value, (found.high - found.low) / (2 * HALF_WIDTH), "the predictions"
    if reported is None or value is None:
        return value, None, ""
    if reported.low is not None and reported.high is not None:
        return value, (reported.high - reported.low) / (2 * HALF_WIDTH), "the reported interval"
    if reported.metric == "accuracy" and 0 <= value <= 1 and evaluations.rows:
        return value, math.sqrt(value * (1 - value) / evaluations.rows), "the binomial"
    positives = evaluations.positives or 0
    if reported.metric == "roc_auc" and 0 <= value <= 1 and 0 < positives < evaluations.rows:
        error = hanley_mcneil_standard_error(value, positives, evaluations.rows - positives)
        return value, error, "Hanley and McNeil's formula"
    return value, None, ""
