"""A train and a test table of 44 columns with planted faults, written block by block so that any size fits memory.

`python -m benchmarks.audit_world ROWS FOLDER` writes train.parquet (ROWS rows) and test.parquet (a quarter of them).
Planted: num_29 is the label with noise; 1 % of the test rows are train rows; 20 % of the test users are train users;
5 % of the test rows lie before the end of train; num_03, num_07 and cat_3 drift; 0.2 % of the train rows are others
with their label flipped; num_05 lacks 5 % of its values in train and 15 % in test; cat_2 holds c2_0 only where the
label is 1. num_10 and num_11 correlate by .98, and num_12 is constant.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

LEVELS = (5, 8, 12, 20, 50, 100, 500, 1000, 5000, 10000)
NUMBERS = 30
BLOCK = 250_000
START = 1_704_067_200
DAY = 86_400
TRAIN_DAYS, TEST_DAYS, OVERLAP_DAYS = 90, 22, 30
FLIPPED, COPIED, EARLY, SHARED_USERS = 0.002, 0.01, 0.05, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the two tables: its rows, the users that its rows are drawn from, and whether it is test."""

    rows: int
    users: np.ndarray
    is_test: bool


def write_world(rows: int, folder: Path, *, seed: int = 7, test_rows: int | None = None) -> None:
    """Write folder/train.parquet and folder/test.parquet."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    test_rows = rows // 4 if test_rows is None else test_rows
    weights = rng.normal(0, 0.35, 8)
    users, test_users = max(rows // 10, 10), max(test_rows // 10, 10)
    old = rng.choice(users, int(test_users * SHARED_USERS), replace=False)
    train = Part(rows=rows, users=np.arange(users), is_test=False)
    test = Part(rows=test_rows, users=np.concatenate([old, users + np.arange(test_users - len(old))]), is_test=True)
    flipped, copied = int(rows * FLIPPED), int(test_rows * COPIED)
    first_half = np.sort(rng.choice(rows // 2, flipped + copied, replace=False))
    kept: list[pa.Table] = []
    with _writer(folder / "train.parquet") as file:
        places = rows // 2 + np.sort(rng.choice(rows - rows // 2, flipped, replace=False))
        for start, block in _blocks(train, weights, rng):
            kept.append(block.take(pa.array(_within(first_half, start, block.num_rows))))
            here = _within(places, start, block.num_rows)
            if len(here):
                pool = pa.concat_tables(kept)
                others = pool.take(pa.array(rng.integers(0, pool.num_rows, len(here))))
                label = 1 - others["label"].to_numpy()
                others = others.set_column(others.schema.get_field_index("label"), "label", pa.array(label))
                file.write_table(_replaced(block, here, others), row_group_size=BLOCK)
            else:
                file.write_table(block, row_group_size=BLOCK)
    pool = pa.concat_tables(kept)
    places = np.sort(rng.choice(test_rows, copied, replace=False))
    with _writer(folder / "test.parquet") as file:
        for start, block in _blocks(test, weights, rng):
            here = _within(places, start, block.num_rows)
            others = pool.take(pa.array(rng.integers(0, pool.num_rows, len(here))))
            file.write_table(_replaced(block, here, others), row_group_size=BLOCK)


def _blocks(part: Part, weights: np.ndarray, rng: np.random.Generator) -> Iterator[tuple[int, pa.Table]]:
    for start in range(0, part.rows, BLOCK):
        stop = min(start + BLOCK, part.rows)
        yield start, _block(part, start, stop, weights, rng)


def _block(part: Part, start: int, stop: int, weights: np.ndarray, rng: np.random.Generator) -> pa.Table:
    n = stop - start
    numbers = rng.standard_normal((NUMBERS, n))
    logit = weights @ numbers[:8] - 1.2
    label = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(np.int8)
    if part.is_test:
        numbers[3] += 0.5
        numbers[7] *= 1.5
    numbers[11] = 0.98 * numbers[10] + np.sqrt(1 - 0.98**2) * numbers[11]
    numbers[12] = 3.0
    numbers[13] = np.exp(numbers[13])
    numbers[14] = np.round(np.abs(numbers[14]) * 10)
    numbers[29] = label + 0.15 * numbers[29]
    numbers[5][rng.random(n) < (0.15 if part.is_test else 0.05)] = np.nan
    columns: dict[str, object] = {
        "ts": _times(part, start, stop, rng).astype("datetime64[s]"),
        "user_id": part.users[rng.integers(0, len(part.users), n)].astype(np.int64),
    }
    columns |= {f"num_{i:02d}": numbers[i].astype(np.float32) if i % 2 else numbers[i] for i in range(NUMBERS)}
    columns |= {f"cat_{i}": _texts(i, part, label, rng) for i in range(len(LEVELS))}
    columns["label"] = label
    columns["score"] = (1 / (1 + np.exp(-(logit + rng.normal(0, 0.3, n))))).astype(np.float32)
    return pa.table(columns)


def _times(part: Part, start: int, stop: int, rng: np.random.Generator) -> np.ndarray:
    first, days = (START + TRAIN_DAYS * DAY, TEST_DAYS) if part.is_test else (START, TRAIN_DAYS)
    low, high = (first + days * DAY * at // part.rows for at in (start, stop))
    times = np.sort(rng.integers(low, max(high, low + 1), stop - start))
    if part.is_test:
        early = rng.random(stop - start) < EARLY
        times[early] = rng.integers(first - OVERLAP_DAYS * DAY, first, int(early.sum()))
    return times


def _texts(which: int, part: Part, label: np.ndarray, rng: np.random.Generator) -> pa.Array:
    levels = LEVELS[which]
    chance = 1.0 / np.arange(1, levels + 1) ** 0.8
    chance /= chance.sum()
    if which == 3:
        top = 0.40 if part.is_test else 0.25
        chance[0] = 0
        chance = chance / chance.sum() * (1 - top)
        chance[0] = top
    code = rng.choice(levels, size=len(label), p=chance).astype(np.int32)
    if which == 2:
        code = np.where(code == 0, 1, code)
        code = np.where((label == 1) & (rng.random(len(label)) < 0.04), 0, code).astype(np.int32)
    names = pa.array([f"c{which}_{level}" for level in range(levels)])
    return pa.DictionaryArray.from_arrays(pa.array(code), names).cast(pa.string())


def _within(places: np.ndarray, start: int, rows: int) -> np.ndarray:
    low, high = np.searchsorted(places, (start, start + rows))
    return places[low:high] - start


def _replaced(block: pa.Table, places: np.ndarray, others: pa.Table) -> pa.Table:
    take = np.arange(block.num_rows)
    take[places] = block.num_rows + np.arange(others.num_rows)
    return pa.concat_tables([block, others]).take(pa.array(take)).combine_chunks()


class _writer:  # noqa: N801 - reads as a function, and opens the file only once the schema is known
    def __init__(self, path: Path) -> None:
        self.path, self.file = path, None

    def __enter__(self) -> "_writer":
        return self

    def write_table(self, block: pa.Table, row_group_size: int) -> None:
        self.file = self.file or pq.ParquetWriter(self.path, block.schema, compression="zstd")
        self.file.write_table(block, row_group_size=row_group_size)

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()


if __name__ == "__main__":
    write_world(int(sys.argv[1]), Path(sys.argv[2]))
