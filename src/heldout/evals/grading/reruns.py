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

    arrays: tuple[Path, ...]
    same_bytes: bool
    failure: str = ""


def rerun(runner: Runner, built: Built, first: tuple[Trained, Predicted]) -> Reruns:
    """Run a program again with the seed of its `first` run, from training on."""
    trained, predicted = first
    arrays = [predicted.array]
    epsilon = runner.brief.reproducibility.epsilon
    for repeat in range(1, RUNS_NEEDED):
        label = f" (again, {repeat})"
        try:
            again = runner.train(built, runner.train_table, seed=trained.seed, repeat=repeat, label=label)
            written = runner.predict(built, again, runner.final_table, label=label)
        except CandidateFailure as failure:
            return Reruns(arrays=tuple(arrays), same_bytes=False, failure=str(failure))
        arrays.append(written.array)
        if repeat == 1 and written.sha256 == predicted.sha256:
            return Reruns(arrays=tuple(arrays), same_bytes=True)
        if repeat == 1 and largest_difference(*arrays) <= epsilon:
            break
    return Reruns(arrays=tuple(arrays), same_bytes=False)


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


def largest_difference(first: Path, second: Path) -> float:
    """Return the largest |difference| between two prediction arrays of the same rows."""
    return float(np.abs(np.load(first, allow_pickle=False) - np.load(second, allow_pickle=False)).max(initial=0.0))
