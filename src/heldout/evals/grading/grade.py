"""The phases of a grading, from a brief and a repository to a card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from heldout.core.card import Card
from heldout.core.collaboration_evidence import Conversation, History
from heldout.core.errors import CandidateFailure, Cause, RunFailure
from heldout.core.lift import Band, Decision
from heldout.core.monitoring_evidence import AlertTrial, DriftTrial
from heldout.evals.brief import OpenBrief, open_brief
from heldout.evals.data import verify_data
from heldout.evals.grading.audit import audit, axes, collaboration
from heldout.evals.grading.drift import Asked
from heldout.evals.grading.environment import Built, build
from heldout.evals.grading.journal import Journal
from heldout.evals.grading.pricing import Pricing, price
from heldout.evals.grading.program import Program, Source, look, look_at_baseline, receive
from heldout.evals.grading.rescue import Rescued, try_rescue
from heldout.evals.grading.runs import Runner, quoted, seeds_of
from heldout.evals.grading.scoring import Scored, score
from heldout.evals.grading.trial import try_alerts, try_drift
from heldout.sandbox import Isolation

__all__ = ["VOLATILE", "Case", "Grading", "Spoken", "grade", "prepare"]

VOLATILE = ("runs[*].wall_seconds", "runs[*].cpu_seconds", "runs[*].peak_memory_mb")
"""The JSON paths of a card that may differ between two gradings of the same submission."""


@dataclass(slots=True, kw_only=True)
class _Measured:
    """What the phases that run foreign code came to, as far as they came; `decision` instead of a score, where none."""

    built: Built | None = None
    scored: Scored | None = None
    pricing: Pricing | None = None
    decision: Decision | None = None
    alert_trial: AlertTrial | None = None
    drift_trial: DriftTrial | None = None
    rescued: Rescued | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """How the work went: evidence for the checks of collaboration, and the record in words, by what is said."""

    conversation: Conversation
    history: History
    record: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is graded: a brief whose files are as it says, a submission, the baseline.

    `spoken` is what the record of an eval holds beside the submission, None for a grading without one.
    """

    opened: OpenBrief
    candidate: Source
    baseline: Source
    spoken: Spoken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """A card, and the folders that it rests on: the submission's tree, and what was scored, None where nothing was.

    `told` says of a rescue what became of each planted leak: for the organiser, and no part of the card.
    """

    card: Card
    tree: Path
    score: Path | None
    told: Mapping[str, Any] = field(default_factory=dict)


def prepare(brief: Path | OpenBrief, submission: Path, commit: str = "HEAD", *, name: str | None = None) -> Case:
    """Look at everything that a grading needs, and write nothing. Raises BadInput for what breaks a contract.

    `submission` is a git repository, called `name` on the card, else as its folder.
    """
    opened = brief if isinstance(brief, OpenBrief) else open_brief(brief)
    candidate = look(submission, commit, name=name)
    baseline = look_at_baseline(opened.file(opened.brief.baseline.path))
    verify_data(opened)
    return Case(opened=opened, candidate=candidate, baseline=baseline)


def grade(case: Case, journal: Journal, *, isolation: Isolation, seed: int, progress: Callable[[str], None]) -> Grading:
    """Grade a submission and return its card with its evidence. What the journal holds is not done again.

    A run that fails through the candidate's doing is graded as such, any other withholds the score and says so.
    Raises BadInput for a lock that cannot be installed, or a command without program.
    """
    opened = case.opened
    candidate, baseline = receive(journal, case.candidate), receive(journal, case.baseline)
    runner = Runner(journal=journal, opened=opened, isolation=isolation, progress=progress)
    seeds = seeds_of(seed, opened.brief.reproducibility.seeds)
    measured = _measure(runner, candidate, baseline, seeds)
    measured.alert_trial = try_alerts(runner, candidate)
    measured.drift_trial = try_drift(runner, measured.built, Asked(**opened.brief.drift.model_dump()), seed=seeds[0])
    measured.rescued = try_rescue(journal, candidate, opened.planted_file)
    progress(f"{candidate.name}: audit")
    journal.note("audit", submission=candidate.name)
    return Grading(
        card=_card(runner, candidate, baseline, measured, case.spoken),
        tree=candidate.tree,
        score=measured.scored.folder if measured.scored else None,
        told=measured.rescued.told if measured.rescued else {},
    )


