"""The score of an audit: what was reported, what the predictions give, and which headline the input allows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.app.audited import Audited
from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate, undefined
from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.profile import LabelKind
from heldout.core.verdict import Score
from heldout.report.figures import said
from heldout.stats import METRICS, score_estimate
from heldout.tables import Label, Table, copied_rows, days_of, groups_of, row_ids, scores_for

__all__ = ["Rescored", "metric_of", "reported_of", "rescored", "score_of"]

DEFAULT = {LabelKind.BINARY: "roc_auc", LabelKind.REGRESSION: "root_mean_squared_error"}
ALIASES = {
    "auc": "roc_auc",
    "rocauc": "roc_auc",
    "acc": "accuracy",
    "brier": "brier_loss",
    "logloss": "log_loss",
    "mae": "mean_absolute_error",
    "rmse": "root_mean_squared_error",
}
FEWEST_CLUSTERS = 20
FEWEST_OF_A_CLASS = 10
"""With fewer clusters, or rows of a class, among the rows that are no copies the rescored figure is withheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """Predictions scored on all test rows that have a target, and on those of them that are no copies of train rows.

    `clusters` says what the interval takes as independent; `kept` is the share of rows that are no copies; `prevalence`
    the positive class's share before and after, None for a regression or where every row is a copy.
    """

    evidence: Predictions
    clusters: str
    everywhere: Estimate
    elsewhere: Estimate
    kept: float
    prevalence: tuple[float, float] | None


def metric_of(metric: str | None, kind: LabelKind) -> str:
    """Return the metric's name in the registry, or the given name where it is not there; the default for None."""
    if metric is None:
        return DEFAULT.get(kind, "accuracy")
    plain = metric.strip().lower().replace("-", "_").replace(" ", "_")
    return ALIASES.get(plain, plain)


def reported_of(
    value: float | None, metric: str | None, interval: tuple[float, float] | None, kind: LabelKind
) -> Reported | None:
    """Return the reported score as evidence. Raises BadInput for a number that the metric cannot be."""
    if value is None:
        if interval is not None:
            raise BadInput("an interval is given and no score", mend="give the score with --reported")
        return None
    name = metric_of(metric, kind)
    known = METRICS.get(name)
    numbers = [value, *(interval or ())]
    if known is not None and (known.task == "regression") != (kind is LabelKind.REGRESSION):
        raise _wrong_task(name, kind)
    low, top = (known.lowest, known.highest) if known is not None else (-np.inf, np.inf)
    if not all(np.isfinite(numbers)) or min(numbers) < low or max(numbers) > top:
        raise BadInput(
            f"the reported {name} is {', '.join(f'{number:g}' for number in numbers)}",
            expected=f"finite numbers in [{low:g}, {top:g}]",
            mend="write a share as 0.97, not 97; name the metric with --metric",
        )
    low_end, high_end = interval or (None, None)
    return Reported(metric=name, value=value, low=low_end, high=high_end)


def rescored(
    audited: Audited,
    predictions: Table,
    *,
    metric: str | None,
    row_id: str | None,
    entity: str | None,
    time: str | None,
) -> Rescored:
    """Score predictions of the test rows, clustered by entity, else by day, else by row. Raises BadInput."""
    test, label = audited.test, audited.test_label
    if test is None or label is None:
        raise BadInput(
            "there are predictions, and no test rows with a target that they are for",
            expected="a test table with the target",
            mend="give the rows that were predicted as --test, and those the model learned from as --train",
        )
    name = _checked_metric(metric, label.kind)
    scores = scores_for(test, predictions, row_id=row_id, kind=label.kind)
    cluster, clusters = _clusters(test, entity, time)
    known = label.known
    evidence = _evidence(name, label, scores, cluster, known)
    fresh = known & ~copied_rows(audited.train, test, row_ids(audited.train, test))
    is_binary = label.kind is LabelKind.BINARY
    return Rescored(
        evidence=evidence,
        clusters=clusters,
        everywhere=_estimate(evidence),
        elsewhere=_withheld(_evidence(name, label, scores, cluster, fresh), is_binary=is_binary),
        kept=float(fresh.sum() / known.sum()),
        prevalence=(_positives(label, known), _positives(label, fresh)) if is_binary and fresh.any() else None,
    )


