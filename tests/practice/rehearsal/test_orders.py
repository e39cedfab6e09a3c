"""The generated orders: equal for a seed, keys that name each row once, what comes late kept out of the final rows."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from heldout.core.errors import BadInput
from heldout.practice.rehearsal.orders import KNOWN, MOST, STRIDE, write_orders
from heldout.stats import METRICS

ROWS = 300_000
"""More than one row group in the training table."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("orders")
    write_orders(folder, rows=ROWS, seed=3)
    return folder


def test_each_order_is_in_one_part_and_has_one_answer(folder: Path) -> None:
    train, final, answers = (
        pq.read_table(folder / f"{name}.parquet", columns=["order"]).column("order").to_numpy()
        for name in ("data/train", "data/final", "answers/final")
    )
    assert np.array_equal(np.sort(np.concatenate([train, final])), np.arange(ROWS))
    assert np.array_equal(np.sort(final), np.sort(answers))
    assert not np.array_equal(final, answers)


def test_the_final_rows_come_after_the_training_rows_and_lack_what_is_written_late(folder: Path) -> None:
    train, final = (pq.read_table(folder / "data" / f"{name}.parquet") for name in ("train", "final"))
    assert final.schema.names == ["order", *KNOWN]
    assert {"courier_scans", "refund_cents", "late"} == set(train.schema.names) - set(final.schema.names)
    assert max(train.column("ordered_on").to_pylist()) <= min(final.column("ordered_on").to_pylist())


def test_the_temptation_tells_more_than_the_best_that_can_be_known(folder: Path, tmp_path: Path) -> None:
    truth = write_orders(tmp_path, rows=20_000, seed=3)
    train = pq.read_table(folder / "data" / "train.parquet", columns=["courier_scans", "refund_cents", "late"])
    tempting = train.column("refund_cents").to_numpy() * 100.0 + train.column("courier_scans").to_numpy()
    auc = METRICS["roc_auc"].value(train.column("late").to_numpy().astype(float), tempting)
    assert 0.75 < truth.best_roc_auc < auc - 0.05


def test_a_seed_gives_the_same_bytes_and_another_one_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_orders(tmp_path / name, rows=5_000, seed=seed)
    one, same, other = ((tmp_path / name / "data" / "train.parquet").read_bytes() for name in "abc")
    assert one == same
    assert one != other


def test_the_stride_names_each_row_once_whatever_their_number() -> None:
    assert STRIDE > MOST
    assert all(STRIDE % divisor for divisor in range(2, int(STRIDE**0.5) + 1))


@pytest.mark.parametrize("rows", [0, 1_999, MOST + 1])
def test_too_few_or_too_many_rows_are_refused(rows: int, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="rows"):
        write_orders(tmp_path, rows=rows, seed=1)
