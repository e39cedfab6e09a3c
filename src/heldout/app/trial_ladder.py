"""Climbs the ladder: writes the references of a brief, grades them as candidates are graded, lets an agent work."""

import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from heldout.app.files import replace_texts
from heldout.app.grade import STATE, Graded, graded_case
from heldout.core.brief_trial import AGENT, Flaw, Rung, Use
from heldout.core.errors import BadInput, CandidateFailure, Cause, RunFailure
from heldout.core.estimate import Estimate
from heldout.core.lift import Band
from heldout.core.progress import Progress
from heldout.evals.authoring.pilot import pilot_of
from heldout.evals.authoring.power import Outlook, outlook
from heldout.evals.brief import OpenBrief
from heldout.evals.grading.environment import build
from heldout.evals.grading.grade import prepare
from heldout.evals.grading.interim import score_interim
from heldout.evals.grading.journal import open_journal
from heldout.evals.grading.program import look_at_baseline, receive
from heldout.evals.grading.runs import Runner, seeds_of
from heldout.evals.grading.scoring import LIMITS, SCORER
from heldout.evals.ladder.agent import let_work
from heldout.evals.ladder.columns import Columns, columns_of, narrow
from heldout.evals.ladder.judging import chances_of, flaws_of, told
from heldout.evals.ladder.references import (
    GOOD,
    LADDER,
    Recipe,
    copy_baseline,
    edition,
    files_of,
    recipes_of,
    write_repository,
)
from heldout.evals.ladder.validation import validated
from heldout.sandbox import Isolation, call

__all__ = ["Agent", "Ladder"]

PROPER = {"binary": "brier_loss", "regression": "mean_squared_error"}
ESTIMATE: TypeAdapter[Estimate] = TypeAdapter(Estimate)
MADE_FOR = ".made-for"
MOST_MINUTES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A command that works on the kit; `files` are its own, seen at /agent; `minutes` instead of the brief's times."""

    command: str
    files: Path | None = None
    minutes: float | None = None

    @property
    def argv(self) -> tuple[str, ...]:
        """The command as arguments."""
        return tuple(shlex.split(self.command))

    def check(self) -> None:
        """Raise BadInput unless the command can be read and its files are there."""
        try:
            words = self.argv
        except ValueError as error:
            raise BadInput(f"the agent's command cannot be read: {error}", where="--agent") from None
        if not words:
            raise BadInput("the agent's command is empty", where="--agent", expected="a command", mend="give one")
        if self.files is not None and not self.files.is_dir():
            raise BadInput(
                "the agent's files are not there",
                where=f"--agent-files {self.files}",
                expected="a folder",
                mend="check the path",
            )
        if self.minutes is not None and not 0 < self.minutes < MOST_MINUTES:
            expected = f"more than 0 and fewer than {MOST_MINUTES:,} minutes"
            raise BadInput(
                "the agent's time is no time", where="--agent-minutes", expected=expected, mend="give another"
            )


@dataclass(slots=True, kw_only=True)
class Ladder:
    """The references of one brief below the folder `out`: `references/`, and `graded/` with cards and journal.

    After the climb `proper` has for each good reference its gain under the brief's metric and a proper score,
    `feedback` its lift on feedback and final rows, `measured` the chances that follow from the best of them.
    """

    opened: OpenBrief
    out: Path
    isolation: Isolation
    seed: int
    agent: Agent | None
    say: Progress
    notes: list[str] = field(default_factory=list)
    proper: dict[str, tuple[Estimate, Estimate]] = field(default_factory=dict)
    feedback: dict[str, tuple[Estimate, Estimate]] = field(default_factory=dict)
    measured: Outlook | None = None

    @property
    def graded(self) -> Path:
        """Where cards and journal lie."""
        return self.out / "graded"

    @property
    def references(self) -> Path:
        """Where the references lie; those of another version of the brief, its baseline or the programs go."""
        folder, mark = self.out / "references", self.out / "references" / MADE_FOR
        baseline = look_at_baseline(self.opened.file(self.opened.brief.baseline.path)).commit
        made_for = f"{self.opened.sha256} {baseline} {edition()}"
        if not mark.is_file() or mark.read_bytes() != made_for.encode():
            shutil.rmtree(folder, ignore_errors=True)
            replace_texts(folder, {MADE_FOR: made_for})
        return folder

    def climb(self) -> list[Rung]:
        """Write and grade the references and the agent, worst first; the agent, where there is one, last."""
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
        return rungs

    def flaws(self, rungs: Sequence[Rung]) -> list[Flaw]:
        """Judge the brief by where they landed."""
        lowest, target = self.opened.brief.reproducibility.lowest, self.opened.brief.lift_target
        return flaws_of(rungs, target, lowest=lowest, proper=self.proper, feedback=self.feedback)

    def _rung(self, name: str, what: str, recipe: Recipe | None) -> tuple[Rung, Graded | None]:
        folder = self.references / name
        try:
            if not (folder / ".git").is_dir():  # not there, or somebody took it apart
                shutil.rmtree(folder, ignore_errors=True)
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
        self.measured = self._measured(good)
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

    def _measured(self, good: Mapping[str, Graded]) -> Outlook | None:
        """Tell the chances again, of candidates between the baseline and the strongest reference that was graded."""
        for name in reversed(GOOD):
            score = good[name].grading.score if name in good else None
            if score is not None:
                self.say("telling the chances again, from what was measured")
                theirs, ours = (
                    np.load(score / f"{side}-0.npy", allow_pickle=False) for side in ("baseline", "candidate")
                )
                pilot = pilot_of(self.opened, theirs, seed=self.seed, graded=(f"the {name} reference", ours))
                return outlook(pilot, self.opened.brief.lift_target, seed=self.seed)
        return None

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


def _leak(columns: Columns) -> str:
    if columns.late:
        return f"{', '.join(columns.late)}, not known when a prediction is made"
    return "each combination of values remembers its own row's label"


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