def _measure(runner: Runner, candidate: Program, baseline: Program, seeds: tuple[int, ...]) -> _Measured:
    measured = _Measured()
    try:
        measured.built = build(runner.journal, candidate, runner.progress, runner.isolation)
        measured.scored = score(runner, measured.built, baseline, seeds)
        measured.decision = measured.scored.decision
        measured.pricing = price(runner, measured.built, seed=seeds[0])
    except CandidateFailure as failure:
        measured.decision = _decided(Band.FAIL, f"The submission failed: {failure}.")
    except RunFailure as failure:
        why = "through no fault of the submission" if failure.cause is Cause.INFRASTRUCTURE else "for an unknown cause"
        runner.journal.note("withheld", reason=str(failure))
        if measured.scored is None:
            measured.decision = _decided(Band.UNDECIDED, f"The score is withheld, {why}: {failure}.")
        else:  # what is known stays: else a run could turn a fail into a question by ending itself
            decided = measured.scored.decision
            reason = f"The prices are withheld, {why}: {failure}."
            measured.decision = replace(decided, reasons=(*decided.reasons, reason))
    return measured


def _decided(band: Band, reason: str) -> Decision:
    return Decision(band=band, reasons=(reason,), at_minimum=None)


def _card(runner: Runner, candidate: Program, baseline: Program, measured: _Measured, spoken: Spoken | None) -> Card:
    brief, reported = runner.brief, candidate.contract.reported
    scored, pricing = measured.scored, measured.pricing
    assert measured.decision is not None
    known: dict[str, object] = {
        "lift": scored.lift if scored else None,
        "rerun": scored.rerun if scored else None,
        "time_order": pricing.time_order if pricing else None,
        "alert_trial": measured.alert_trial,
        "drift_trial": measured.drift_trial,
        "rescue": measured.rescued.rescue if measured.rescued else None,
    }
    if spoken is not None:
        known |= {"conversation": spoken.conversation, "history": spoken.history}
    findings = audit(brief, candidate, known)
    return Card(
        eval_title=brief.eval.title,
        submission=candidate.name,
        objective=" ".join(brief.eval.objective.split()),
        decision=measured.decision,
        target=brief.lift_target,
        lift=scored.lift if scored else None,
        metric=brief.metric.name,
        reported=reported.value if reported.metric == brief.metric.name else None,
        reported_evaluation=_evaluation(candidate, pricing),
        supported=scored.lift.candidate if scored else None,
        prices=pricing.prices if pricing else (),
        axes=axes(brief, findings),
        findings=findings,
        reproducibility=scored.rerun.reproducibility if scored else "not measured",
        isolation=runner.isolation.explanation,
        runs=tuple(runner.records),
        hashes=_hashes(runner, candidate, baseline, measured),
        volatile=VOLATILE,
        collaboration=None if spoken is None else collaboration(findings),
        record={} if spoken is None else spoken.record,
        alert_trial=measured.alert_trial,
        drift_trial=measured.drift_trial,
        rescue=measured.rescued.rescue if measured.rescued else None,
    )


def _hashes(runner: Runner, candidate: Program, baseline: Program, measured: _Measured) -> dict[str, str]:
    hashes = {
        "brief": runner.opened.sha256,
        "commit": candidate.commit,
        "baseline": baseline.commit,
        "training table": runner.train_table.sha256,
        "final features": runner.final_table.sha256,
        "final answers": runner.brief.answers.final.sha256,
    }
    if measured.built:
        hashes["environment"] = measured.built.environment.digest
    if measured.scored:
        hashes["predictions, first seed"] = measured.scored.predictions
    return hashes


def _evaluation(candidate: Program, pricing: Pricing | None) -> str:
    reported = candidate.contract.reported
    given = "" if reported.low is None else f" [{reported.low:g}, {reported.high:g}]"
    text = f"{reported.metric} {reported.value:g}{given}, {reported.split} split: {quoted(reported.evaluated)}."
    if pricing is None:
        return text
    repeated = pricing.own_protocol
    if repeated.value is None:
        return f"{text} Repeated by the grader ({pricing.note}), it failed: {repeated.undefined_because}."
    interval = f" [{repeated.low:.3f}, {repeated.high:.3f}]" if repeated.is_defined else ""
    return f"{text} Repeated by the grader ({pricing.note}), it gives {repeated.value:.3f}{interval}."
