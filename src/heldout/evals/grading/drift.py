"""The trial of a drift detector: one sandboxed run over many days, some of which have drift of a known size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.errors import BadInput, CandidateFailure
from heldout.core.monitoring_evidence import Detected, DriftTrial
from heldout.evals.grading.drift_days import EPISODE_DAYS, Days, days_of
from heldout.evals.grading.environment import Built
from heldout.evals.grading.journal import Step
from heldout.evals.grading.runs import ANSWERS, READER_LIMITS, Runner
from heldout.evals.parquet import column_names, read_table, write_table
from heldout.sandbox import call

__all__ = ["NOT_ASKED", "Asked", "drift_trial"]

READER = "heldout.evals.grading.drift_reader"
MONTH = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a drift detector: clean days, false alarms a month, the smallest shift in SD to be found."""

    days: int = 60
    false_alarms_per_month: float = 1.0
    smallest_shift: float = 0.25


NOT_ASKED = DriftTrial(
    rows_per_day=0,
    reference_rows=0,
    columns=0,
    episode_days=0,
    clean_days=0,
    false_alarms=0,
    allowed_per_day=0.0,
    smallest_shift=0.0,
    detected=(),
    is_asked=False,
)
"""The trial of an eval that asks for no detector, and of a submission that has none."""


def drift_trial(runner: Runner, built: Built, asked: Asked, *, seed: int) -> DriftTrial:
    """Try the submission's drift detector on days made of the training table, without labels.

    A detector that is missing or fails through the candidate is said so. Raises RunFailure of another cause, BadInput
    for a training table of which no days can be made.
    """
    section = built.program.contract.drift
    if section is None:
        if runner.brief.eval.kind != "drift":
            return NOT_ASKED
        return _failed(asked, "submission.toml has no section drift")
    world = _world(runner, asked, seed)
    try:
        step = runner.detect(built, section.command, world.folder, world.digest, seed=seed)
        alarms = _alarms(step.folder / ANSWERS, [one["name"] for one in world.result["days"]])
    except CandidateFailure as failure:
        return _failed(asked, str(failure))
    except BadInput as refusal:
        return _failed(asked, refusal.what)
    return _counted(world.result, alarms, asked)


def _world(runner: Runner, asked: Asked, seed: int) -> Step:
    """Write the reference and the days, and return their step; its result says what each day is."""
    data, table = runner.brief.data, runner.train_table
    aside = {data.key, data.time, data.cluster, data.target}
    columns = sorted(set(data.known_at_prediction) - aside)
    inputs: dict[str, Any] = {"data": table.sha256, "days": asked.days, "smallest": asked.smallest_shift, "seed": seed}
    inputs |= {"columns": columns, "version": version("heldout")}

    def work(folder: Path) -> Mapping[str, Any]:
        runner.progress(f"drift: {asked.days} clean days, and days with drift")
        named = [name for name in column_names(table.path) if name in columns]
        features = read_table(table.path, named)
        time = read_table(table.path, [data.time]).column(0) if data.time else None
        made = days_of(features, time, clean_days=asked.days, smallest=asked.smallest_shift, seed=seed)
        (folder / "days").mkdir()
        write_table(made.reference, folder / "reference.parquet")
        for day in made.days:
            write_table(day.table, folder / "days" / f"{day.name}.parquet")
        return _described(made)

    return runner.journal.step("drift-days", inputs, work)


def _described(made: Days) -> dict[str, Any]:
    keys = ("name", "size", "kind", "episode", "place")
    return {
        "reference_rows": made.reference.num_rows,
        "columns": made.reference.num_columns,
        "rows_per_day": int(np.median([day.table.num_rows for day in made.days])),
        "days": [{key: getattr(day, key) for key in keys} for day in made.days],
    }


def _alarms(answers: Path, days: Sequence[str]) -> Mapping[str, bool]:
    if not answers.is_file():
        raise BadInput("the detector wrote no /out/drift.jsonl")
    said = call(READER, {"answers": str(answers), "days": list(days)}, limits=READER_LIMITS, blame=CandidateFailure)
    alarms: Mapping[str, bool] = said["alarms"]
    return alarms


def _counted(world: Mapping[str, Any], alarms: Mapping[str, bool], asked: Asked) -> DriftTrial:
    days: Sequence[Mapping[str, Any]] = world["days"]
    clean = [alarms[day["name"]] for day in days if day["kind"] == "none"]
    moved = [day for day in days if day["kind"] != "none"]
    kinds = sorted({day["kind"] for day in moved})
    return DriftTrial(
        rows_per_day=world["rows_per_day"],
        reference_rows=world["reference_rows"],
        columns=world["columns"],
        episode_days=EPISODE_DAYS,
        clean_days=len(clean),
        false_alarms=sum(clean),
        allowed_per_day=asked.false_alarms_per_month / MONTH,
        smallest_shift=asked.smallest_shift,
        detected=tuple(_detected(size, moved, alarms) for size in sorted({day["size"] for day in moved})),
        by_kind=tuple(
            (
                kind,
                sum(day["kind"] == kind for day in moved),
                sum(alarms[day["name"]] for day in moved if day["kind"] == kind),
            )
            for kind in kinds
        ),
    )


def _detected(size: float, moved: Sequence[Mapping[str, Any]], alarms: Mapping[str, bool]) -> Detected:
    mine = [day for day in moved if day["size"] == size]
    first: dict[int, int] = {}
    for day in sorted(mine, key=lambda one: one["place"]):
        if alarms[day["name"]]:
            first.setdefault(day["episode"], day["place"] + 1)
    return Detected(
        size=size,
        days=len(mine),
        alarms=sum(alarms[day["name"]] for day in mine),
        episodes=len({day["episode"] for day in mine}),
        found=len(first),
        delays=tuple(first[episode] for episode in sorted(first)),
    )


def _failed(asked: Asked, why: str) -> DriftTrial:
    return DriftTrial(
        rows_per_day=0,
        reference_rows=0,
        columns=0,
        episode_days=EPISODE_DAYS,
        clean_days=asked.days,
        false_alarms=0,
        allowed_per_day=asked.false_alarms_per_month / MONTH,
        smallest_shift=asked.smallest_shift,
        detected=(),
        failed=why,
    )
