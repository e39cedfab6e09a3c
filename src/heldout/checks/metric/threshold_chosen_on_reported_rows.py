"""Finds a threshold that was chosen on the rows that the score is reported on."""

import numpy as np

from heldout.core.check import check
from heldout.core.estimate import Estimate, Measure, counted
from heldout.core.evidence import Predictions, ReportedThreshold
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.said_rows import SaidRows, rows_said
from heldout.stats.thresholds import CRITERIA, best_threshold, threshold_optimism, value_at

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
    What is declared is read as a text. `proven` where it says the reported rows: test, holdout, evaluation, final,
    reported or scored, beside words like "the", "set", "data". Nearly so (a slip of the pen, more words) it is
    `suspect`. Validation, dev, train, calibration, cross-validation and costs are taken for others; any other text is
    asked about. Where nothing is declared it is `suspect` if no other threshold does better by the metric it was chosen
    for, or else by one of {TRIED}, and the scores have {FEWEST_SCORES} different values or more: a threshold from other
    rows seldom falls between these very two scores, but it may. The price is the optimism by cross-fitting, for
    independent rows. A threshold that was rounded after it was chosen is not recognised. It fires from {MINIMUM_EFFECT}
    such threshold.
    """
    label, score = predictions.label, predictions.score
    if set(np.unique(label)) != {0.0, 1.0}:
        return not_applicable("A threshold parts two classes, and the label has other values.")
    declared, said = threshold.chosen_on.strip(), rows_said(threshold.chosen_on)
    is_known = threshold.metric in CRITERIA
    tried = (threshold.metric,) if is_known else TRIED
    gaps = {criterion: best_threshold(label, score, criterion) for criterion in tried}
    values = {criterion: value_at(label, score, threshold.value, criterion) for criterion in tried}
    best = [c for c in tried if gaps[c].ties == 0 and values[c] >= gaps[c].value - 1e-12]
    criterion = (best or list(tried))[0]
    at = f"the threshold {threshold.value:g}"
    to_do = "Choose the threshold on other rows or by costs, and score these once."
    answer = _of_what_is_said(said, declared, f"T{at[1:]} was chosen on", _price(predictions, criterion), to_do)
    if answer is not None:
        return answer
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


def _of_what_is_said(said: SaidRows, declared: str, chosen: str, price: Measure, to_do: str) -> Answer | None:
    """Answer where the words settle it, or say nothing that is known; None for other rows, and where none are said."""
    if not declared or said is SaidRows.OTHER:
        return None
    if said is SaidRows.UNKNOWN:
        claim = f"{chosen} “{declared}”, and whether these are the reported rows is not known."
        return caution(claim, to_do="Say “test” where they are, or “validation” where they are other rows.")
    measures = (price, Measure(name="thresholds so chosen", estimate=counted(1, n=1)))
    claim = f"{chosen} the rows that it is reported on: “{declared}”"
    if said is SaidRows.REPORTED:
        return problem(f"{claim}.", Certainty.PROVEN, to_do=to_do, measures=measures)
    to_do = f"Say “test”, or “validation” where they are other rows. {to_do}"
    return problem(f"{claim} was read as the reported rows.", Certainty.SUSPECT, to_do=to_do, measures=measures)


def _price(predictions: Predictions, criterion: str) -> Measure:
    price = threshold_optimism(predictions.label, predictions.score, criterion)
    return Measure(name=f"{criterion} gained by choosing here", estimate=price)


def _plain(value: float, n: int) -> Estimate:
    return counted(value, n=n, method="on these rows")
