"""Finds a metric that does not see what the decision turns on."""

from collections.abc import Sequence

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import DecisionContext, Predictions
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.profile import LabelKind, Profile
from heldout.stats import BadSample, clopper_pearson, metric_named
from heldout.stats.metrics.named import cut_of
from heldout.stats.thresholds import cost_threshold

MAJORITY_GATE = 0.9  # share of the commonest class above which accuracy says little
TOP_GATE = 0.2  # share of the scored rows up to which a capacity is a matter of the top alone
OF_PROBABILITIES = ("brier_loss", "log_loss")  # metrics that see whether probabilities are true
OF_THE_TOP = ("pr_auc",)  # metrics that look at the highest scores most
OF_THE_CALLED = ("precision", "recall", "f1", "f_beta", "jaccard")  # that look at the rows from a threshold up
MINIMUM_EFFECT = 1.0
"""Things that the decision turns on and the metric does not see: a single one is found."""


@check("MET003")
def metric_fits_the_decision(
    decision: DecisionContext, predictions: Predictions | None = None, profile: Profile | None = None
) -> tuple[Answer, ...]:
    """Ask whether the metric sees what the decision turns on.

    ## Why it matters
    A model is chosen by its metric and used for a decision. Where the two part, the better score is the worse choice.

    ## Example
    Accuracy .98 where 98 % of the rows are of one class; AUC where a team can look at the 50 highest of 20,000 rows;
    AUC where a false negative costs ten false positives; labels of 30 days for a decision about 90.

    ## What to do
    Report beside it what the decision turns on: recall and precision at the capacity, expected cost or net benefit at
    the cost's threshold, Brier score or log loss where the score is read as a probability.

    ## Limits
    Only what is stated is held against the metric (capacity, costs, horizon), and the classes' counts. `suspect`:
    accuracy where, by a bound, the commonest class has more than {MAJORITY_GATE} of the rows; where at most {TOP_GATE}
    of the rows can be acted on, a metric other than {OF_THE_TOP}, and one of {OF_THE_CALLED} whose threshold
    calls more rows than that; a metric other than {OF_PROBABILITIES} where costs are stated or a probability is needed.
    `proven`: labels that look ahead another time than the decision. Of a regression only the horizon is asked.
    It fires from {MINIMUM_EFFECT} such thing.
    """
    majority = _majority(decision, _counts(predictions, profile))
    is_of_numbers = _is_of_numbers(decision, profile)
    of_calls = () if is_of_numbers else (majority, _top(decision, predictions), _probabilities(decision))
    answers = tuple(answer for answer in (*of_calls, _horizon(decision)) if answer is not None)
    if not answers:
        claim = f"What {decision.metric} is for was not said: no capacity, costs or horizon to hold it against."
        if is_of_numbers and (decision.capacity or decision.needs_probability or decision.false_positive_cost):
            claim = f"{decision.metric} is of numbers; capacity, costs and chances are held against two classes."
        return (not_applicable(claim),)
    misfits = tuple(answer for answer in answers if answer.certainty or answer.to_do)
    return misfits or answers[:1]


def _is_of_numbers(decision: DecisionContext, profile: Profile | None) -> bool:
    """Tell whether a regression is scored, by the metric where it is known, else by the label."""
    if _is_known(decision.metric):
        return metric_named(decision.metric).task == "regression"
    return profile is not None and profile.label is not None and profile.label.kind is LabelKind.REGRESSION


def _is_known(metric: str) -> bool:
    try:
        metric_named(metric)
    except BadSample:
        return False
    return True


def _counts(predictions: Predictions | None, profile: Profile | None) -> Sequence[int]:
    if predictions is not None and metric_named(predictions.metric).task == "binary":
        positives = int(predictions.label.sum())
        return positives, len(predictions.label) - positives
    label = None if profile is None else profile.label
    return () if label is None or label.kind is LabelKind.REGRESSION else label.counts


