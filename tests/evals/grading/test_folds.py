from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from heldout.core.errors import BadInput
from heldout.evals.answers import read_answers
from heldout.evals.grading.folds import TEST_SHARE, answer


@pytest.fixture
def train(tmp_path: Path) -> Path:
    rows = range(400)
    table = pa.table(
        {
            "id": list(rows),
            "day": [row // 4 for row in rows],
            "x": [float(row % 7) for row in rows],
            "after": [float(row % 2) for row in rows],
            "late": [None if row == 5 else row % 2 for row in rows],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "train.parquet")
    return tmp_path / "train.parquet"


def cut(train: Path, **changes: object) -> dict[str, object]:
    request: dict[str, object] = {
        "train": str(train),
        "folder": str(train.parent / "folds"),
        "key": "id",
        "target": "late",
        "time": "day",
        "known": ["day", "x"],
        "extra": ["after"],
        "splits": ["random", "forward"],
        "variants": ["used", "withheld"],
        "rows": 1000,
        "seed": 3,
    }
    return dict(answer({**request, **changes}))


def read(folder: Path, name: str) -> pa.Table:
    return pyarrow.parquet.read_table(folder / name)


def test_test_rows_have_no_target_and_withheld_columns_are_nowhere(train: Path) -> None:
    said = cut(train)
    assert said["rows"] == said["sampled"] == 399
    for split in ("random", "forward"):
        fold = train.parent / "folds" / split
        assert read(fold, "used/test.parquet").column_names == ["id", "day", "x", "after"]
        assert read(fold, "withheld/test.parquet").column_names == ["id", "day", "x"]
        assert read(fold, "used/train.parquet").column_names == ["id", "day", "x", "after", "late"]
        assert read(fold, "withheld/train.parquet").column_names == ["id", "day", "x", "late"]
        assert read(fold, "answers.parquet").column_names == ["id", "late"]
        tested = read(fold, "used/test.parquet").column("id").to_pylist()
        trained = read(fold, "used/train.parquet").column("id").to_pylist()
        assert not set(tested) & set(trained)
        assert len(tested) + len(trained) == 399
        assert read(fold, "answers.parquet").column("id").to_pylist() == tested


def test_a_forward_fold_tests_whole_times_after_the_last_trained_one(train: Path) -> None:
    said = cut(train)
    assert said["forward"]["not_after"] == 0  # type: ignore[index]  # JSON
    assert said["random"]["not_after"] > 90  # type: ignore[index]  # JSON
    fold = train.parent / "folds" / "forward"
    tested, trained = (read(fold, f"used/{part}.parquet").column("day").to_pylist() for part in ("test", "train"))
    assert min(tested) > max(trained)
    assert len(tested) == pytest.approx(399 * TEST_SHARE, abs=4)


def test_a_sample_is_drawn_by_the_seed(train: Path) -> None:
    ids = []
    for number, seed in enumerate((3, 3, 4)):
        folder = train.parent / f"sample{number}"
        assert cut(train, rows=100, seed=seed, folder=str(folder))["sampled"] == 100
        ids.append(read(folder / "random", "answers.parquet").column("id").to_pylist())
    assert ids[0] == ids[1] != ids[2]


def test_a_table_of_one_time_has_no_forward_fold(train: Path) -> None:
    table = read(train.parent, "train.parquet")
    pyarrow.parquet.write_table(table.set_column(1, "day", pa.array([1] * 400)), train)
    assert "forward" not in cut(train)


def test_answers_are_joined_by_key_and_absent_labels_are_unknown(train: Path) -> None:
    keys = pa.array(["7", "5", "6"])
    answers = read_answers(train, keys, key="id", target="late", positive=1)
    assert answers.label[[0, 2]].tolist() == [1.0, 0.0]
    assert answers.known.tolist() == [True, False, True]
    with pytest.raises(BadInput, match="no answer for 1 of 2 rows"):
        read_answers(train, pa.array(["7", "9999"]), key="id", target="late", positive=1)
    with pytest.raises(BadInput, match="cannot read the answers"):
        read_answers(train, keys, key="id", target="late", positive="yes")
    with pytest.raises(BadInput, match="has no column early"):
        read_answers(train, keys, key="id", target="early", positive=1)
