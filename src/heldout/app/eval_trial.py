"""The use case of `heldout eval trial`: runs the ladder of references through a brief before anybody sees it."""

import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from heldout.app.eval_holdout import audit_holdout
from heldout.app.files import replace_texts
from heldout.app.grade import STATE, Graded, graded_case, opening_seed
from heldout.core.brief_trial import AGENT, BriefTrial, Flaw, FlawKind, Foretold, Readiness, Rung, Use
from heldout.core.errors import BadInput, CandidateFailure, Cause, InfrastructureFailure, RunFailure
from heldout.core.estimate import Estimate
from heldout.core.lift import Band
from heldout.core.progress import Progress, Step, as_progress
from heldout.evals.authoring.holdout import HoldoutFinding
from heldout.evals.authoring.pilot import pilot_of, run_baseline
from heldout.evals.authoring.power import Outlook, outlook
from heldout.evals.brief import OpenBrief, open_brief
from heldout.evals.data import verify_data
from heldout.evals.grading.environment import build
from heldout.evals.grading.grade import prepare
from heldout.evals.grading.interim import score_interim
from heldout.evals.grading.journal import open_journal
from heldout.evals.grading.program import look_at_baseline, receive
from heldout.evals.grading.runs import Runner, seeds_of
from heldout.evals.grading.scoring import LIMITS, SCORER
from heldout.evals.ladder.agent import let_work
from heldout.evals.ladder.columns import Columns, columns_of, narrow
from heldout.evals.ladder.judging import chances_of, flaws_of, resolves, separated, told
from heldout.evals.ladder.references import (
    BASELINE,
    GOOD,
    LADDER,
    Recipe,
    copy_baseline,
    files_of,
    recipes_of,
    write_repository,
)
from heldout.evals.ladder.timing import read_timing
from heldout.evals.ladder.validation import validated
from heldout.report.brief_trial import trial_page, trial_text
from heldout.report.json import to_json
from heldout.sandbox import Isolation, call, probe

__all__ = ["Agent", "Tried", "try_brief"]

PROPER = {"binary": "brier_loss", "regression": "mean_squared_error"}
ESTIMATE: TypeAdapter[Estimate] = TypeAdapter(Estimate)
BEFORE = "before anything ran"
MADE_FOR = ".made-for"
IN_ORDER = ("SPL001", "SPL004")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A command that works on the kit; `files` are its own, seen at /agent; `minutes` instead of the brief's times."""

    command: str
    files: Path | None = None
    minutes: float | None = None

    @property
    def argv(self) -> tuple[str, ...]:
        """The command as arguments. Raises BadInput where it is none."""
        try:
            words = tuple(shlex.split(self.command))
        except ValueError as error:
            raise BadInput(f"the agent's command cannot be read: {error}", where="--agent") from None
        if not words:
            raise BadInput("the agent's command is empty", where="--agent", expected="a command")
        return words


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
        _ = agent.argv
    isolation = probe()
    if isolation.level == 0:
        raise InfrastructureFailure(f"{isolation.explanation} To mend: {isolation.remedy}")
    trial = _Trial(
        opened=opened, out=out.absolute(), isolation=isolation, given=seed, agent=agent, say=as_progress(progress)
    ).held(anyway=anyway)
    texts = {"trial.html": trial_page(trial), "trial.json": to_json(trial), "trial.md": trial_text(trial)}
    paths = replace_texts(out, texts)
    return Tried(trial=trial, files=dict(zip(("html", "json", "markdown"), paths, strict=True)))


