"""The record of one candidate as evidence for checks: what was said and when, and when each commit was received."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from heldout.core.collaboration_evidence import (
    Conversation,
    FeedbackGiven,
    History,
    LoggedMetric,
    RefusedPush,
    Silence,
)
from heldout.core.repository import Repository
from heldout.evals.brief import Brief
from heldout.evals.record.clock import Clock, clock_of, silences, waking_hours
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event
from heldout.evals.talk import experiments, updates
from heldout.evals.talk.experiments import read_experiments
from heldout.evals.talk.mlflow import read_mlflow
from heldout.evals.talk.on_push import file_named
from heldout.evals.talk.updates import read_updates

__all__ = ["conversation_of", "logged_metrics", "with_receipts"]

REWRITING = re.compile(r"rewrit|rewrote|delet|force|fast.forward", re.IGNORECASE)
"""Words by which a refusal tells that history would have changed; pushes are refused for their size too."""


def conversation_of(
    brief: Brief, events: Iterable[Event], until: dt.datetime, repository: Repository | None = None
) -> Conversation:
    """Return what was said up to `until`, under the brief in force, and the metrics that the repository's files state.

    Raises BadInput where the eval of this candidate was not opened.
    """
    known = list(events)
    clock = clock_of(brief, known, until)
    submitted = next((event for event in reversed(known) if event.kind is Kind.SUBMITTED), None)
    end = min(clock.ends, until) if submitted is None else submitted.at
    return Conversation(
        cadence_hours=brief.cadence.hours,
        updates=sum(event.kind is Kind.UPDATE and "replaces" not in (event.payload or {}) for event in known),
        silences=tuple(
            Silence(begins=_iso(gap.begins), ends=_iso(gap.ends), waking_hours=gap.waking_hours)
            for gap in silences(brief, known, until)
        ),
        feedback=tuple(_feedback(known, clock, end)),
        refused=tuple(
            RefusedPush(at=_iso(event.at), ref=str(event.payload["ref"]), why=str(event.payload["why"]))
            for event in known
            if event.kind is Kind.PUSH_REFUSED and event.payload and REWRITING.search(str(event.payload["why"]))
        ),
        logged=() if repository is None else logged_metrics(repository),
        submitted=str((submitted.payload or {}).get("commit", "")) if submitted else "",
        submitted_at=_iso(submitted.at) if submitted else "",
    )


def logged_metrics(repository: Repository) -> tuple[LoggedMetric, ...]:
    """Return the metrics that MLflow folders, the log of experiments and updates state, in this order."""
    runs = (
        *read_mlflow(repository.files).runs,
        *read_experiments(file_named(repository, experiments.FILE) or b"").runs,
    )
    logged = [
        LoggedMetric(file=run.file, line=run.line, metric=run.metric, value=run.value, commit=run.commit)
        for run in runs
        if run.value is not None and run.metric
    ]
    said = read_updates(file_named(repository, updates.FILE) or b"").updates
    stated = [metric for update in said for metric in update.metrics]
    logged += [
        LoggedMetric(file=updates.FILE, line=one.line, metric=one.name, value=one.value, commit=one.commit)
        for one in stated
    ]
    return tuple(logged)


def with_receipts(history: History, events: Iterable[Event]) -> History:
    """Return the history with the time at which the server received each commit: that of the first push that held it.

    Commits that no recorded push brought stay without one.
    """
    parents = {commit.commit: commit.parents for commit in history.commits}
    received: dict[str, float] = {}
    for event in events:
        if event.kind is not Kind.PUSH or not event.payload:
            continue
        waiting = [str(event.payload["new"])]
        while waiting:
            commit = waiting.pop()
            if commit in parents and commit not in received:
                received[commit] = event.at.timestamp()
                waiting.extend(parents[commit])
    commits = tuple(replace(commit, received=received.get(commit.commit)) for commit in history.commits)
    return replace(history, commits=commits)


def _feedback(events: Sequence[Event], clock: Clock, end: dt.datetime) -> Iterator[FeedbackGiven]:
    answered = {e.payload["number"] for e in events if e.kind is Kind.FEEDBACK_ANSWERED and e.payload}
    for event in events:
        if event.kind is Kind.FEEDBACK and event.payload:
            hours = waking_hours(event.at, end, clock.time_zone, clock.waking) if end > event.at else 0.0
            yield FeedbackGiven(
                number=event.payload["number"],
                given=_iso(event.at),
                answered=event.payload["number"] in answered,
                waking_hours=hours,
            )


def _iso(at: dt.datetime) -> str:
    return at.isoformat(timespec="minutes")
