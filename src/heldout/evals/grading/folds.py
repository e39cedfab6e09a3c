"""Cuts the training table into the folds on which a submission's own evaluation is repeated.

Runs in a process of its own (`sandbox.own`): the folds' held-out labels go to files that only the scorer reads.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.evals.parquet import read_table, write_table
from heldout.sandbox import serve

__all__ = ["TEST_SHARE", "answer"]

Plain = Mapping[str, Any]
TEST_SHARE = 0.25
"""The share of rows held out by both folds."""


def answer(request: Plain) -> Plain:
    """Write the folds that `request` asks for, and say how their times lie.

    `splits` are "random" and "forward" (the last rows by `time`, whole times together). Each fold's folder holds
    `answers.parquet` (key and target of its test rows) and, per variant of columns, `VARIANT/train.parquet` (all
    columns) and `VARIANT/test.parquet` (what is known at prediction, and `extra`); "withheld" lacks `extra` in both.
    """
    table = read_table(Path(request["train"]))
    table = table.filter(pc.is_valid(table.column(request["target"])))
    generator = np.random.default_rng(request["seed"])
    rows = table.num_rows
    if rows > request["rows"]:
        table = table.take(pa.array(np.sort(generator.choice(rows, request["rows"], replace=False))))
    said: dict[str, Any] = {"rows": rows, "sampled": table.num_rows}
    for split in request["splits"]:
        if split == "random":
            is_test = _random(table.num_rows, generator)
        else:
            is_test = _forward(table.column(request["time"]).combine_chunks())
        if not 0 < is_test.sum() < is_test.size:
            continue
        _write(table, is_test, Path(request["folder"]) / split, request)
        said[split] = _times(table, is_test, request["time"])
    return said


def _random(rows: int, generator: np.random.Generator) -> NDArray[np.bool_]:
    is_test = np.zeros(rows, dtype=np.bool_)
    is_test[generator.permutation(rows)[: round(rows * TEST_SHARE)]] = True
    return is_test


def _forward(time: pa.Array) -> NDArray[np.bool_]:
    order = pc.sort_indices(time)
    boundary = time[order[round(len(time) * (1 - TEST_SHARE))].as_py()]
    return np.asarray(pc.fill_null(pc.greater_equal(time, boundary), False).to_numpy(zero_copy_only=False))


def _write(table: pa.Table, is_test: NDArray[np.bool_], folder: Path, request: Plain) -> None:
    key, target, extra = request["key"], request["target"], set(request["extra"])
    train, test = table.filter(pa.array(~is_test)), table.filter(pa.array(is_test))
    shown = [name for name in table.column_names if name in {key, *request["known"]} | extra and name != target]
    folder.mkdir(parents=True)
    write_table(test.select([key, target]), folder / "answers.parquet")
    for variant in request["variants"]:
        hidden = extra if variant == "withheld" else set()
        (folder / variant).mkdir()
        columns = [name for name in table.column_names if name not in hidden]
        write_table(train.select(columns), folder / variant / "train.parquet")
        visible = [name for name in shown if name not in hidden]
        write_table(test.select(visible), folder / variant / "test.parquet")


def _times(table: pa.Table, is_test: NDArray[np.bool_], time: str | None) -> Plain | None:
    if time is None:
        return None
    column = table.column(time).combine_chunks()
    train, test = column.filter(pa.array(~is_test)), column.filter(pa.array(is_test))
    last = pc.max(train)
    return {
        "column": time,
        "train_first": _iso(pc.min(train)),
        "train_last": _iso(last),
        "test_first": _iso(pc.min(test)),
        "test_last": _iso(pc.max(test)),
        "test_rows": len(test),
        "not_after": int(pc.sum(pc.less_equal(test, last)).as_py() or 0),
    }


def _iso(value: pa.Scalar) -> str:
    plain = value.as_py()
    return plain.isoformat() if hasattr(plain, "isoformat") else str(plain)


if __name__ == "__main__":
    serve(answer)
