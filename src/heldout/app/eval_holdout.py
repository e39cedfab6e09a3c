"""Audits an eval's own holdout before anybody sees it: a label that can be read makes every score worthless."""

from collections.abc import Iterator
from typing import Literal

from heldout.app.audit import audit
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.verdict import Verdict
from heldout.evals.authoring.holdout import (
    LABEL,
    HoldoutFinding,
    holdout_parts,
    key_traces,
    labelled,
    metadata_findings,
    shared_keys,
)
from heldout.evals.brief import OpenBrief

__all__ = ["audit_holdout"]

ACROSS = ("SPL001", "SPL002", "SPL003", "SPL004", "SPL005", "SPL006")
COLUMNS = ("LEK001", "LEK002", "LEK004", "LEK005", "LEK007", "LEK009", "LEK011")
TRACES = ("LEK001", "LEK002", "LEK006", "LEK009")
NEW_KEY = "leave --key out: ids are made then that say nothing"


def audit_holdout(
    opened: OpenBrief, *, entity: str | None = None, horizon: str | None = None
) -> tuple[HoldoutFinding, ...]:
    """Return what is wrong with the holdout of an eval whose files are written, what refuses it first.

    Asked are: metadata of the files and ids in several parts; whether ids or the order of rows tell the label; whether
    known columns give the target away; copies, entities and times across training table and holdout.
    """
    found = [*metadata_findings(opened), *shared_keys(opened)]
    for part in holdout_parts(opened):
        found += _traces(opened, part)
        found += _across(opened, part, entity=entity, horizon=horizon)
    found += _columns(opened, entity=entity)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: not one.refuses))


def _traces(opened: OpenBrief, part: str) -> Iterator[HoldoutFinding]:
    """Ask what ids and places tell: here a suspicion refuses too, as ids that say nothing cost nothing."""
    table = key_traces(opened, part)
    verdict = audit(table, target=LABEL, price=False, select=TRACES, task=_task(opened))
    for finding in verdict.findings:
        is_order = (
            finding.code == "LEK006" and finding.ending is Ending.CAUTION and "order that tells" in finding.answer.claim
        )
        if finding.ending is not Ending.PROBLEM and not is_order:
            continue
        claim = finding.answer.claim.replace(LABEL, opened.brief.data.target)
        mend = "shuffle the rows of the holdout" if is_order or _is_place(finding) else NEW_KEY
        yield HoldoutFinding(part=part, code=finding.code, claim=claim, mend=mend)


def _is_place(finding: Finding) -> bool:
    return any(name.startswith("(row number") for name in finding.columns)


def _across(opened: OpenBrief, part: str, *, entity: str | None, horizon: str | None) -> Iterator[HoldoutFinding]:
    data = opened.brief.data
    test, train = labelled(opened, part), labelled(opened, "train")
    # without the key: rows are copies of each other whatever they are called
    shared = [name for name in test.column_names if name in train.column_names and name != data.key]
    test, train = test.select(shared), train.select(shared)
    verdict = audit(
        train,
        target=data.target,
        test=test,
        time=data.time,
        entity=entity,
        horizon=horizon if data.time else None,
        price=False,
        select=ACROSS,
        task=_task(opened),
    )
    yield from _told(
        verdict, part, "split the rows otherwise: --entity keeps together what belongs together, --time splits forward"
    )


def _columns(opened: OpenBrief, *, entity: str | None) -> Iterator[HoldoutFinding]:
    """Ask the training table, of whose columns the holdout has those that are known."""
    data = opened.brief.data
    shown = [name for name in dict.fromkeys((*data.known_at_prediction, data.time)) if name and name != data.key]
    train = labelled(opened, "train").select([*shown, data.target])
    verdict = audit(
        train,
        target=data.target,
        time=data.time,
        entity=entity if entity in shown else None,
        price=False,
        select=COLUMNS,
        task=_task(opened),
    )
    yield from _told(
        verdict, "known columns", "leave the column out of --known, unless it is known when a prediction is made"
    )


def _told(verdict: Verdict, part: str, mend: str) -> Iterator[HoldoutFinding]:
    for finding in verdict.problems(Certainty.SUSPECT):
        yield HoldoutFinding(
            part=part,
            code=finding.code,
            claim=finding.answer.claim,
            mend=mend,
            refuses=finding.is_problem_at(Certainty.STRONG),
        )


def _task(opened: OpenBrief) -> Literal["classification", "regression"]:
    return "classification" if opened.brief.is_classification else "regression"
