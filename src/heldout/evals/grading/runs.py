"""Runs a program's commands in the sandbox: train with a seed, predict with what it trained, check what came out."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from heldout.core.card import RunRecord
from heldout.core.errors import BadInput, CandidateFailure, Cause, InfrastructureFailure, RunFailure
from heldout.evals.brief import Brief, OpenBrief
from heldout.evals.grading.environment import Built
from heldout.evals.grading.journal import Journal, Step, sha256_of
from heldout.evals.predictions import predictions_file
from heldout.sandbox import Isolation, Job, Limits, Outcome, call, run

__all__ = ["ANSWERS", "READER", "READER_LIMITS", "Dataset", "Predicted", "Runner", "Trained", "quoted", "seeds_of"]

READER = "heldout.evals.grading.reader"
READER_LIMITS = Limits(wall_seconds=120, cpu_seconds=60, memory_mb=2048)
ANSWERS = "drift.jsonl"
LOG_CHARACTERS = 20_000
MEASURED = ("ending", "cause", "wall_seconds", "cpu_seconds", "peak_memory_mb", "output_sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A table that a run gets to see, by its path and the SHA-256 of its bytes.

    Predictions are kept in the row order of `order`, where that is another table of the same rows.
    """

    path: Path
    sha256: str
    order: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A program trained with one seed: the folder of its model."""

    seed: int
    repeat: int
    model: Path
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """Validated predictions: the array for the scorer and its digest, the SHA-256 of the file that was written."""

    array: Path
    digest: str
    sha256: str


def quoted(text: str) -> str:
    """Return a submission's words as a quotation that they cannot end: a card's sentences are the grader's."""
    return "“" + re.sub('["“”„‟«»]', "'", text.strip()) + "”"


