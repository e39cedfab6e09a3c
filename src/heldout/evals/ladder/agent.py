"""Lets any command work on the kit in the sandbox, under limits, and takes what it leaves as a submission."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import Cause, InfrastructureFailure
from heldout.evals.authoring.kit import KIT
from heldout.evals.grading.environment import Environment
from heldout.evals.grading.journal import digest_of, sha256_of
from heldout.evals.grading.runs import Runner, quoted
from heldout.sandbox import Job, Limits, Outcome, run
from heldout.tools.git_author import Commit, make_repository

__all__ = ["AgentWork", "let_work"]

START = ("/bin/sh", "-c", 'cp -R /start/. /work/ && exec "$@"', "sh")
WHEN = "2026-01-05T09:00:00+00:00"
PUBLIC = ("brief.toml", "data/train.parquet", "data/feedback.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWork:
    """What an agent left: a repository, or None and why there is none; how it ended and what it used."""

    repository: Path | None
    ending: str
    wall_seconds: float
    why: str = ""


def let_work(
    runner: Runner,
    command: Sequence[str],
    files: Path | None,
    environment: Environment,
    folder: Path,
    *,
    minutes: float | None,
) -> AgentWork:
    """Run `command` in a working copy of the kit's template, and make what it leaves a repository at `folder`.

    It sees the kit at /kit, `files` at /agent, Python with the references' packages, no network and no label of the
    holdout. Its limits are those of one command of the brief; `minutes` gives it another wall and CPU time. Raises
    InfrastructureFailure where the machine failed.
    """
    kit = _kit(runner, folder.parent / ".kit")
    start = kit / "template" if (kit / "template").is_dir() else kit / "baseline"
    inputs = {
        "command": list(command),
        "kit": _digest(kit),
        "files": None if files is None else _digest(files),
        "environment": environment.digest,
        "budget": runner.brief.budget.model_dump(),
        "minutes": minutes,
        "isolation": runner.isolation.level,
    }

    def work(place: Path) -> dict[str, Any]:
        runner.progress(f"agent: {' '.join(command)[:200]}")
        (place / "work").mkdir()
        mounts = {"/kit": kit, "/start": start} | ({} if files is None else {"/agent": files})
        outcome = _ran(runner, command, environment, place, mounts=mounts, minutes=minutes)
        for hidden in [*(place / "work").rglob(".git")]:
            shutil.rmtree(hidden) if hidden.is_dir() else hidden.unlink()
        return {
            "ending": outcome.reason or "finished",
            "wall_seconds": outcome.wall_seconds,
            "said": (outcome.stderr.strip() or outcome.stdout.strip())[-500:],
        }

    step = runner.journal.step("agent", inputs, work)
    left = step.folder / "work"
    said = f", and said {quoted(step.result['said'])}" if step.result["said"] else ""
    ended = {"ending": step.result["ending"], "wall_seconds": step.result["wall_seconds"]}
    if not (left / "submission.toml").is_file():
        why = f"it ended ({step.result['ending']}) and left no submission.toml at the root of its working copy{said}"
        return AgentWork(repository=None, why=why, **ended)
    shutil.rmtree(folder, ignore_errors=True)
    partial = folder.with_name(f".partial-{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(left, partial)
    make_repository(partial, (Commit(when=WHEN, message="What the agent left", paths=(".",)),))
    partial.rename(folder)
    return AgentWork(repository=folder, **ended)


def _ran(
    runner: Runner,
    command: Sequence[str],
    environment: Environment,
    place: Path,
    *,
    mounts: Mapping[str, Path],
    minutes: float | None,
) -> Outcome:
    budget = runner.brief.budget
    statement = place / "budget.json"
    statement.write_text(json.dumps(budget.model_dump(exclude={"backup_plan"})))
    wall, cpu = (budget.wall_seconds, budget.cpu_seconds) if minutes is None else (60 * minutes, 60 * minutes)
    outcome = run(
        Job(
            command=(*START, *command),
            limits=Limits(wall_seconds=wall, cpu_seconds=cpu, memory_mb=budget.memory_mb),
            read_only={**mounts, "/budget.json": statement, **environment.mounts},
            writable={"/work": place / "work"},
            environment={**environment.variables, "HELDOUT_KIT": "/kit", "HELDOUT_BUDGET": "/budget.json"},
            directory="/work",
        ),
        isolation=runner.isolation,
    )
    if outcome.cause is Cause.INFRASTRUCTURE:
        raise InfrastructureFailure(f"the agent's sandbox failed: {outcome.reason}: {outcome.stderr.strip()[-300:]}")
    return outcome


def _kit(runner: Runner, made: Path) -> Path:
    """Return the eval's kit; where it has none, its public parts put together."""
    folder = runner.opened.folder
    if (folder / KIT).is_dir():
        return folder / KIT
    shutil.rmtree(made, ignore_errors=True)
    for name in PUBLIC:
        if (folder / name).is_file():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, made / name)
    ignored = shutil.ignore_patterns(".git", "__pycache__")
    shutil.copytree(runner.opened.file(runner.brief.baseline.path), made / "baseline", ignore=ignored)
    return made


def _digest(folder: Path) -> str:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    return digest_of({path.relative_to(folder).as_posix(): sha256_of(path) for path in files})
