"""Runs the first seed again: once when the bytes agree, up to five times when they do not."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from heldout.core.errors import CandidateFailure
from heldout.evals.grading.environment import Built
from heldout.evals.grading.journal import sha256_of
from heldout.evals.grading.runs import Dataset, Predicted, Runner, Trained
from heldout.evals.parquet import read_table, write_table
from heldout.stats.reproducibility import RUNS_NEEDED

__all__ = ["Reruns", "largest_difference", "permuted", "rerun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reruns:
    """Predictions of the same seed, the first run's included; whether all files were the same bytes."""

    runs: tuple[Predicted, ...]
    same_bytes: bool
    failure: str = ""


def rerun(runner: Runner, built: Built, first: tuple[Trained, Predicted]) -> Reruns:
    """Run a program again with the seed of its `first` run, from training on."""
    trained, predicted = first
    runs = [predicted]
    epsilon = runner.brief.reproducibility.epsilon
    for repeat in range(1, RUNS_NEEDED):
        label = f" (again, {repeat})"
        try:
            again = runner.train(built, runner.train_table, seed=trained.seed, repeat=repeat, label=label)
            written = runner.predict(built, again, runner.final_table, label=label)
        except CandidateFailure as failure:
            return Reruns(runs=tuple(runs), same_bytes=False, failure=str(failure))
        runs.append(written)
        if repeat == 1 and written.sha256 == predicted.sha256:
            return Reruns(runs=tuple(runs), same_bytes=True)
        if repeat == 1 and largest_difference(predicted, written) <= epsilon:
            break
    return Reruns(runs=tuple(runs), same_bytes=False)


def permuted(runner: Runner, seed: int) -> Dataset:
    """Return the final rows' features in another order."""
    features = runner.final_table

    def work(folder: Path) -> dict[str, object]:
        table = read_table(features.path)
        order = np.random.default_rng(seed).permutation(table.num_rows)
        write_table(table.take(pa.array(order)), folder / "features.parquet")
        return {}

    path = runner.journal.step("permute", {"features": features.sha256, "seed": seed}, work).folder / "features.parquet"
    return Dataset(path=path, sha256=sha256_of(path), order=features.path)


def largest_difference(first: Predicted, second: Predicted) -> float:
    """Return the largest |difference| between two predictions of the same rows."""
    ours, theirs = (np.load(run.array, allow_pickle=False) for run in (first, second))
    return float(np.abs(ours - theirs).max(initial=0.0))
