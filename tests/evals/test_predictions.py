"""Rows 34 to 46 of the attack table: each attack beside what a naive reader makes of it."""

import csv
import io
import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from heldout.core.errors import BadInput
from heldout.evals.predictions import predictions_file, read_keys, read_predictions

KEYS = pa.array(["1", "2", "3", "4"])
GOOD = [0.1, 0.2, 0.3, 0.4]


def read(path: Path, *, is_probability: bool = True) -> list[float]:
    return read_predictions(path, key="id", keys=KEYS, is_probability=is_probability).tolist()


def write_csv(folder: Path, *lines: str) -> Path:
    path = folder / "predictions.csv"
    path.write_bytes("\n".join(("id,prediction", *lines, "")).encode())
    return path


def write_parquet(folder: Path, **columns: object) -> Path:
    path = folder / "predictions.parquet"
    pyarrow.parquet.write_table(pa.table(columns), path)
    return path


def refused(path: Path, *, is_probability: bool = True) -> str:
    with pytest.raises(BadInput) as raised:
        read(path, is_probability=is_probability)
    assert raised.value.mend
    return raised.value.what


def test_csv_parquet_and_json_lines_say_the_same(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"prediction": value, "id": key + 1}) + "\n" for key, value in enumerate(GOOD))
    (tmp_path / "predictions.jsonl").write_text(lines)
    assert read(tmp_path / "predictions.jsonl") == GOOD
    assert read(write_csv(tmp_path, "1,0.1", "2,0.2", "3,0.3", "4,4e-1")) == GOOD
    assert read(write_parquet(tmp_path, id=["1", "2", "3", "4"], prediction=GOOD)) == GOOD
    assert read(write_parquet(tmp_path, id=[1, 2, 3, 4], prediction=GOOD)) == GOOD
    categories = pa.array(["1", "2", "3", "4"]).dictionary_encode()
    assert read(write_parquet(tmp_path, id=categories, prediction=np.array(GOOD, np.float32))) == pytest.approx(GOOD)


def test_row_34_nan_is_refused_where_a_mean_over_the_rest_is_perfect(tmp_path: Path) -> None:
    label, naive = np.array([0.55, 0.2, 0.3, 0.4]), np.array([np.nan, 0.2, 0.3, 0.4])
    assert np.sqrt(np.nanmean((label - naive) ** 2)) == 0.0
    for text in ("nan", "NaN", "-nan", "", "null"):
        assert "not a number" in refused(write_csv(tmp_path, f"1,{text}", "2,0.2", "3,0.3", "4,0.4"))
    assert "nan" in refused(write_parquet(tmp_path, id=[1, 2, 3, 4], prediction=[float("nan"), 0.2, 0.3, 0.4]))
    assert "nulls" in refused(write_parquet(tmp_path, id=[1, 2, 3, 4], prediction=[None, 0.2, 0.3, 0.4]))


def test_row_35_infinity_is_refused_where_float_takes_it(tmp_path: Path) -> None:
    for text in ("inf", "-Infinity", "1e400"):
        assert np.isinf(float(text))
        for is_probability in (True, False):
            path = write_csv(tmp_path, f"1,{text}", "2,0.2", "3,0.3", "4,0.4")
            assert refused(path, is_probability=is_probability)


def test_row_36_out_of_range_is_refused_where_a_sum_of_squares_overflows(tmp_path: Path) -> None:
    with np.errstate(over="ignore"):
        assert np.isinf(np.mean(np.array([1e308, 0.2]) ** 2))
    assert "from -1e+150 to 1e+150" in str(_error(write_csv(tmp_path, "1,1e308", "2,2", "3,3", "4,4")))
    assert "is 1.01" in refused(write_csv(tmp_path, "1,1.01", "2,0.2", "3,0.3", "4,0.4"))
    assert "is -0.01" in refused(write_csv(tmp_path, "1,-0.01", "2,0.2", "3,0.3", "4,0.4"))
    subnormal = write_csv(tmp_path, "1,5e-324", "2,0.2", "3,0.3", "4,0.4")
    assert read(subnormal)[0] == 5e-324