def seeds_of(grader_seed: int, count: int) -> tuple[int, ...]:
    """Return the seeds that the grader's own seed fixes: 31-bit numbers, by SHA-256."""
    digests = (hashlib.sha256(f"heldout seed {grader_seed} {index}".encode()).digest() for index in range(count))
    return tuple(int.from_bytes(digest[:4], "big") >> 1 for digest in digests)


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs programs under one brief. `records` collects every run in order, done now or found in the journal."""

    journal: Journal
    opened: OpenBrief
    isolation: Isolation
    progress: Callable[[str], None]
    records: list[RunRecord] = field(default_factory=list)

    @property
    def brief(self) -> Brief:
        """The brief in force."""
        return self.opened.brief

    @property
    def train_table(self) -> Dataset:
        """The training table."""
        section = self.brief.data.train
        return Dataset(path=self.opened.file(section.path), sha256=section.sha256)

    @property
    def final_table(self) -> Dataset:
        """The features of the final rows."""
        section = self.brief.data.final
        return Dataset(path=self.opened.file(section.path), sha256=section.sha256)

    def train(self, built: Built, data: Dataset, *, seed: int, repeat: int = 0, label: str = "") -> Trained:
        """Train a program on `data`. Raises RunFailure of the kind that its cause makes it."""
        phase, command = f"train{label}", built.program.contract.train.command
        inputs = self._inputs(built, command, data, seed) | {"repeat": repeat}

        def work(folder: Path) -> dict[str, Any]:
            self.progress(f"{built.program.name}: {phase}, seed {seed}")
            (folder / "model").mkdir()
            job = self._job(built, command, seed, folder)
            inside = replace(
                job,
                read_only={**job.read_only, "/data/train.parquet": data.path},
                writable={"/model": folder / "model"},
            )
            return self._ran(inside, folder, built, phase)

        step = self.journal.step("train", inputs, work)
        self._keep(_record(built, phase, seed, command, step.result))
        return Trained(seed=seed, repeat=repeat, model=step.folder / "model", digest=step.digest)

    def predict(self, built: Built, trained: Trained, data: Dataset, *, label: str = "") -> Predicted:
        """Predict the rows of `data` with a trained model. Raises RunFailure of the kind that its cause makes it."""
        phase, command = f"predict{label}", built.program.contract.predict.command
        inputs = self._inputs(built, command, data, trained.seed) | {"model": trained.digest, "repeat": trained.repeat}

        def work(folder: Path) -> dict[str, Any]:
            self.progress(f"{built.program.name}: {phase}, seed {trained.seed}")
            (folder / "out").mkdir()
            job = self._job(built, command, trained.seed, folder)
            inputs = {"/data/features.parquet": data.path, "/model": trained.model}
            inside = replace(job, read_only={**job.read_only, **inputs}, writable={"/out": folder / "out"})
            result = self._ran(inside, folder, built, phase)
            return self._accepted(result, folder, data) if result["cause"] is None else result

        step = self.journal.step("predict", inputs, work)
        self._keep(_record(built, phase, trained.seed, command, step.result))
        array = step.folder / "predictions.npy"
        return Predicted(array=array, digest=step.digest, sha256=step.result["output_sha256"])

    def detect(self, built: Built, command: Sequence[str], days: Path, sha256: str, *, seed: int) -> Step:
        """Run a drift detector on the reference and the days below `days`; its step's `drift.jsonl` is what it answers.

        Raises RunFailure of the kind that its cause makes it.
        """
        inputs = self._inputs(built, command, Dataset(path=days, sha256=sha256), seed)

        def work(folder: Path) -> dict[str, Any]:
            self.progress(f"{built.program.name}: drift, on {len(list((days / 'days').iterdir()))} days")
            (folder / "out").mkdir()
            job = self._job(built, command, seed, folder)
            given = {"/data/reference.parquet": days / "reference.parquet", "/data/days": days / "days"}
            inside = replace(job, read_only={**job.read_only, **given}, writable={"/out": folder / "out"})
            result = self._ran(inside, folder, built, "drift")
            answered = folder / "out" / ANSWERS
            if answered.is_file() and not answered.is_symlink():
                answered.rename(folder / ANSWERS)
            shutil.rmtree(folder / "out")
            return result

        step = self.journal.step("drift", inputs, work)
        self._keep(_record(built, "drift", seed, command, step.result))
        return step

    def _inputs(self, built: Built, command: Sequence[str], data: Dataset, seed: int) -> dict[str, Any]:
        return {
            "tree": built.program.digest,
            "environment": built.environment.digest,
            "command": list(command),
            "data": data.sha256,
            "seed": seed,
            "budget": self.brief.budget.model_dump(),
            "key": self.brief.data.key,
            "isolation": self.isolation.level,
        }

    def _job(self, built: Built, command: Sequence[str], seed: int, folder: Path) -> Job:
        budget = self.brief.budget
        statement = folder / "budget.json"
        statement.write_text(json.dumps(budget.model_dump(exclude={"backup_plan"})))
        return Job(
            command=tuple(command),
            limits=Limits(wall_seconds=budget.wall_seconds, cpu_seconds=budget.cpu_seconds, memory_mb=budget.memory_mb),
            read_only={
                "/work": built.program.tree,
                "/budget.json": statement,
                **built.environment.mounts,
            },
            environment={
                **built.environment.variables,
                "HELDOUT_SEED": str(seed),
                "HELDOUT_DATA": "/data",
                "HELDOUT_MODEL": "/model",
                "HELDOUT_OUT": "/out",
                "HELDOUT_BUDGET": "/budget.json",
            },
            directory="/work",
        )

    def _ran(self, job: Job, folder: Path, built: Built, phase: str) -> dict[str, Any]:
        outcome = run(job, isolation=self.isolation)
        (folder / "stdout.txt").write_text(outcome.stdout[-LOG_CHARACTERS:], encoding="utf-8")
        (folder / "stderr.txt").write_text(outcome.stderr[-LOG_CHARACTERS:], encoding="utf-8")
        if outcome.cause not in (None, Cause.CANDIDATE):
            seed = int(job.environment["HELDOUT_SEED"])
            self.records.append(_record(built, phase, seed, job.command, _plain(outcome)))
            kind = InfrastructureFailure if outcome.cause is Cause.INFRASTRUCTURE else RunFailure
            said = outcome.stderr.strip()[-500:]
            last = f"; the last that it printed is {quoted(said)}" if said else ""
            raise kind(f"{built.program.name}: {phase} ended with {outcome.reason}{last}")
        return _plain(outcome)

    def _accepted(self, result: dict[str, Any], folder: Path, data: Dataset) -> dict[str, Any]:
        """Have the predictions read in a limited process, which leaves an array for the scorer; the file goes."""
        try:
            written = predictions_file(folder / "out")
            result |= {"output_sha256": sha256_of(written)}
            call(
                READER,
                {
                    "predictions": str(written),
                    "features": str(data.order or data.path),
                    "key": self.brief.data.key,
                    "is_probability": self.brief.is_classification,
                    "array": str(folder / "predictions.npy"),
                },
                limits=READER_LIMITS,
                blame=CandidateFailure,
            )
        except (BadInput, CandidateFailure) as refusal:
            why = refusal.what if isinstance(refusal, BadInput) else str(refusal)
            left = "".join(f"; {path} was left: {reason}" for path, reason in result["refused"][:3])
            result |= {"ending": f"predictions refused: {why}{left}", "cause": Cause.CANDIDATE.value}
        shutil.rmtree(folder / "out")
        return result

    def _keep(self, record: RunRecord) -> None:
        self.records.append(record)
        if record.cause is not None:
            raise CandidateFailure(f"{record.phase} with seed {record.seed} ended with {record.ending}")


def _record(built: Built, phase: str, seed: int, command: Sequence[str], said: Mapping[str, Any]) -> RunRecord:
    return RunRecord(
        phase=f"{built.program.name}: {phase}",
        seed=seed,
        command=tuple(command),
        **{name: said[name] for name in MEASURED},
    )


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "ending": outcome.reason or "finished",
        "cause": None if outcome.cause is None else outcome.cause.value,
        "wall_seconds": outcome.wall_seconds,
        "cpu_seconds": outcome.cpu_seconds,
        "peak_memory_mb": outcome.peak_memory_mb,
        "output_sha256": None,
        "refused": outcome.refused,
    }
