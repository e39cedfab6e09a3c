"""Finds a score that does not beat what no model is needed for."""

import numpy as np
from numpy.typing import NDArray

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import BaselineScores, Predictions
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.lift import Lift, LiftScale
from heldout.core.profile import ColumnKind, LabelKind, Profile
from heldout.stats import confidence_at_least, paired_lift
from heldout.stats.best_constant import PERFECT_CONSTANTS, best_constant
from heldout.stats.decision import FEWEST_CLUSTERS
from heldout.stats.difference import interval_difference
from heldout.stats.in_words import probability
from heldout.stats.metrics.named import cut_of
from heldout.stats.score import score_estimate
from heldout.stats.single_feature import single_feature_power

GATE = 0.01  # share of the baseline's error that a model takes away at least
SLIGHT = 0.1  # what a score that is not shown to take that away should not be bounded below
CONFIDENCE = 0.95  # asked for to call a score better, and to call it suspect
MINIMUM_EFFECT = 1.0
"""Share of the model's signal that is gone: scores of nothing but noise on 20,000 rows are found."""


@check("MET004")
def baseline_missing(
    predictions: Predictions, baselines: BaselineScores | None = None, profile: Profile | None = None
) -> Answer:
    """Ask whether the score beats the baselines that take no model.

    ## Why it matters
    A number without a baseline has no zero. A model that does not beat a constant, the last value, or the best single
    column has learned nothing that a rule does not know.

    ## Example
    Accuracy .941, where .943 of the rows are of one class; a forecast error of 12 where yesterday's value errs by 11.

    ## What to do
    Report the score beside the best trivial baseline, on the same rows; look for what the model adds to it.

    ## Limits
    The constant is the best one on the scored rows themselves (commonest class, base rate, mean or median; 1 for F1,
    precision and their like), a little better than can be had; recall and specificity alone have no baseline. Each
    baseline on the same rows is compared by the paired, clustered lift: `strong` when the confidence that it takes away
    {GATE} of the baseline's error is within this check's part of the error budget (Bonferroni over baselines);
    `suspect` when that confidence stays below {CONFIDENCE} and the one that it takes away less than {SLIGHT} does not;
    a caution at most below {FEWEST_CLUSTERS} clusters. The best single column is known by its out-of-fold AUC in the
    profiled table, on other rows, so it gives a `suspect` at most; times are left out, as rows of the same moment tell,
    and later rows have none. It promises to find 20,000 scores that lost all of
    their signal (a share of {MINIMUM_EFFECT}).
    """
    label, score, metric = predictions.label, predictions.score, predictions.metric
    if np.ptp(score) == 0:
        return problem(
            "The score is the same in every row: it is a baseline itself.",
            Certainty.PROVEN,
            to_do="Look for what the model was to add to it.",
            measures=(Measure(name="different scores", estimate=counted(1, n=len(score))),),
        )
    bare = cut_of(metric)[0]
    if bare in PERFECT_CONSTANTS:
        claim = f"By {bare} alone always predicting {PERFECT_CONSTANTS[bare]} is perfect: no baseline can be beaten."
        return not_applicable(claim)
    constant = best_constant(metric, label)
    trivial = {f"always predicting {constant:.3g}": np.full(len(label), constant)}
    trivial |= dict(sorted(baselines.scores.items())) if baselines is not None else {}
    lifts = {name: _lift(predictions, rival) for name, rival in trivial.items()}
    reached = {name: confidence_at_least(lift, GATE) for name, lift in lifts.items()}
    known = {name: chance for name, chance in reached.items() if chance is not None}
    if not known:
        reason = next(iter(lifts.values())).estimate.undefined_because
        return caution(f"Whether the score beats a trivial baseline is not known: {reason}.")
    name = min(known, key=lambda key: known[key])
    lift, chance = lifts[name], known[name]
    measures = (_measure(name, lift), *(_measure(other, lifts[other]) for other in known if other != name))
    claim = f"The confidence that {metric} takes {GATE:.0%} off the error of {name} is {probability(chance)}"
    unit = "rows" if predictions.cluster is None else "clusters"
    if lift.clusters < FEWEST_CLUSTERS:
        return caution(f"{claim}, but {lift.clusters} {unit} are too few to rely on it.", measures=measures)
    is_better, is_strong = chance >= CONFIDENCE, chance <= alpha_of("metric") / len(known)
    if is_strong or (not is_better and (confidence_at_least(lift, SLIGHT) or 0.0) <= 1 - CONFIDENCE):
        certainty = Certainty.STRONG if is_strong else Certainty.SUSPECT
        to_do = "Report this baseline beside the score, and look for what the model adds to it."
        return problem(f"{claim}.", certainty, to_do=to_do, measures=measures)
    plain = clear(f"{claim}.", measures=measures)
    unsure = caution(f"{claim}: cannot tell at this n.", to_do=f"Score more {unit}.", measures=measures)
    return _column(predictions, profile) or (plain if is_better else unsure)


def _lift(predictions: Predictions, rival: NDArray[np.float64]) -> Lift:
    return paired_lift(
        predictions.label,
        predictions.score,
        rival,
        metric=predictions.metric,
        scale=LiftScale.ERROR_REDUCTION,
        cluster=predictions.cluster,
        coverage_worlds=0,
    )


def _column(predictions: Predictions, profile: Profile | None) -> Answer | None:
    """Answer when one column alone, in the profiled table, has a higher AUC than the score has, beyond the bounds."""
    if predictions.metric != "roc_auc" or profile is None or profile.label is None:
        return None
    if profile.label.kind is not LabelKind.BINARY:
        return None
    columns = [c for c in profile.columns.values() if c.kind not in (ColumnKind.EMPTY, ColumnKind.TIME)]
    level = 1 - 2 * alpha_of("metric") / max(len(columns), 1)
    ours = score_estimate("roc_auc", predictions.label, predictions.score, predictions.cluster, level)
    for column in sorted(columns, key=lambda c: c.name):
        alone = single_feature_power(column.joint, LabelKind.BINARY, level=level)
        ahead = interval_difference(alone, ours)
        if ahead.low is not None and ahead.low > 0:
            measure = Measure(name=f"AUC of {column.name} alone, above the score", estimate=ahead)
            claim = f"{column.name} alone orders the rows better than the score does."
            to_do = f"Ask whether {column.name} is known in time, and why the model does not use it."
            return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=(measure,))
    return None


def _measure(name: str, lift: Lift) -> Measure:
    return Measure(name=f"error taken off {name}", estimate=lift.estimate, unit="share")