@dataclass(slots=True, kw_only=True)
class _Trial:
    opened: OpenBrief
    out: Path
    isolation: Isolation
    given: int | None
    agent: Agent | None
    say: Progress
    notes: list[str] = field(default_factory=list)
    proper: dict[str, tuple[Estimate, Estimate]] = field(default_factory=dict)
    feedback: dict[str, tuple[Estimate, Estimate]] = field(default_factory=dict)

    @property
    def graded(self) -> Path:
        return self.out / "graded"

    @property
    def references(self) -> Path:
        """Where the references lie; those of another version of the brief go."""
        folder, mark = self.out / "references", self.out / "references" / MADE_FOR
        if not mark.is_file() or mark.read_text(encoding="ascii") != self.opened.sha256:
            shutil.rmtree(folder, ignore_errors=True)
            replace_texts(folder, {MADE_FOR: self.opened.sha256})
        return folder

    @property
    def seed(self) -> int:
        (self.graded / STATE).mkdir(parents=True, exist_ok=True)
        return opening_seed(self.graded / STATE, self.given)

    def held(self, *, anyway: bool) -> BriefTrial:
        self.say("auditing the holdout")
        flaws = [_as_flaw(finding) for finding in audit_holdout(self.opened, entity=self._entity())]
        told_before: Outlook | None = None
        if anyway or not _block(flaws):
            told_before, more = self._foretell()
            flaws += more
        rungs: list[Rung] = []
        if told_before is not None and (anyway or not _block(flaws)):
            rungs, more = self._climb()
            flaws += more
        return self._summed(flaws, told_before, rungs)

    def _entity(self) -> str | None:
        data = self.opened.brief.data
        return data.cluster if data.time is None else None

    def _foretell(self) -> tuple[Outlook | None, list[Flaw]]:
        """Run the baseline, and tell the chances of candidates as `eval new` does; None where the baseline fails."""
        self.say("running the baseline")
        state = self.graded / STATE
        predicted, why = run_baseline(
            self.opened, state, isolation=self.isolation, grader_seed=self.seed, progress=self.say
        )
        if predicted is None:
            mend = "mend the baseline: it has to train and predict under the brief's own budget"
            claim = f"The baseline cannot be run: {why}."
            return None, [Flaw(kind=FlawKind.BASELINE, claim=claim, mend=mend, seen=BEFORE)]
        self.say("fitting the pilot, and telling the chance of each band")
        pilot = pilot_of(self.opened, predicted, seed=self.seed)
        target = self.opened.brief.lift_target
        said = outlook(pilot, target, seed=self.seed)
        self.notes += [note for note in said.notes if "seeds" not in note]
        if not said.refused:
            return said, []
        kind = FlawKind.POWER
        if "undefined" in said.refused:
            kind = FlawKind.METRIC
        elif "not even the labels" in said.refused:
            kind = FlawKind.BASELINE
        claim = f"{said.refused[:1].upper()}{said.refused[1:]}."
        if kind is FlawKind.BASELINE:
            claim += " The baseline leaves too little room."
        return said, [Flaw(kind=kind, claim=claim, mend="; or ".join(said.mends), seen=BEFORE)]

    def _climb(self) -> tuple[list[Rung], list[Flaw]]:
        """Write and grade the references and the agent, and judge the brief by where they land."""
        columns = columns_of(self.opened)
        used = look_at_baseline(self.opened.file(self.opened.brief.baseline.path)).contract.reported.features
        few = narrow(self.opened, columns, used)
        made = {recipe.name: recipe for recipe in recipes_of(columns, few)}
        done: dict[str, Graded] = {}
        rungs = []
        for place, name in enumerate(LADDER, start=1):
            self.say(f"{place} of {len(LADDER)}: {name}")
            what = LADDER[name].format(leak=_leak(columns), few=", ".join(few.names))
            rung, graded = self._rung(name, what, made.get(name))
            rungs.append(rung)
            if graded is not None:
                done[name] = graded
        self._compare(done)
        if self.agent is not None:
            rungs.append(self._agent(made["strong"]))
        lowest = self.opened.brief.reproducibility.lowest
        target = self.opened.brief.lift_target
        return rungs, flaws_of(rungs, target, lowest=lowest, proper=self.proper, feedback=self.feedback)

    def _rung(self, name: str, what: str, recipe: Recipe | None) -> tuple[Rung, Graded | None]:
        folder = self.references / name
        try:
            if not folder.exists():
                self._write(folder, recipe)
        except CandidateFailure as failure:
            return _ended(name, what, str(failure), Cause.CANDIDATE), None
        except RunFailure as failure:
            return _ended(name, what, str(failure), failure.cause), None
        try:
            graded = graded_case(prepare(self.opened, folder), out=self.graded, seed=self.seed, progress=self.say)
        except BadInput as refusal:
            if refusal.where != "lift.target":
                raise
            return _ended(name, what, refusal.what, Cause.CANDIDATE), None
        return self._read(name, what, graded), graded

    def _write(self, folder: Path, recipe: Recipe | None) -> None:
        if recipe is None:
            copy_baseline(self.opened, folder)
            return
        with open_journal(self.graded / STATE) as journal:
            runner = Runner(journal=journal, opened=self.opened, isolation=self.isolation, progress=self.say)
            validation = validated(runner, recipe)
        write_repository(files_of(recipe, self.opened, validation), folder)

    def _read(self, name: str, what: str, graded: Graded) -> Rung:
        card, brief = graded.card, self.opened.brief
        band = card.decision.band
        failed = [run for run in card.runs if run.cause is not None and run.phase.startswith(f"{name}:")]
        withheld = card.lift is None and not failed
        return Rung(
            name=name,
            what=what,
            band=band,
            why=card.decision.reasons,
            lift=card.lift,
            reported=card.reported,
            reproducibility=card.reproducibility,
            axes={axis.name: axis.score for axis in card.axes},
            chances=chances_of(card.lift, card.target, card.reproducibility, brief.reproducibility.lowest, band),
            uses=self._uses(graded, name),
            findings=told(card),
            seconds=0.0,
            ended=f"{failed[0].phase} ended with {failed[0].ending}"
            if failed
            else card.decision.reasons[0]
            if withheld
            else "",
            cause=(failed[0].cause or "") if failed else Cause.UNKNOWN.value if withheld else "",
        )

    def _uses(self, graded: Graded, name: str) -> tuple[Use, ...]:
        budget = self.opened.brief.budget
        limits = {"wall time": ("wall_seconds", budget.wall_seconds), "CPU time": ("cpu_seconds", budget.cpu_seconds)}
        limits["memory"] = ("peak_memory_mb", float(budget.memory_mb))
        runs = [run for run in graded.card.runs if run.phase.startswith(f"{name}:")]
        found = []
        for what, (attribute, limit) in limits.items():
            measured = [(getattr(run, attribute), run.phase.partition(": ")[2]) for run in runs]
            known = [(used, phase) for used, phase in measured if used is not None]
            used, phase = max(known, default=(None, ""))
            found.append(Use(what=what, used=used, limit=limit, phase=phase.partition(" (")[0]))
        return tuple(found)

    def _compare(self, done: Mapping[str, Graded]) -> None:
        """Ask the scorer what a proper score says of the good references, and what the feedback rows say."""
        brief = self.opened.brief
        good = {name: done[name] for name in GOOD if name in done and done[name].grading.score is not None}
        for name, graded in good.items():
            assert graded.grading.score is not None
            said = {
                metric: self._gain(graded.grading.score, metric)
                for metric in (brief.metric.name, PROPER["binary" if brief.is_classification else "regression"])
            }
            self.proper[name] = tuple(said.values()) if len(said) == 2 else (next(iter(said.values())),) * 2  # type: ignore[assignment]  # two estimates
        if brief.data.feedback is None:
            return
        with open_journal(self.graded / STATE) as journal:
            runner = Runner(journal=journal, opened=self.opened, isolation=self.isolation, progress=self.say)
            for name, graded in good.items():
                case = prepare(self.opened, self.references / name)
                try:
                    interim = score_interim(case, runner, seed=seeds_of(self.seed, 1)[0], best=None)
                except RunFailure as failure:
                    self.notes.append(f"The {name} reference was not scored on the feedback rows: {failure}.")
                    continue
                assert graded.card.lift is not None
                self.feedback[name] = (interim.lift.estimate, graded.card.lift.estimate)

    def _gain(self, score: Path, metric: str) -> Estimate:
        data = self.opened.brief.data
        table = {
            "features": str(self.opened.file(data.final.path)),
            "answers": str(self.opened.answers_file("final")),
            "key": data.key,
            "target": data.target,
            "positive": data.positive,
            "cluster": data.cluster,
        }
        cells = {
            side: {"table": "final", "predictions": str(score / f"{side}-0.npy")} for side in ("candidate", "baseline")
        }
        question = {
            "question": "prices",
            "metric": metric,
            "tables": {"final": table},
            "cells": cells,
            "differences": {"gain": ["candidate", "baseline"]},
        }
        return ESTIMATE.validate_python(call(SCORER, question, limits=LIMITS)["differences"]["gain"])

    def _agent(self, like: Recipe) -> Rung:
        """Let the agent work and grade what it leaves; it has the environment of the strong reference."""
        assert self.agent is not None
        what = f"what the command {self.agent.command!r} left"
        folder = self.references / AGENT
        with open_journal(self.graded / STATE) as journal:
            runner = Runner(journal=journal, opened=self.opened, isolation=self.isolation, progress=self.say)
            program = receive(journal, prepare(self.opened, self.references / like.name).candidate)
            environment = build(journal, program, self.say).environment
            done = let_work(runner, self.agent.argv, self.agent.files, environment, folder, minutes=self.agent.minutes)
        if done.repository is None:
            return _ended(AGENT, what, done.why, Cause.CANDIDATE)
        try:
            case = prepare(self.opened, done.repository)
            graded = graded_case(case, out=self.graded, seed=self.seed, progress=self.say)
        except BadInput as refusal:
            return _ended(AGENT, what, f"what it left was refused: {refusal.what}", Cause.CANDIDATE)
        return self._read(AGENT, f"{what} ({done.ending}, {done.wall_seconds:.0f} s)", graded)

    def _summed(self, flaws: Sequence[Flaw], before: Outlook | None, rungs: Sequence[Rung]) -> BriefTrial:
        brief, target = self.opened.brief, self.opened.brief.lift_target
        journal = self.graded / STATE / "journal.jsonl"
        timed = read_timing(journal.parent) if journal.is_file() else None
        if timed is not None:
            rungs = [replace(rung, seconds=timed.of.get(rung.name, 0.0)) for rung in rungs]
        costs = [rung.seconds for rung in rungs if rung.name not in (BASELINE, AGENT) and rung.seconds]
        own = [rung for rung in rungs if rung.name == BASELINE]
        smallest, power = resolves(rungs, target)
        crashed = [rung for rung in rungs if rung.cause not in ("", Cause.CANDIDATE.value)]
        is_blocked = _block(flaws)
        readiness = Readiness.MEND if is_blocked else Readiness.UNDECIDED if crashed or not rungs else Readiness.READY
        if brief.eval.kind == "drift" and rungs:
            self.notes.append(
                "The references hold no drift detector: what their cards say of it is no fault of theirs."
            )
        return BriefTrial(
            title=brief.eval.title,
            brief_sha256=self.opened.sha256,
            readiness=readiness,
            flaws=tuple(sorted(flaws, key=lambda flaw: not flaw.blocks)),
            target=target,
            metric=brief.metric.name,
            rungs=tuple(rungs),
            separated=separated(rungs),
            resolves=smallest,
            power_at_target=power,
            foretold=tuple(
                Foretold(name=one.name, true_lift=one.true_lift, bands=one.bands, standard_error=one.standard_error)
                for one in (before.chances if before else ())
            ),
            pilot_lift=before.pilot_lift if before else None,
            phases=timed.phases if timed else (),
            per_candidate=float(np.mean(costs)) if costs else None,
            shared=(timed.shared + sum(rung.seconds for rung in own)) if timed and rungs else None,
            notes=(*self.notes, *self._pilot_note(before, rungs)),
        )

    def _pilot_note(self, before: Outlook | None, rungs: Sequence[Rung]) -> tuple[str, ...]:
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


