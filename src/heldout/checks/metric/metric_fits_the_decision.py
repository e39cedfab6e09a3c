"""Finds a metric that does not see what the decision turns on."""

from collections.abc import Sequence

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import DecisionContext, Predictions
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.profile import LabelKind, Profile
from heldout.stats import clopper_pearson
from heldout.stats.thresholds import cost_threshold

MAJORITY_GATE = 0.9  # share of the commonest class above which accuracy says little
TOP_GATE = 0.2  # share of the scored rows up to which a capacity is a matter of the top alone
OF_PROBABILITIES = ("brier_loss", "log_loss")  # metrics that see whether probabilities are true
OF_THE_TOP = ("average_precision", "precision_at_k", "recall_at_k", "ndcg", "net_benefit")  # that look at the top
OF_CLASSES = ("accuracy", "roc_auc", "brier_loss", "log_loss")  # whose labels are classes
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
    accuracy where, by a bound, the commonest class has more than {MAJORITY_GATE} of the rows; a metric other than
    {OF_THE_TOP} where at most {TOP_GATE} of the rows can be acted on; a metric other than {OF_PROBABILITIES} where
    costs are stated or a probability is needed. `proven`: labels that look ahead another time than the decision.
    It fires from {MINIMUM_EFFECT} such thing.
    """
    majority = _majority(decision, _counts(predictions, profile))
    asked = (majority, _top(decision, predictions), _probabilities(decision), _horizon(decision))
    answers = tuple(answer for answer in asked if answer is not None)
    if not answers:
        claim = f"What {decision.metric} is for was not said: no capacity, costs or horizon to hold it against."
        return (not_applicable(claim),)
    misfits = tuple(answer for answer in answers if answer.certainty or answer.to_do)
    return misfits or answers[:1]


def _counts(predictions: Predictions | None, profile: Profile | None) -> Sequence[int]:
    if predictions is not None and predictions.metric in OF_CLASSES:
        positives = int(predictions.label.sum())
        return positives, len(predictions.label) - positives
    label = None if profile is None else profile.label
    return () if label is None or label.kind is LabelKind.REGRESSION else label.counts


def _majority(decision: DecisionContext, counts: Sequence[int]) -> Answer | None:
    if decision.metric != "accuracy" or not counts:
        return None
    most, n = max(counts), sum(counts)
    bounds = clopper_pearson(most, n, 1 - 2 * alpha_of("metric"))
    measures = (Measure(name="commonest class", estimate=clopper_pearson(most, n), unit="share"),)
    told = f"{most / n:.1%} of the rows are of one class, and guessing it for all has that accuracy"
    if (bounds.high or 1.0) <= MAJORITY_GATE:
        return clear(f"{told}: accuracy can tell a model from it.", measures=measures)
    to_do = "Report recall and precision of the rarer class, or a metric that ranks (AUC, average precision)."
    if (bounds.low or 0.0) > MAJORITY_GATE:
        return problem(f"{told}.", Certainty.SUSPECT, to_do=to_do, measures=measures)
    return caution(f"{told}: whether that is above {MAJORITY_GATE:.0%} cannot be told.", to_do=to_do, measures=measures)


def _top(decision: DecisionContext, predictions: Predictions | None) -> Answer | None:
    if decision.capacity is None:
        return None
    if decision.metric in OF_THE_TOP:
        return clear(f"{decision.metric} looks at the top, where the capacity of {decision.capacity:,} rows is spent.")
    to_do = f"Report precision and recall among the {decision.capacity:,} highest scores."
    if predictions is None:
        return caution(f"{decision.capacity:,} rows can be acted on, of an unknown number.", to_do=to_do)
    n = len(predictions.label)
    told = f"{decision.capacity:,} of {n:,} rows can be acted on, and {decision.metric} is made of all"
    measures = [Measure(name="rows that can be acted on", estimate=counted(min(decision.capacity / n, 1.0), n=n))]
    if predictions.metric in OF_CLASSES:
        top = predictions.label[np.argsort(-predictions.score, kind="stable")][: decision.capacity]
        precision = clopper_pearson(int(top.sum()), len(top))
        measures.append(Measure(name="precision there", estimate=precision, unit="share"))
    if decision.capacity <= TOP_GATE * n:
        return problem(f"{told}.", Certainty.SUSPECT, to_do=to_do, measures=measures)
    return clear(f"{told}: much of what it is made of can be acted on.", measures=measures)


def _probabilities(decision: DecisionContext) -> Answer | None:
    false_positive, false_negative = decision.false_positive_cost, decision.false_negative_cost
    has_costs = false_positive is not None and false_negative is not None
    if not has_costs and not decision.needs_probability:
        return None
    if decision.metric in OF_PROBABILITIES:
        return clear(f"{decision.metric} sees whether the probabilities that the decision takes are true.")
    why, to_do = "the score is read as a probability", "Report the Brier score or log loss beside it."
    if has_costs and false_positive and false_negative:
        at = cost_threshold(c10=false_positive, c01=false_negative)
        why = f"a false negative costs {false_negative / false_positive:.3g} false positives"
        to_do = f"Report expected cost or net benefit at a probability of {at:.3g}, and whether scores are calibrated."
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
