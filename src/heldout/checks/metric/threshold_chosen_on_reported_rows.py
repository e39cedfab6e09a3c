"""Finds a threshold that was chosen on the rows that the score is reported on."""

import numpy as np

from heldout.core.check import check
from heldout.core.estimate import Estimate, Measure, counted
from heldout.core.evidence import Predictions, ReportedThreshold
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.stats.thresholds import CRITERIA, best_threshold, threshold_optimism, value_at

TEST_ROWS = ("test", "holdout", "held-out", "test set", "test rows", "reported rows", "evaluation set")
TRIED = ("f1", "youden", "accuracy")  # what a threshold may have been chosen by, where nobody said so
FEWEST_SCORES = 200  # different scores below which a coincidence is none
MINIMUM_EFFECT = 1.0
"""Thresholds chosen on the reported rows: a single one is found."""


@check("MET008")
def threshold_chosen_on_reported_rows(predictions: Predictions, threshold: ReportedThreshold) -> Answer:
    """Ask whether the threshold was chosen on the rows that the score is reported on.

    ## Why it matters
    The best threshold on some rows is best on them by luck too. Reported on these rows the metric is too good, the more
    so the fewer positives there are.

    ## Example
    F1 .71 at the threshold .3716, the very best on the test rows; chosen on validation rows it would have been .66.

    ## What to do
    Choose the threshold on validation rows or by costs, write it down, and score the test rows once.

    ## Limits
    `proven` where it is declared to be chosen on one of: {TEST_ROWS}. Where nothing is declared it is `suspect` if no
    other threshold does better by the metric it was chosen for, or else by one of {TRIED}, and the scores have
    {FEWEST_SCORES} different values or more: a threshold from other rows seldom falls between these very two scores,
    but it may. The price is the optimism by cross-fitting, for independent rows. A threshold that was rounded after it
    was chosen is not recognised. It fires from {MINIMUM_EFFECT} such threshold.
    """
    label, score = predictions.label, predictions.score
    if set(np.unique(label)) != {0.0, 1.0}:
        return not_applicable("A threshold parts two classes, and the label has other values.")
    declared = threshold.chosen_on.strip().lower()
    is_known = threshold.metric in CRITERIA
    tried = (threshold.metric,) if is_known else TRIED
    gaps = {criterion: best_threshold(label, score, criterion) for criterion in tried}
    values = {criterion: value_at(label, score, threshold.value, criterion) for criterion in tried}
    best = [c for c in tried if gaps[c].ties == 0 and values[c] >= gaps[c].value - 1e-12]
    criterion = (best or list(tried))[0]
    at = f"the threshold {threshold.value:g}"
    to_do = "Choose the threshold on other rows or by costs, and score these once."
    if declared in TEST_ROWS:
        return problem(
            f"{at[0].upper()}{at[1:]} was chosen on the rows that it is reported on.",
            Certainty.PROVEN,
            to_do=to_do,
            measures=(_price(predictions, criterion), Measure(name="thresholds so chosen", estimate=counted(1, n=1))),
        )
    if not best:
        nearest = f"{values[criterion]:.3f} there, {gaps[criterion].value:.3f} at best"
        measures = (Measure(name=f"{criterion} at the threshold", estimate=_plain(values[criterion], len(label))),)
        return clear(f"On these rows other thresholds do better than {at} ({criterion} {nearest}).", measures=measures)
    told = f"No threshold has a better {criterion} on these rows than {at}"
    measures = (_price(predictions, criterion),)
    if declared:
        claim = f"{told}, though it is said to be chosen on: {threshold.chosen_on}."
        return caution(claim, to_do="Show how it was chosen.", measures=measures)
    if len(np.unique(score)) < FEWEST_SCORES:
        claim = f"{told}; with so few different scores that may be chance."
        return caution(claim, to_do="Say on which rows it was chosen.", measures=measures)
    return problem(
        f"{told}, and on which rows it was chosen is not said.", Certainty.SUSPECT, to_do=to_do, measures=measures
    )


def _price(predictions: Predictions, criterion: str) -> Measure:
    price = threshold_optimism(predictions.label, predictions.score, criterion)
    return Measure(name=f"{criterion} gained by choosing here", estimate=price)


def _plain(value: float, n: int) -> Estimate:
    return counted(value, n=n, method="on these rows")