def _error(path: Path) -> BadInput:
    with pytest.raises(BadInput) as raised:
        read(path, is_probability=False)
    return raised.value


def test_row_37_another_order_is_the_same_where_position_would_mix_rows_up(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "4,0.4", "2,0.2", "1,0.1", "3,0.3")
    assert pd.read_csv(path)["prediction"].tolist() != GOOD
    assert read(path) == GOOD


def test_row_38_duplicate_keys_are_refused_where_a_join_grows(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "1,0.1", "1,0.9", "2,0.2", "3,0.3", "4,0.4")
    assert len(pd.DataFrame({"id": [1, 2, 3, 4]}).merge(pd.read_csv(path), on="id")) == 5
    assert "there again, such as '1'" in refused(path)


def test_row_39_missing_and_foreign_keys_are_refused_where_an_inner_join_drops_them(tmp_path: Path) -> None:
    missing = write_csv(tmp_path, "1,0.1", "2,0.2", "3,0.3")
    assert len(pd.DataFrame({"id": [1, 2, 3, 4]}).merge(pd.read_csv(missing), on="id")) == 3
    assert "missing, such as '4'" in refused(missing)
    assert "none of the table's, such as '5'" in refused(
        write_csv(tmp_path, "1,0.1", "2,0.2", "3,0.3", "4,0.4", "5,0.5")
    )
    assert "has 3 rows" in refused(write_parquet(tmp_path, id=[1, 2, 3], prediction=GOOD[:3]))


@pytest.mark.parametrize("key", ["1.0", "01", " 1", "1 ", "\uff11", "+1", "1_0"])
def test_row_40_keys_are_compared_byte_by_byte_where_numbers_take_many_forms(tmp_path: Path, key: str) -> None:
    assert float(key) in (1.0, 10.0)
    assert "none of the table's" in refused(write_csv(tmp_path, f"{key},0.1", "2,0.2", "3,0.3", "4,0.4"))


@pytest.mark.parametrize("number", ["1_0", "\uff11", "0x1", "1.", ".5", "00.5", " 0.5", "0.5 ", "=1+1", "1e", "True"])
def test_row_40_numbers_are_those_of_json(tmp_path: Path, number: str) -> None:
    path = write_csv(tmp_path, f"1,{number}", "2,0.2", "3,0.3", "4,0.4")
    assert "not a number" in refused(path)


