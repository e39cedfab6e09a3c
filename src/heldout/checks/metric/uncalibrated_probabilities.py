"""Finds scores that are read as probabilities and are none."""

import math

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure
from heldout.core.evidence import DecisionContext, Predictions
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.stats.calibration import (
    calibration_slope,
    expected_calibration_error,
    mean_miscalibration,
    spiegelhalter,
)
from heldout.stats.sample import Undefined

GATE = 0.05  # mean miscalibration, in standard deviations of the label, from which a decision feels it
CLIP = 1e-6  # scores are moved this far in from 0 and 1
OF_PROBABILITIES = ("brier_loss", "log_loss")  # metrics that take scores for probabilities
MINIMUM_EFFECT = 1.0
"""How many times too large the log odds of 4,000 scores are, less 1: doubled log odds are found."""


@check("MET007")
def uncalibrated_probabilities(predictions: Predictions, decision: DecisionContext | None = None) -> Answer:
    """Ask whether scores that are used as probabilities are true.

    ## Why it matters
    A threshold from costs, an expected value, a sum of risks: each takes the score at its word. A model may order rows
    perfectly and still say 90 % where 60 % is true.

    ## Example
    Among rows scored .9 half are positive: slope .5 on the log odds. Boosted trees, resampled classes and networks
    trained to the end give such scores.

    ## What to do
    Fit a calibration map (Platt's sigmoid, isotonic) on rows that neither trained the model nor are reported; then look
    at the reliability curve.

    ## Limits
    Asked where the metric is one of {OF_PROBABILITIES}, or costs or the need for a probability are stated. The measure
    is the mean distance between a score and its logistic recalibration, over the label's standard deviation (2.5 points
    at a prevalence of one half, half a point at 1 %): `suspect` when its lower bound exceeds {GATE}, clear when its
    upper bound is below. Waves that slope and intercept do not see give a caution, when Spiegelhalter's test rejects
    and the binned error exceeds what calibrated scores show by the same gate. Which rows are scored matters: another
    prevalence is miscalibration too. It promises to find log odds that are too large by a share of {MINIMUM_EFFECT}.
    """
    is_used = predictions.metric in OF_PROBABILITIES or (
        decision is not None and (decision.needs_probability or decision.false_positive_cost is not None)
    )
    label, score, cluster = predictions.label, predictions.score, predictions.cluster
    if not is_used or not np.isin(label, (0, 1)).all() or score.min() < 0 or score.max() > 1:
        return not_applicable(f"{predictions.metric} does not take these scores for probabilities, and no use does.")
    deviation = math.sqrt(float(label.mean() * (1 - label.mean())))
    alpha = alpha_of("metric")
    bounds = mean_miscalibration(label, score, cluster=cluster, clip=CLIP, level=1 - 2 * alpha)
    if bounds.low is None or bounds.high is None or bounds.value is None:
        return caution(f"Whether the scores are calibrated is not known: {bounds.undefined_because}.")
    fit = calibration_slope(label, score, cluster=cluster, clip=CLIP)
    shown = mean_miscalibration(label, score, cluster=cluster, clip=CLIP)
    measures = (
        Measure(name="mean miscalibration", estimate=shown, unit="share"),
        Measure(name="calibration slope", estimate=fit.slope),
        Measure(name="calibration in the large", estimate=fit.in_the_large),
    )
    told = f"Scores lie {bounds.value:.3g} from the recalibrated ones on average (slope {fit.slope.value or 0:.2f})"
    limit = f"{GATE * deviation:.2g}, {GATE:.0%} of the label's standard deviation,"
    to_do = "Calibrate on rows that neither trained the model nor are reported, and show the reliability curve."
    if bounds.low > GATE * deviation:
        return problem(f"{told}: beyond {limit} by its bound.", Certainty.SUSPECT, to_do=to_do, measures=measures)
    if bounds.high <= GATE * deviation and not _has_waves(predictions, GATE * deviation, alpha):
        return clear(f"{told}: within {limit} by its bound.", measures=measures)
    doubt = f"whether that is beyond {limit} cannot be told at this n"
    if bounds.high <= GATE * deviation:
        doubt = "but bins of scores differ from their shares of positives by more than calibrated scores would"
    return caution(f"{told}: {doubt}.", to_do=to_do, measures=measures)


def _has_waves(predictions: Predictions, gate: float, alpha: float) -> bool:
    label, score = predictions.label, predictions.score
    try:
        is_rejected = spiegelhalter(label, score).p_value <= alpha
    except Undefined:
        return False
    error = expected_calibration_error(label, score, strategy="quantile")
    return is_rejected and error.value - (error.high_if_calibrated or 0.0) > gate
