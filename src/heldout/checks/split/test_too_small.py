"""Finds test sets that are too small for what their score is to say."""

from heldout.core.check import check
from heldout.core.estimate import Estimate, Measure, counted
from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.profile import LabelKind
from heldout.core.split_evidence import TestSize
from heldout.stats import score_estimate, wilson
from heldout.stats.metrics.hanley_mcneil import hanley_mcneil
from heldout.stats.metrics.named import cut_of

GATE = 0.05  # half the width of a score's interval
UNSCORED_GATE = 0.1  # the same where no score leans on the rows
RELATIVE_GATE = 0.1  # the same of a loss, as a share of it
DIGITS = 50  # a last digit may be so many times finer than half the interval
CHANCE = 0.5  # the AUC of any constant
MINIMUM_EFFECT = 0.95
"""Share of 4,000 test rows that are taken away."""


@check("SPL009")
def test_too_small(
    test_size: TestSize,
    reported: Reported | None = None,  # noqa: PT028 - a check, and no test of pytest's
    predictions: Predictions | None = None,  # noqa: PT028 - as above
) -> Answer:
    """Ask whether the test rows can carry what their score is to say.

    ## Why it matters
    A score on few rows, or few of a class, may be as good as it looks, or no better than a guess. The digits that it is
    reported with do not change that.

    ## Example
    AUC .80 on 200 rows with 40 positives: the interval is .72 to .88. A model of .75 looks better than it every third
    time.

    ## What to do
    Score more rows, above all of the rarer class, or more entities; give the interval; compare models on the same rows.

    ## Limits
    The interval is that of the predictions where they are given (clustered as they are); else that of the reported
    score by the counts alone: Hanley and McNeil's for an AUC, Wilson's for a share of all rows, or of those of its
    class; for other metrics that of a share of one half. Entities count instead of rows where one is declared, which
    is on the wide side. It is `suspect` when half of it exceeds {GATE}, or {RELATIVE_GATE} of a loss, or when it holds
    the AUC of a constant. A last digit more than {DIGITS} times finer than that half is a caution, and so is a test
    without a score of which that half exceeds {UNSCORED_GATE}. It promises to find {MINIMUM_EFFECT} of 4,000 test rows
    taken away.
    """
    size = test_size
    estimate, how = _interval(size, reported, predictions)
    if estimate is None:
        return not_applicable("How sure the error of a regression is takes its predictions.")
    rows = f"{size.rows:,} test rows"
    rows += f" with {min(size.per_class):,} of the rarest class" if size.per_class else ""
    rows += f" of {size.clusters:,} entities" if size.clusters is not None else ""
    measures = (
        Measure(name=how, estimate=estimate),
        Measure(name="test rows", estimate=counted(size.rows, n=max(size.rows, 1)), unit="rows"),
    )
    to_do = "Score more rows, above all of the rarer class; report the interval with the score."
    if estimate.low is None or estimate.high is None or estimate.value is None:
        return caution(f"{rows} carry no interval: {estimate.undefined_because}.", to_do=to_do, measures=measures)
    half = (estimate.high - estimate.low) / 2
    told = f"{rows} give {how} an interval of {estimate.low:.3g} to {estimate.high:.3g}"
    is_loss = estimate.high > 1 or estimate.low < 0
    is_wide = half > (RELATIVE_GATE * abs(estimate.value) if is_loss else GATE)
    holds_chance = how.endswith("roc_auc") and estimate.low <= CHANCE <= estimate.high
    has_score = reported is not None or predictions is not None
    if (is_wide or holds_chance) and has_score:
        why = "which holds the AUC of a constant" if holds_chance else "too wide to lean on"
        return problem(f"{told}, {why}.", Certainty.SUSPECT, to_do=to_do, measures=measures)
    if half > UNSCORED_GATE and not has_score:
        return caution(f"{told}: too wide to lean on.", to_do=to_do, measures=measures)
    if reported is not None and _digit(reported.value) < half / DIGITS:
        claim = f"{told}, so the last digits of {reported.value:g} say nothing."
        return caution(claim, to_do="Round the score to what the rows can carry.", measures=measures)
    return clear(f"{told}.", measures=measures)


def _interval(
    size: TestSize, reported: Reported | None, predictions: Predictions | None
) -> tuple[Estimate | None, str]:
    """Return the interval of the best known score, and what it is of."""
    if predictions is not None:
        known = predictions
        return score_estimate(known.metric, known.label, known.score, known.cluster), f"the computed {known.metric}"
    if size.kind is LabelKind.REGRESSION:
        return None, ""
    kept = 1.0 if size.clusters is None else min(size.clusters / max(size.rows, 1), 1.0)
    n = max(round(size.rows * kept), 1)
    bare = "" if reported is None else cut_of(reported.metric)[0]
    of_class = {"recall": size.per_class[-1], "specificity": size.rows - size.per_class[-1]}
    if reported is None or not 0 <= reported.value <= 1:
        return wilson(n // 2, n), "a share of one half"
    if bare == "roc_auc" and len(size.per_class) == 2 and min(size.per_class) * kept >= 1:
        positives = max(round(size.per_class[-1] * kept), 1)
        return hanley_mcneil(reported.value, positives, max(n - positives, 1)), "the reported roc_auc"
    if bare in of_class or bare == "accuracy":
        n = max(round(of_class.get(bare, size.rows) * kept), 1)
        return wilson(round(reported.value * n), n), f"the reported {bare}"
    return wilson(n // 2, n), f"a share of one half, for the reported {reported.metric}"


def _digit(value: float) -> float:
    """Return the size of the last digit that a number is written with."""
    text = f"{value:.12g}"
    return 10.0 ** -len(text.partition(".")[2]) if "." in text and "e" not in text else 1.0