def test_row_41_headers_are_taken_once_where_a_dictionary_takes_the_last(tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    doubled = "id,prediction,prediction\n1,0.1,0.9\n"
    assert next(csv.DictReader(io.StringIO(doubled)))["prediction"] == "0.9"
    path.write_text(doubled)
    assert "its columns are" in refused(path)
    for content in (b"\xef\xbb\xbfid,prediction\n1,0.1\n", b"id,prediction\n1,0.1\0\n"):
        path.write_bytes(content)
        assert "byte order mark or a NUL" in refused(path)
    path.write_bytes(b'id,prediction\n1,"0.1\n2",0.2\n')
    assert refused(path)
    path.write_bytes(b"id,prediction\r\n1,0.1\r\n2,0.2\r\n3,0.3\r\n4,0.4\r\n")
    assert read(path) == GOOD


def test_row_42_constant_predictions_are_scored(tmp_path: Path) -> None:
    assert read(write_csv(tmp_path, "1,0.5", "2,0.5", "3,0.5", "4,0.5")) == [0.5] * 4


def test_row_43_huge_cells_are_refused_where_float_reads_all_digits(tmp_path: Path) -> None:
    digits = "0." + "1" * 5000
    assert 0 < float(digits) < 1
    assert "not a number" in refused(write_csv(tmp_path, f"1,{digits}", "2,0.2", "3,0.3", "4,0.4"))
    large = write_csv(tmp_path, f"1,{'1' * 10_000_000}", "2,0.2", "3,0.3", "4,0.4")
    assert "bytes" in refused(large)


def test_row_44_a_table_that_unpacks_to_much_more_is_refused_by_its_row_count(tmp_path: Path) -> None:
    rows = 2_000_000
    path = write_parquet(tmp_path, id=np.zeros(rows, np.int64), prediction=np.zeros(rows))
    assert path.stat().st_size < 100_000
    assert pyarrow.parquet.ParquetFile(path).read().nbytes > 100 * path.stat().st_size
    assert f"has {rows:,} rows" in refused(path)


@pytest.mark.parametrize("keys", [[b"\xff", b"2", b"3", b"4"], [b"\xff", b"\xff", b"3", b"4"]])
def test_row_40_text_that_is_no_text_is_refused_where_its_bytes_are_taken_on_trust(
    tmp_path: Path, keys: list[bytes]
) -> None:
    untrue = pa.Array.from_buffers(pa.string(), len(keys), pa.array(keys, pa.binary()).buffers())
    path = write_parquet(tmp_path, id=untrue, prediction=GOOD)
    with pytest.raises(UnicodeDecodeError):
        pyarrow.parquet.read_table(path).column("id").to_pylist()
    assert "cannot be read" in refused(path)


def test_row_44_a_file_cut_in_half_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path, id=[1, 2, 3, 4], prediction=GOOD)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "cannot be read" in refused(path)


class Payload:
    """What pickle calls when it reads this."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_rows_26_and_45_a_pickle_is_no_predictions_where_a_naive_reader_runs_it(tmp_path: Path) -> None:
    mark, folder = tmp_path / "ran", tmp_path / "out"
    folder.mkdir()
    np.save(folder / "predictions.npy", np.array([Payload(mark)], dtype=object), allow_pickle=True)
    (folder / "predictions.pkl").write_bytes(pickle.dumps(Payload(mark)))
    np.load(folder / "predictions.npy", allow_pickle=True)
    assert mark.exists()
    mark.unlink()
    with pytest.raises(BadInput, match="no predictions were written"):
        predictions_file(folder)
    for name in ("predictions.csv", "predictions.parquet", "predictions.jsonl"):
        (folder / name).write_bytes(pickle.dumps(Payload(mark)))
        assert refused(folder / name)
    assert not mark.exists()


def test_row_46_json_lines_take_no_nan_where_the_json_module_does(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    assert np.isnan(json.loads('{"id": "1", "prediction": NaN}')["prediction"])
    for line in (
        '{"id": "1", "prediction": NaN}',
        '{"id": "1", "prediction": Infinity}',
        '{"id": "1", "prediction": "0.1"}',
        '{"id": "1", "prediction": true}',
        '{"id": "1", "prediction": [0.1]}',
        '{"id": 1.0, "prediction": 0.1}',
        '{"id": "1", "prediction": 0.1, "prediction": 0.9}',
        '[["id", "1"], ["prediction", 0.1]]',
        "0.1",
        "[" * 100_000,
    ):
        path.write_text(line + "\n")
        assert refused(path)


def test_row_67_a_link_or_several_files_are_no_predictions(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("id,prediction\n1,0.1\n")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "predictions.csv").symlink_to(secret)
    with pytest.raises(BadInput, match="not a regular file"):
        predictions_file(folder)
    (folder / "predictions.jsonl").write_text("")
    with pytest.raises(BadInput, match=r"predictions\.csv and predictions\.jsonl"):
        predictions_file(folder)


@pytest.mark.parametrize("keys", [["1", "1"], [1.0, 2.0], ["1", None]])
def test_keys_that_name_no_rows_fail_the_table(tmp_path: Path, keys: list[object]) -> None:
    path = tmp_path / "features.parquet"
    pyarrow.parquet.write_table(pa.table({"id": keys}), path)
    with pytest.raises(BadInput, match="does not name its rows"):
        read_keys(path, "id")
