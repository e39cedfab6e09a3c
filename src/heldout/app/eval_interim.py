"""An interim score on the feedback rows: run, scored apart, and released only when the rule says so."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import CandidateFailure, InfrastructureFailure
from heldout.core.estimate import Estimate
from heldout.evals.data import verify_data
from heldout.evals.grading.grade import Case
from heldout.evals.grading.interim import InterimScore, score_interim
from heldout.evals.grading.journal import open_journal
from heldout.evals.grading.program import look, look_at_baseline
from heldout.evals.grading.runs import Runner, seeds_of
from heldout.evals.record.interim import MOST_RELEASES, release
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Receipt
from heldout.evals.record.scope import opened_in_force
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.sandbox import probe

__all__ = ["Interim", "interim"]

STATE = ".heldout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """What the candidate gets: whether a score is released, why or why not, and the lift over the baseline if so."""

    released: bool
    why: str
    commit: str
    lift: Estimate | None
    receipt: Receipt


def interim(
    workspace: Workspace,
    candidate: CandidateRecord,
    *,
    commit: str = "HEAD",
    most: int = MOST_RELEASES,
    progress: Callable[[str], None] = lambda _line: None,
) -> Interim:
    """Score a commit on the feedback rows, decide on its release, and record the decision.

    A submission that fails is recorded as withheld, with the reason. Raises BadInput where brief or submission break
    their contract, InfrastructureFailure where no sandbox works or the machine fails; nothing is recorded then.
    """
    opened = opened_in_force(workspace, candidate)
    source = look(candidate.repository, commit, name=candidate.name)
    case = Case(opened=opened, candidate=source, baseline=look_at_baseline(opened.file(opened.brief.baseline.path)))
    verify_data(opened)
    isolation = probe()
    if isolation.level == 0:
        raise InfrastructureFailure(f"{isolation.explanation} To mend: {isolation.remedy}")
    (seed,) = seeds_of(int(hashlib.sha256(f"interim {opened.sha256}".encode()).hexdigest()[:8], 16), 1)
    folder = (candidate.folder / "graded" / "interim").absolute()
    made = [
        event.payload
        for event in candidate.ledger.events()
        if event.kind is Kind.INTERIM and event.payload and event.payload["released"]
    ]
    best = folder / f"{made[-1]['commit']}.npy" if made else None
    with open_journal(folder / STATE) as journal:
        runner = Runner(journal=journal, opened=opened, isolation=isolation, progress=progress)
        try:
            scored = score_interim(case, runner, seed=seed, best=best if best and best.is_file() else None)
        except CandidateFailure as failure:
            why = f"The submission failed: {failure}."
            return _recorded(candidate, source.commit, released=False, why=why, scored=None)
        decided = release(scored.improvement, releases=len(made), most=most)
        if decided.released:
            _keep(scored.array, folder / f"{source.commit}.npy")
    return _recorded(candidate, source.commit, released=decided.released, why=decided.why, scored=scored)


def _recorded(
    candidate: CandidateRecord, commit: str, *, released: bool, why: str, scored: InterimScore | None
) -> Interim:
    lift = scored.lift.estimate if released and scored else None
    payload: dict[str, Any] = {
        "commit": commit,
        "released": released,
        "estimate": None if lift is None else asdict(lift),
        "why": why,
    }
    receipt = candidate.ledger.append(Kind.INTERIM, payload, actor=Role.ORGANISER)
    return Interim(released=released, why=why, commit=commit, lift=lift, receipt=receipt)


def _keep(array: Path, target: Path) -> None:
    partial = target.with_name(f".part-{target.name}")
    shutil.copyfile(array, partial)
    partial.replace(target)
