"""The use case of `heldout eval trial`: runs the ladder of references through a brief before anybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from heldout.app.files import replace_texts
from heldout.app.grade import STATE, opening_seed
from heldout.app.trial_before import Foreseen, foresee
from heldout.app.trial_ladder import Agent, Ladder
from heldout.core.brief_trial import AGENT, BriefTrial, Foretold, Readiness, Rung
from heldout.core.errors import Cause, InfrastructureFailure
from heldout.core.progress import Progress, Step, as_progress
from heldout.evals.authoring.power import Outlook
from heldout.evals.brief import open_brief
from heldout.evals.data import verify_data
from heldout.evals.ladder.judging import resolves, separated
from heldout.evals.ladder.references import BASELINE, GOOD
from heldout.evals.ladder.timing import read_timing
from heldout.report.brief_trial import trial_page, trial_text
from heldout.report.json import to_json
from heldout.sandbox import probe

__all__ = ["Agent", "Tried", "try_brief"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The result of a trial, and the files that show it, by kind: "html", "json", "markdown"."""

    trial: BriefTrial
    files: dict[str, Path]


def try_brief(
    brief: Path,
    *,
    out: Path,
    seed: int | None = None,
    agent: Agent | None = None,
    anyway: bool = False,
    progress: Progress | Step | None = None,
) -> Tried:
    """Try a brief: audit it, tell its power, grade five references and the agent, and write `out`/trial.{html,json,md}.

    Cheap audits come first: what they find ends the trial before anything is graded, unless `anyway`. What an earlier
    trial finished in `out` is used again. Raises BadInput for a brief or files that cannot be used,
    InfrastructureFailure where no sandbox works.
    """
    opened = open_brief(brief)
    verify_data(opened)
    if agent is not None:
        agent.check()
    isolation = probe()
    if isolation.level == 0:
        raise InfrastructureFailure(f"{isolation.explanation} To mend: {isolation.remedy}")
    folder, say = out.absolute(), as_progress(progress)  # programs run elsewhere, and find their files by these paths
    state = folder / "graded" / STATE
    drawn = opening_seed(state, seed)
    before = foresee(opened, state, isolation=isolation, seed=drawn, say=say, anyway=anyway)
    ladder = Ladder(opened=opened, out=folder, isolation=isolation, seed=drawn, agent=agent, say=say)
    rungs = ladder.climb() if before.outlook is not None and (anyway or not before.blocks) else []
    trial = _summed(before, ladder, rungs)
    texts = {"trial.html": trial_page(trial), "trial.json": to_json(trial), "trial.md": trial_text(trial)}
    paths = replace_texts(out, texts)
    return Tried(trial=trial, files=dict(zip(("html", "json", "markdown"), paths, strict=True)))


def _summed(before: Foreseen, ladder: Ladder, rungs: Sequence[Rung]) -> BriefTrial:
    brief, target = ladder.opened.brief, ladder.opened.brief.lift_target
    state = ladder.graded / STATE
    timed = read_timing(state) if (state / "journal.jsonl").is_file() else None
    if timed is not None:
        rungs = [replace(rung, seconds=timed.of.get(rung.name, 0.0)) for rung in rungs]
    costs = [rung.seconds for rung in rungs if rung.name not in (BASELINE, AGENT) and rung.seconds]
    once = sum(rung.seconds for rung in rungs if rung.name == BASELINE)
    good = [rung.lift for rung in rungs if rung.name in GOOD and rung.lift]
    smallest, power = (None, None)
    if ladder.measured is not None and good:
        smallest, power = resolves(ladder.measured.chances, good[-1], target)
    flaws = [*before.flaws, *(ladder.flaws(rungs) if rungs else ())]
    notes = [*before.notes, *ladder.notes, *_pilot_note(before.outlook, rungs)]
    if brief.eval.kind == "drift" and rungs:
        notes.append("The references hold no drift detector: what their cards say of it is no fault of theirs.")
    return BriefTrial(
        title=brief.eval.title,
        brief_sha256=ladder.opened.sha256,
        readiness=_readiness(any(flaw.blocks for flaw in flaws), rungs),
        flaws=tuple(sorted(flaws, key=lambda flaw: not flaw.blocks)),
        target=target,
        metric=brief.metric.name,
        rungs=tuple(rungs),
        separated=separated(rungs),
        resolves=smallest,
        power_at_target=power,
        foretold=_foretold(before.outlook),
        measured=_foretold(ladder.measured),
        pilot_lift=before.outlook.pilot_lift if before.outlook else None,
        phases=timed.phases if timed else (),
        per_candidate=float(np.mean(costs)) if costs else None,
        shared=timed.shared + once if timed and rungs else None,
        notes=tuple(notes),
    )


def _readiness(is_blocked: bool, rungs: Sequence[Rung]) -> Readiness:
    if is_blocked:
        return Readiness.MEND
    is_crashed = any(rung.cause not in ("", Cause.CANDIDATE.value) for rung in rungs)
    return Readiness.UNDECIDED if is_crashed or not rungs else Readiness.READY


def _pilot_note(before: Outlook | None, rungs: Sequence[Rung]) -> tuple[str, ...]:
    """Say it where what was simulated and what the strong reference reached do not fit."""
    strong = next((rung.lift.estimate for rung in rungs if rung.name == "strong" and rung.lift), None)
    promised = before.pilot_lift if before else None
    if strong is None or strong.low is None or strong.high is None or promised is None:
        return ()
    if strong.low <= promised <= strong.high:
        return ()
    return (
        f"The pilot that the chances were told from has a lift of {promised:.3g}, outside of the strong reference's "
        f"interval [{strong.low:.3g}, {strong.high:.3g}]: believe the reference.",
    )


def _foretold(said: Outlook | None) -> tuple[Foretold, ...]:
    return tuple(
        Foretold(name=one.name, true_lift=one.true_lift, bands=one.bands, standard_error=one.standard_error)
        for one in (said.chances if said else ())
    )
