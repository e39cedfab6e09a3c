"""The score of an audit: what was reported, what the predictions give, and which headline the input allows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.app.audit_mends import INFLATING
from heldout.app.audit_metric import checked_metric, where_cut, wrong_task
from heldout.app.audited import Audited
from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate, undefined
from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.price import Basis, Refit, Unaffected
from heldout.core.profile import LabelKind
from heldout.core.verdict import Score
from heldout.report.figures import said
from heldout.stats import score_estimate
from heldout.stats.metrics.named import cut_of, known_metric
from heldout.stats.thresholds import CRITERIA, threshold_optimism
from heldout.tables import Label, Table, copied_rows, days_of, groups_of, row_ids, scores_for

__all__ = ["Rescored", "reported_of", "rescored", "score_of"]

FEWEST_CLUSTERS = 20
FEWEST_OF_A_CLASS = 10
"""With fewer clusters, or rows of a class, among the rows that are no copies the rescored figure is withheld."""
COPIES, CHOSEN_HERE = "SPL003", "MET008"
"""Checks whose problem needs no refit: the other rows can be scored, or the same ones at another threshold."""
TABLES_ALONE = (
    "Tables alone support no score: they show what would inflate one. "
    "Give --train, --test and --predictions to have it computed again."
)


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


def reported_of(
    value: float | None, name: str, interval: tuple[float, float] | None, kind: LabelKind
) -> Reported | None:
    """Return the reported score as evidence. Raises BadInput for a number that the metric cannot be."""
    if value is None:
        if interval is not None:
            raise BadInput("an interval is given and no score", mend="give the score with --reported")
        return None
    known = known_metric(name)
    numbers = [value, *(interval or ())]
    if known is not None and (known.task == "regression") != (kind is LabelKind.REGRESSION):
        raise wrong_task(name, kind)
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
    metric: str,
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
    checked_metric(metric, label.kind)
    scores = scores_for(test, predictions, row_id=row_id, kind=label.kind)
    cluster, clusters = _clusters(test, entity, time)
    known = label.known
    evidence = _evidence(metric, label, scores, cluster, known)
    fresh = known & ~copied_rows(audited.train, test, row_ids(audited.train, test))
    is_binary = label.kind is LabelKind.BINARY
    return Rescored(
        evidence=evidence,
        clusters=clusters,
        everywhere=_estimate(evidence),
        elsewhere=_withheld(_evidence(metric, label, scores, cluster, fresh), is_binary=is_binary),
        kept=float(fresh.sum() / known.sum()),
        prevalence=(_positives(label, known), _positives(label, fresh)) if is_binary and fresh.any() else None,
    )


def score_of(
    reported: Reported | None,
    scored: Rescored | None,
    findings: tuple[Finding, ...],
    metric: str,
    *,
    undeclared: str = "",
    refit: Refit | str | None = None,
) -> Score:
    """Return reported beside supported, with the headline that the input allows.

    What the predictions give is supported where nothing that only a refit can take out is in it; else what the refit
    gives, where it took out all of it. `refit` may be why there is none. `undeclared` is a sentence on what looks like
    time or entity and was not declared, or empty.
    """
    value = None if reported is None else reported.value
    fitted = refit if isinstance(refit, Refit) else None
    unfitted = f" Nothing was fitted again: {refit}" if isinstance(refit, str) else ""
    supported, basis = _by_refit(fitted, findings, metric)
    if scored is None:
        headline = (_refitted(fitted) if fitted else TABLES_ALONE) + unfitted
        return Score(metric=metric, reported=value, supported=supported, headline=headline, basis=basis, refit=fitted)
    rescored, headline, is_supported = _rescored(scored, findings, metric)
    if is_supported:
        supported, basis = rescored, Basis.PREDICTIONS
    if fitted is not None:
        headline += f" {_refitted(fitted)}"
    return Score(
        metric=metric,
        reported=value,
        supported=supported,
        headline=headline + unfitted + (undeclared if is_supported else ""),
        basis=basis,
        unaffected=_unaffected(scored),
        refit=fitted,
    )


def _rescored(scored: Rescored, findings: tuple[Finding, ...], metric: str) -> tuple[Estimate, str, bool]:
    """Return what the predictions give on rows that count, the headline, and whether that score is supported."""
    has_copies = any(finding.code == COPIES and finding.is_problem_at(Certainty.STRONG) for finding in findings)
    found = scored.elsewhere if has_copies else scored.everywhere
    rows = "test rows that are no copies of train rows" if has_copies else "test rows"
    headline = f"Computed again{where_cut(metric)} from the predictions on {found.n:,} {rows}, {scored.clusters}."
    if not has_copies and any(finding.code == COPIES and finding.ending is Ending.CAUTION for finding in findings):
        headline += f" Without the test rows that equal a train row it is {said(scored.elsewhere)}."
    why = _why_unsupported(findings, scored.evidence)
    if why:
        return found, f"{headline} That is {said(found)}, and it is not supported: {why}", False
    if any(finding.code == CHOSEN_HERE and finding.is_problem_at(Certainty.STRONG) for finding in findings):
        headline += f" No threshold enters {metric}, so what {CHOSEN_HERE} found leaves it as it is."
    return found, headline, True


def _by_refit(fitted: Refit | None, findings: tuple[Finding, ...], metric: str) -> tuple[Estimate | None, Basis]:
    """Return the refit's score where it is one of what was reported: same metric, something mended, nothing left."""
    if fitted is None or fitted.metric != metric or not fitted.prices or fitted.not_priced:
        return None, Basis.NONE
    _, cut = cut_of(metric)
    if cut is not None and any(one.code == CHOSEN_HERE and one.is_problem_at(Certainty.STRONG) for one in findings):
        return None, Basis.NONE
    return fitted.supported, Basis.PROXY if fitted.is_proxy else Basis.ESTIMATOR


