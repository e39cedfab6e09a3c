"""Every metric by its name, and those with a threshold or a parameter by theirs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from heldout.stats.metrics import row_means, thresholded
from heldout.stats.metrics.metric import Metric
from heldout.stats.metrics.pr_auc import PR_AUC
from heldout.stats.metrics.r_squared import R_SQUARED
from heldout.stats.metrics.roc_auc import ROC_AUC
from heldout.stats.sample import BadSample

__all__ = ["METRICS", "cut_of", "known_metric", "metric_named"]

METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            ROC_AUC,
            PR_AUC,
            thresholded.ACCURACY,
            thresholded.BALANCED_ACCURACY,
            thresholded.F1,
            thresholded.JACCARD,
            thresholded.MCC,
            thresholded.PRECISION,
            thresholded.RECALL,
            thresholded.SPECIFICITY,
            thresholded.NEGATIVE_PREDICTIVE_VALUE,
            row_means.BRIER_LOSS,
            row_means.LOG_LOSS,
            row_means.MEAN_ABSOLUTE_ERROR,
            row_means.MEAN_ABSOLUTE_PERCENTAGE_ERROR,
            row_means.MEAN_SQUARED_ERROR,
            row_means.ROOT_MEAN_SQUARED_ERROR,
            R_SQUARED,
        )
    }
)

AT_THRESHOLD: Mapping[str, Callable[[float], Metric]] = MappingProxyType(
    {
        "accuracy": thresholded.accuracy_at,
        "balanced_accuracy": thresholded.balanced_accuracy_at,
        "f1": thresholded.f1_at,
        "jaccard": thresholded.jaccard_at,
        "mcc": thresholded.mcc_at,
        "precision": thresholded.precision_at,
        "recall": thresholded.recall_at,
        "specificity": thresholded.specificity_at,
        "negative_predictive_value": thresholded.negative_predictive_value_at,
    }
)


def metric_named(name: str) -> Metric:
    """Return the metric called `name`, which may carry a parameter after a colon and a threshold after an @.

    "precision@0.8" calls rows positive from .8; "f_beta:2" and "pinball_loss:0.9" take their parameter. Raises
    BadSample for another name, saying which exist, and for a parameter out of range.

    >>> metric_named("roc_auc") is METRICS["roc_auc"], metric_named("f_beta:2@0.3").name
    (True, 'f_beta:2@0.3')
    """
    if not isinstance(name, str):
        raise BadSample(f"a metric is called {name!r}", expected="its name, such as roc_auc")
    if name in METRICS:
        return METRICS[name]
    spelled, _, threshold = name.partition("@")
    kind, _, parameter = spelled.partition(":")
    cut = _number(threshold, name) if threshold else thresholded.THRESHOLD
    if kind == "f_beta" and parameter:
        return thresholded.f_beta(_number(parameter, name), cut)
    if kind == "pinball_loss" and parameter and not threshold:
        return row_means.pinball_loss(_number(parameter, name))
    if spelled in AT_THRESHOLD and threshold:
        return AT_THRESHOLD[spelled](cut)
    known = ", ".join((*METRICS, "f_beta:2", "pinball_loss:0.9"))
    raise BadSample(f"there is no metric {name!r}", expected=f"one of {known}; precision@0.8 sets a threshold")


def known_metric(name: str) -> Metric | None:
    """Return the metric that `metric_named` returns, or None where it would raise.

    >>> known_metric("f1@0.3") is None, known_metric("ndcg") is None
    (False, True)
    """
    try:
        return metric_named(name)
    except BadSample:
        return None


def cut_of(name: str) -> tuple[str, float | None]:
    """Return a metric's name without its threshold, and the score from which it calls rows positive, or None.

    Raises BadSample for a threshold that is no number.

    >>> cut_of("precision@0.8"), cut_of("f1"), cut_of("roc_auc")
    (('precision', 0.8), ('f1', 0.5), ('roc_auc', None))
    """
    spelled, _, threshold = name.partition("@")
    if spelled not in AT_THRESHOLD and not spelled.startswith("f_beta:"):
        return spelled, None
    return spelled, _number(threshold, name) if threshold else thresholded.THRESHOLD


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadSample(f"{text!r} in {name!r} is no number", expected="precision@0.8 or f_beta:2") from error
