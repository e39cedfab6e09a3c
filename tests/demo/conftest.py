"""The demo's eval, written once, and a part of it small enough to train on in a moment."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from heldout.demo import write_eval

TRAIN_ROWS, FINAL_ROWS = 40_000, 4_000


@pytest.fixture(scope="session")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_eval(tmp_path_factory.mktemp("flights")).parent


@pytest.fixture(scope="session")
def some_flights(flights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `train.parquet` and `final.parquet`: rows are in no order, so the first ones are a sample."""
    folder = tmp_path_factory.mktemp("some-flights")
    for part, rows in (("train", TRAIN_ROWS), ("final", FINAL_ROWS)):
        pq.write_table(pq.read_table(flights / "data" / f"{part}.parquet").slice(0, rows), folder / f"{part}.parquet")
    return folder
