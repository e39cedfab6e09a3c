"""The metric of an audit: which name is meant, whether it scores the target, and where it cuts the score."""

from heldout.core.errors import BadInput
from heldout.core.profile import LabelKind
from heldout.stats import METRICS, Metric
from heldout.stats.metrics.named import cut_of, known_metric

__all__ = ["SYNONYMS", "checked_metric", "metric_of", "where_cut", "wrong_task"]

DEFAULT = {LabelKind.BINARY: "roc_auc", LabelKind.REGRESSION: "root_mean_squared_error"}
SYNONYMS = {
    "acc": "accuracy",
    "auc": "roc_auc",
    "average_precision": "pr_auc",
    "brier": "brier_loss",
    "logloss": "log_loss",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "npv": "negative_predictive_value",
    "ppv": "precision",
    "prauc": "pr_auc",
    "r2": "r_squared",
    "rmse": "root_mean_squared_error",
    "rocauc": "roc_auc",
    "sensitivity": "recall",
}
"""Names that are in use beside those of the registry; docs/guide/audit.md lists them."""


def metric_of(metric: str | None, kind: LabelKind, threshold: float | None = None) -> str:
    """Return the metric's name in the registry, with the threshold where it calls rows positive from one.

    The default for None; the given name where the registry lacks it. Raises BadInput for two thresholds.

    >>> metric_of("ACC", LabelKind.BINARY, 0.3), metric_of(None, LabelKind.BINARY, 0.3)
    ('accuracy@0.3', 'roc_auc')
    """
    if metric is None:
        name = DEFAULT.get(kind, "accuracy")
    else:
        spelled, *at = metric.strip().lower().replace("-", "_").replace(" ", "_").split("@", 1)
        name = "@".join([SYNONYMS.get(spelled, spelled), *at])
    if threshold is None or known_metric(name) is None:
        return name
    bare, cut = cut_of(name)
    if cut is None:
        return name
    if "@" in name and cut != threshold:
        raise BadInput(
            f"there are two thresholds, {cut:g} and {threshold:g}",
            expected="one of them",
            mend=f"name the metric without its threshold: --metric {bare}",
        )
    return f"{bare}@{threshold:g}" if float(f"{threshold:g}") == threshold else f"{bare}@{threshold!r}"


def checked_metric(name: str, kind: LabelKind) -> Metric:
    """Return a metric that can be computed for this kind of label, or raise BadInput."""
    if kind is LabelKind.MULTICLASS:
        raise BadInput(
            "predictions for more than two classes are not scored",
            expected="a binary target or a regression",
            mend="compare the target with one class: --target 'column == \"class\"'",
        )
    known = known_metric(name)
    if known is None:
        raise BadInput(
            f"there is no metric {name!r}",
            expected=f"one of {', '.join(METRICS)}",
            mend="name one of them with --metric; precision@0.8 calls rows positive from a score of 0.8",
        )
    if (known.task == "regression") != (kind is LabelKind.REGRESSION):
        raise wrong_task(name, kind)
    return known


def wrong_task(name: str, kind: LabelKind) -> BadInput:
    """Return the refusal of a metric that scores another kind of target."""
    fitting = [key for key, known in METRICS.items() if (known.task == "regression") == (kind is LabelKind.REGRESSION)]
    return BadInput(
        f"{name} does not score this target, which is {kind.value}",
        expected=f"one of {', '.join(fitting)}",
        mend="name another with --metric, or say what the target is with --task",
    )


def where_cut(name: str) -> str:
    """Say from which score a metric calls rows positive, as it goes into a sentence; empty where it calls none.

    >>> where_cut("f1@0.3"), where_cut("f1"), where_cut("roc_auc")
    (' at the threshold 0.3', ' at 0.5, as no threshold was given,', '')
    """
    _, cut = cut_of(name)
    if cut is None:
        return ""
    return f" at the threshold {cut:g}" if "@" in name else f" at {cut:g}, as no threshold was given,"