def _majority(decision: DecisionContext, counts: Sequence[int]) -> Answer | None:
    if cut_of(decision.metric)[0] != "accuracy" or not counts:
        return None
    most, n = max(counts), sum(counts)
    bounds = clopper_pearson(most, n, 1 - 2 * alpha_of("metric"))
    measures = (Measure(name="commonest class", estimate=clopper_pearson(most, n), unit="share"),)
    told = f"{most / n:.1%} of the rows are of one class, and guessing it for all has that accuracy"
    if (bounds.high or 1.0) <= MAJORITY_GATE:
        return clear(f"{told}: accuracy can tell a model from it.", measures=measures)
    to_do = "Report recall and precision of the rarer class, or a metric that ranks (roc_auc, pr_auc)."
    if (bounds.low or 0.0) > MAJORITY_GATE:
        return problem(f"{told}.", Certainty.SUSPECT, to_do=to_do, measures=measures)
    return caution(f"{told}: whether that is above {MAJORITY_GATE:.0%} cannot be told.", to_do=to_do, measures=measures)


def _top(decision: DecisionContext, predictions: Predictions | None) -> Answer | None:
    if decision.capacity is None:
        return None
    metric, capacity = decision.metric, decision.capacity
    if metric in OF_THE_TOP:
        return clear(f"{metric} looks at the top, where the capacity of {capacity:,} rows is spent.")
    to_do = f"Report precision and recall at a threshold that calls {capacity:,} rows (--threshold), or pr_auc."
    if predictions is None:
        return caution(f"{capacity:,} rows can be acted on, of an unknown number.", to_do=to_do)
    n = len(predictions.label)
    top = predictions.label[np.argsort(-predictions.score, kind="stable")][:capacity]
    measures = (
        Measure(name="rows that can be acted on", estimate=counted(min(capacity / n, 1.0), n=n)),
        Measure(name="precision there", estimate=clopper_pearson(int(top.sum()), len(top)), unit="share"),
    )
    bare, cut = cut_of(metric)
    told = f"{capacity:,} of {n:,} rows can be acted on, and {metric} is made of all"
    if cut is not None and bare.partition(":")[0] in OF_THE_CALLED:
        called = int((predictions.score >= cut).sum())
        told = f"{capacity:,} of {n:,} rows can be acted on, and {called:,} rows are called at the threshold {cut:g}"
        if called <= capacity:
            return clear(f"{told}: {metric} looks at rows that can be acted on.", measures=measures)
    if capacity <= TOP_GATE * n:
        return problem(f"{told}.", Certainty.SUSPECT, to_do=to_do, measures=measures)
    return clear(f"{told}: much of what it is made of can be acted on.", measures=measures)


def _probabilities(decision: DecisionContext) -> Answer | None:
    false_positive, false_negative = decision.false_positive_cost, decision.false_negative_cost
    has_costs = false_positive is not None and false_negative is not None
    if not has_costs and not decision.needs_probability:
        return None
    if decision.metric in OF_PROBABILITIES:
        return clear(f"{decision.metric} sees whether the probabilities that the decision takes are true.")
    why, to_do = "the score is read as a probability", "Report brier_loss (the Brier score) or log_loss beside it."
    if has_costs and false_positive and false_negative:
        at = cost_threshold(c10=false_positive, c01=false_negative)
        why = f"a false negative costs {false_negative / false_positive:.3g} false positives"
        to_do = f"Report brier_loss or log_loss, and expected cost or net benefit at a probability of {at:.3g}."
    measures = (Measure(name="metrics of probabilities left out", estimate=counted(1, n=1)),)
    claim = f"{decision.metric} does not see whether probabilities are true, and {why}."
    return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures)


def _horizon(decision: DecisionContext) -> Answer | None:
    if not decision.horizon:
        return None
    if not decision.scored_horizon:
        claim = f"The decision looks {decision.horizon} ahead, and how far the labels do is not said."
        return caution(claim, to_do="Say how long after the prediction the label is read.")
    if decision.scored_horizon.strip().lower() == decision.horizon.strip().lower():
        return clear(f"Labels and decision look {decision.horizon} ahead.")
    measures = (Measure(name="horizons that differ", estimate=counted(1, n=1)),)
    claim = f"The labels look {decision.scored_horizon} ahead, and the decision {decision.horizon}."
    return problem(claim, Certainty.PROVEN, to_do="Score labels of the decision's horizon.", measures=measures)
