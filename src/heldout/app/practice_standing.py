"""The use case of `heldout practice rehearse --status`: the clock, reminders, the budget, what is missing."""

import contextlib
from pathlib import Path

from heldout.app.eval_receive import catch_up
from heldout.app.practice_rehearse import Rehearsal
from heldout.core.errors import BadInput
from heldout.evals.brief import Brief
from heldout.evals.cards import read_card
from heldout.evals.record.clock import clock_of
from heldout.evals.record.kinds import Kind
from heldout.evals.record.scope import opened_in_force
from heldout.evals.talk import experiments, updates
from heldout.evals.talk.experiments import read_experiments
from heldout.evals.talk.updates import read_updates
from heldout.practice.rehearsal.standing import BACKUP, Budget, Standing, is_plan, reminders
from heldout.sandbox import probe
from heldout.tools import git, promtool

__all__ = ["standing_of"]

MOST_BYTES = 1_000_000


def standing_of(rehearsal: Rehearsal) -> Standing:
    """Return where a rehearsal stands; what was pushed meanwhile is read into the record first. Raises BadInput."""
    record, workspace = rehearsal.record, rehearsal.workspace
    catch_up(workspace, record)
    events = record.ledger.events()
    opened = opened_in_force(workspace, record)
    clock = clock_of(opened.brief, events, workspace.now())
    said = read_updates(_content(rehearsal.work / updates.FILE))
    reminded = reminders(clock.started, clock.ends, clock.now, written=len(said.updates))
    submitted = [event for event in events if event.kind is Kind.SUBMITTED and event.payload]
    commit = str((submitted[-1].payload or {})["commit"]) if submitted else ""
    return Standing(
        title=opened.brief.eval.title,
        folder=str(rehearsal.folder),
        state=clock.state,
        started=clock.started,
        ends=clock.ends,
        now=clock.now,
        left_hours=clock.left,
        agreed_hours=clock.agreed_hours,
        waking=clock.waking,
        time_zone=clock.time_zone,
        reminders=reminded,
        budget=_budget(rehearsal, opened.brief),
        missing=_missing(rehearsal, behind=reminded.behind, handed_in=commit),
        isolation=_isolation(),
        promtool=promtool.version(),
        commit=commit,
        band=_band(rehearsal),
    )


def _budget(rehearsal: Rehearsal, brief: Brief) -> Budget:
    logged = read_experiments(_content(rehearsal.work / experiments.FILE)).runs
    runs = {one.run: one.seconds for one in logged}  # a run has a row for each of its metrics
    stated = [seconds for seconds in runs.values() if seconds is not None]
    return Budget(
        runs=len(runs),
        seconds=sum(stated) if stated else None,
        longest=max(stated, default=None),
        unsaid=len(runs) - len(stated),
        wall_seconds=brief.budget.wall_seconds,
        cpu_seconds=brief.budget.cpu_seconds,
        memory_mb=brief.budget.memory_mb,
        backup_plan=brief.budget.backup_plan,
    )


def _missing(rehearsal: Rehearsal, *, behind: int, handed_in: str) -> tuple[str, ...]:
    work, said = rehearsal.work, []
    if not is_plan(_content(work / BACKUP).decode("utf-8", errors="replace")):
        said.append(f"{BACKUP}: what you hand in when model, machine or time fail, in two sentences or more")
    if behind:
        said.append(f"{updates.FILE}: {behind} fewer updates than reminders")
    if not read_experiments(_content(work / experiments.FILE)).runs:
        said.append(f"{experiments.FILE}: no run is logged, so that the compute is not known")
    with contextlib.suppress(BadInput):
        repository, commit = git.snapshot(work)
        said += git.notes(work, repository)
        if handed_in and commit != handed_in:
            said.append("the last commit is not the one that was handed in")
    if not rehearsal.state.sittings:
        said.append("the monitoring exercise (--monitoring)")
    if not handed_in:
        said.append("the hand-in (--hand-in)")
    return tuple(said)


def _isolation() -> str:
    found = probe()
    if found.level:
        return found.explanation
    return f"Level 0: your code is graded without a sandbox, as your own process. {found.explanation}"


def _band(rehearsal: Rehearsal) -> str:
    card = rehearsal.record.folder / "graded" / rehearsal.record.name
    return read_card(card).decision.band.value if (card / "card.json").is_file() else ""


def _content(path: Path) -> bytes:
    """Return a file of the work tree, as far as anybody would read it; empty where there is none."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(MOST_BYTES)