def _refitted(fitted: Refit) -> str:
    """Say what was fitted again, and what its score may be read as."""
    if not fitted.is_proxy:
        if not fitted.prices:
            return (
                f"{_capital(fitted.model)} was fitted again as given; nothing was found that it takes a refit to mend."
            )
        return f"{_capital(fitted.model)} was fitted again with every proven and strong problem mended."
    yours = "to have yours fitted, give it with --estimator FILE.py:NAME."
    if not fitted.prices:
        found = " and under the splits that were found" if fitted.found else ""
        return f"{TABLES_ALONE} What {fitted.model} gets as given{found} is a mark to hold it against, and no more."
    return (
        f"Your model is not here, so a proxy stands in for it: {fitted.model}, fitted as given and with every proven "
        f"and strong problem mended. It tells what they are worth to such a model, and is no score of yours; {yours}"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unaffected(scored: Rescored) -> Unaffected:
    before, after = scored.prevalence or (None, None)
    return Unaffected(
        everywhere=scored.everywhere,
        elsewhere=scored.elsewhere,
        kept=scored.kept,
        prevalence_before=before,
        prevalence_after=after,
        clusters=scored.clusters,
    )


def _why_unsupported(findings: tuple[Finding, ...], evidence: Predictions) -> str:
    """Return what inflates the score, and what it takes to have one without it; empty where nothing does."""
    sure = [finding for finding in findings if finding.is_problem_at(Certainty.STRONG) and finding.code != COPIES]
    reasons = []
    inflating = sorted({finding.code for finding in sure if finding.family in INFLATING})
    if inflating:
        found = ", ".join(inflating)
        reasons.append(f"it holds what {found} found, and taking that out needs a refit on a valid split.")
    bare, cut = cut_of(evidence.metric)
    if cut is not None and any(finding.code == CHOSEN_HERE for finding in sure):
        gain = threshold_optimism(evidence.label, evidence.score, bare).value if bare in CRITERIA else None
        luck = "" if gain is None else f", where the best one gains {gain:.3g} {bare} by cross-fitting"
        reasons.append(
            f"its threshold was chosen on these rows ({CHOSEN_HERE}){luck}; it takes a threshold "
            "that was chosen on other rows, and no other model."
        )
    return " Also, ".join(reasons)


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
