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
from heldout.stats.metrics.named import cut_of, known_metric
from heldout.stats.thresholds import cost_threshold

MAJORITY_GATE = 0.9  # share of the commonest class above which accuracy says little
TOP_GATE = 0.2  # share of the scored rows up to which a capacity is a matter of the top alone
OF_PROBABILITIES = ("brier_loss", "log_loss")  # metrics that see whether probabilities are true
OF_THE_TOP = ("pr_auc",)  # that look at the highest scores most
OF_THE_CALLED = ("precision", "recall", "f1", "f_beta", "jaccard")  # that look at the rows from a threshold up
MINIMUM_EFFECT = 1.0
"""Things that the decision turns on and the metric does not see: a single one is found."""


@check("MET003")
def metric_fits_the_decision(
    decision: DecisionContext, predictions: Predictions | None = None, profile: Profile | None = None
) -> tuple[Answer, ...]:
    """Ask whether the metric sees what the decision turns on.

    ## Why it matters
    A model is chosen by its metric and used for a decision. Where they part, the better score is the worse choice.

    ## Example
    Accuracy .98 where 98 % of the rows are of one class; AUC where a team can look at 50 of 20,000 rows, or where a
    false negative costs ten false positives; labels of 30 days for a decision about 90.

    ## What to do
    Report what the decision turns on: recall and precision at the capacity, expected cost or net benefit at the cost's
    threshold, Brier score or log loss where the score is read as a probability.

    ## Limits
    Only what is stated is held against the metric (capacity, costs, horizon), and the classes' counts. `suspect`:
    accuracy where the commonest class has, by a bound, more than {MAJORITY_GATE} of the rows; where at most {TOP_GATE}
    can be acted on, a metric other than {OF_THE_TOP}, or one of {OF_THE_CALLED} whose threshold calls more rows;
    a metric other than {OF_PROBABILITIES} where costs are stated or a probability is needed. `proven`: labels that look
    ahead another time than the decision, all that a regression is asked. It fires from {MINIMUM_EFFECT} such thing.
    """
    asked: list[Answer | None] = [_horizon(decision)]
    known, label = known_metric(decision.metric), None if profile is None else profile.label
    if (known is not None and known.task == "regression") or (label and label.kind is LabelKind.REGRESSION):
        why = f"{decision.metric} is of numbers; capacity, costs and chances are held against two classes."
    else:
        why = f"What {decision.metric} is for was not said: no capacity, costs or horizon to hold it against."
        counts = np.bincount(predictions.label.astype(int)).tolist() if predictions else label.counts if label else ()
        asked = [_majority(decision, counts), _top(decision, predictions), _probabilities(decision), *asked]
    answers = tuple(answer for answer in asked if answer is not None)
    misfits = tuple(answer for answer in answers if answer.certainty or answer.to_do)
    return misfits or answers[:1] or (not_applicable(why),)


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
    metric, capacity = decision.metric, decision.capacity
    if capacity is None:
        return None
    if metric in OF_THE_TOP:
        return clear(f"{metric} looks at the top, where the capacity of {capacity:,} rows is spent.")
    to_do = f"Report precision and recall at a threshold that calls {capacity:,} rows (--threshold), or pr_auc."
    if predictions is None:
        return caution(f"{capacity:,} rows can be acted on, of an unknown number.", to_do=to_do)
    n, (bare, cut) = len(predictions.label), cut_of(metric)
    top = predictions.label[np.argsort(-predictions.score, kind="stable")][:capacity]
    measures = (
        Measure(name="rows that can be acted on", estimate=counted(min(capacity / n, 1.0), n=n)),
        Measure(name="precision there", estimate=clopper_pearson(int(top.sum()), len(top)), unit="share"),
    )
    told, is_fit = f"{metric} is made of all", capacity > TOP_GATE * n
    if cut is not None and bare.partition(":")[0] in OF_THE_CALLED:
        called = int((predictions.score >= cut).sum())
        told, is_fit = f"{called:,} rows are called at the threshold {cut:g}", is_fit or called <= capacity
    claim = f"{capacity:,} of {n:,} rows can be acted on, and {told}"
    if is_fit:
        return clear(f"{claim}: much of what {metric} looks at can be acted on.", measures=measures)
    return problem(f"{claim}.", Certainty.SUSPECT, to_do=to_do, measures=measures)


def _probabilities(decision: DecisionContext) -> Answer | None:
    false_positive, false_negative = decision.false_positive_cost, decision.false_negative_cost
    if not ((false_positive and false_negative) or decision.needs_probability):
        return None
    if decision.metric in OF_PROBABILITIES:
        return clear(f"{decision.metric} sees whether the probabilities that the decision takes are true.")
    why, to_do = "the score is read as a probability", "Report brier_loss (Brier score) or log_loss beside it."
    if false_positive and false_negative:
        at = cost_threshold(c10=false_positive, c01=false_negative)
        why = f"a false negative costs {false_negative / false_positive:.3g} false positives"
        to_do = f"Report brier_loss or log_loss, and expected cost or net benefit at a probability of {at:.3g}."
    claim = f"{decision.metric} does not see whether probabilities are true, and {why}."
    gone = Measure(name="metrics of probabilities left out", estimate=counted(1, n=1))
    return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=(gone,))


def _horizon(decision: DecisionContext) -> Answer | None:
    if not decision.horizon:
        return None
    to_do = "Say how long after the prediction the label is read."
    if not decision.scored_horizon:
        return caution(f"The decision looks {decision.horizon} ahead; how far labels look is not said.", to_do=to_do)
    if decision.scored_horizon.strip().lower() == decision.horizon.strip().lower():
        return clear(f"Labels and decision look {decision.horizon} ahead.")
    claim = f"The labels look {decision.scored_horizon} ahead, and the decision {decision.horizon}."
    differ = (Measure(name="horizons that differ", estimate=counted(1, n=1)),)
    return problem(claim, Certainty.PROVEN, to_do="Score labels of the decision's horizon.", measures=differ)