def score_of(
    reported: Reported | None, scored: Rescored | None, findings: tuple[Finding, ...], metric: str, undeclared: str
) -> Score:
    """Return reported beside supported, with the headline that the input allows.

    A strong or proven problem that only a refit can take out leaves no supported score. `undeclared` is a sentence on
    what looks like time or entity and was not declared, or empty.
    """
    value = None if reported is None else reported.value
    if scored is None:
        headline = (
            "Tables alone support no score: they show what would inflate one. "
            "Give --train, --test and --predictions to have it computed again."
        )
        return Score(metric=metric, reported=value, supported=None, headline=headline)
    sure = sorted({finding.code for finding in findings if finding.is_problem_at(Certainty.STRONG)})
    has_copies = "SPL003" in sure
    supported = scored.elsewhere if has_copies else scored.everywhere
    rows = "test rows that are no copies of train rows" if has_copies else "test rows"
    headline = f"Computed again from the predictions on {supported.n:,} {rows}, {scored.clusters}."
    if not has_copies and any(finding.code == "SPL003" and finding.ending is Ending.CAUTION for finding in findings):
        headline += f" Without the test rows that equal a train row it is {said(scored.elsewhere)}."
    others = [code for code in sure if code != "SPL003"]
    if others:
        headline += (
            f" That is {said(supported)}, and it is not supported: it holds what {', '.join(others)} found, and taking "
            "that out needs a refit on a valid split."
        )
        return Score(metric=metric, reported=value, supported=None, headline=headline)
    return Score(metric=metric, reported=value, supported=supported, headline=headline + undeclared)


def _checked_metric(metric: str | None, kind: LabelKind) -> str:
    """Return a metric that can be computed for this kind of label, or raise BadInput."""
    name = metric_of(metric, kind)
    if kind is LabelKind.MULTICLASS:
        raise BadInput(
            "predictions for more than two classes are not scored",
            expected="a binary target or a regression",
            mend="compare the target with one class: --target 'column == \"class\"'",
        )
    if name not in METRICS:
        raise BadInput(
            f"there is no metric {metric!r}",
            expected=f"one of {', '.join(METRICS)}",
            mend="name one of them with --metric",
        )
    if (METRICS[name].task == "regression") != (kind is LabelKind.REGRESSION):
        raise _wrong_task(name, kind)
    return name


def _wrong_task(name: str, kind: LabelKind) -> BadInput:
    fitting = [key for key, known in METRICS.items() if (known.task == "regression") == (kind is LabelKind.REGRESSION)]
    return BadInput(
        f"{name} does not score this target, which is {kind.value}",
        expected=f"one of {', '.join(fitting)}",
        mend="name another with --metric, or say what the target is with --task",
    )


def _clusters(test: Table, entity: str | None, time: str | None) -> tuple[NDArray[np.int64] | None, str]:
    """Number the clusters of the test rows; a row without entity or time is its own cluster."""
    if entity is not None:
        cluster, clusters = groups_of(test.column(entity, called="entity column")), f"clustered by {entity}"
    elif time is not None:
        cluster, clusters = days_of(test, time), f"clustered by day of {time}"
    else:
        return None, "rows taken as independent"
    alone = cluster < 0
    cluster[alone] = cluster.max() + 1 + np.arange(int(alone.sum()))
    return cluster, clusters


def _evidence(
    metric: str, label: Label, scores: NDArray[np.float64], cluster: NDArray[np.int64] | None, rows: NDArray[np.bool_]
) -> Predictions:
    of_rows = label.codes if label.kind is LabelKind.BINARY else label.values
    return Predictions(
        metric=metric,
        label=of_rows[rows].astype(np.float64),
        score=scores[rows],
        cluster=None if cluster is None else cluster[rows],
    )


def _estimate(evidence: Predictions) -> Estimate:
    return score_estimate(evidence.metric, evidence.label, evidence.score, evidence.cluster)


def _withheld(evidence: Predictions, *, is_binary: bool) -> Estimate:
    """Return the estimate, or why the rows that are left do not carry one."""
    n = len(evidence.label)
    clusters = n if evidence.cluster is None else len(np.unique(evidence.cluster))
    rarer = min(int((evidence.label == value).sum()) for value in (0, 1)) if is_binary else FEWEST_OF_A_CLASS
    for count, least, what in ((clusters, FEWEST_CLUSTERS, "clusters"), (rarer, FEWEST_OF_A_CLASS, "rows of a class")):
        if count < least:
            reason = f"{count} {what} are left without the copies, and {least} are needed"
            return undefined(reason, n=n, method="rescored without copies")
    return _estimate(evidence)


def _positives(label: Label, rows: NDArray[np.bool_]) -> float:
    return float((label.codes[rows] == 1).mean())