def _leak(columns: Columns) -> str:
    if columns.late:
        return f"{', '.join(columns.late)}, not known when a prediction is made"
    return "each combination of values remembers its own row's label"


def _block(flaws: Sequence[Flaw]) -> bool:
    return any(flaw.blocks for flaw in flaws)


def _as_flaw(finding: HoldoutFinding) -> Flaw:
    kind = FlawKind.TELLS_LABELS
    if finding.part == "known columns":
        kind = FlawKind.DISGUISE
    elif finding.code in IN_ORDER:
        kind = FlawKind.TIME_ORDER
    elif finding.code.startswith("SPL") or finding.code == "keys":
        kind = FlawKind.OVERLAP
    where = "" if finding.part == "known columns" else f" ({finding.part} rows)"
    claim = f"{finding.claim.removesuffix('.')}{where}."
    return Flaw(kind=kind, claim=claim, mend=finding.mend, blocks=finding.refuses, seen=BEFORE, code=finding.code)


def _ended(name: str, what: str, why: str, cause: Cause) -> Rung:
    is_own = cause is Cause.CANDIDATE
    band = Band.FAIL if is_own else Band.UNDECIDED
    return Rung(
        name=name,
        what=what,
        band=band,
        why=(f"{why[:1].upper()}{why[1:]}.",),
        lift=None,
        reported=None,
        reproducibility="not measured",
        axes={},
        chances={one: float(one is band) for one in Band} if is_own else {},
        uses=(),
        findings=(),
        seconds=0.0,
        ended=why,
        cause=cause.value,
    )
