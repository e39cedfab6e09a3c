import numpy as np
import pyarrow as pa
import pytest

from heldout.tables.matrix import MOST_LEVELS, matrix_of, pooled
from heldout.tables.source import read_table


def test_each_kind_of_column_becomes_numbers_and_missing_is_nan() -> None:
    made = pa.table(
        {
            "whole": [3, None, 1],
            "real": [0.5, float("nan"), float("inf")],
            "flag": [True, False, None],
            "text": ["b", "a", "b"],
            "when": pa.array([0, 1_000_000, None], pa.timestamp("us")),
        }
    )
    matrix = matrix_of(read_table(made), ("whole", "real", "flag", "text", "when"))
    nan = np.nan
    expected = [[3, 0.5, 1, 0, 0], [nan, nan, 0, 1, 1e6], [1, nan, nan, 0, nan]]
    np.testing.assert_array_equal(matrix.values, expected)
    assert matrix.categorical.tolist() == [False, False, False, True, False]


def test_rare_texts_share_one_code() -> None:
    texts = [f"t{i}" for i in range(600) for _ in range(600 - i)]
    values = matrix_of(read_table(pa.table({"text": texts})), ("text",)).values[:, 0]
    assert values[0] == 0
    assert values.max() == MOST_LEVELS
    assert len(np.unique(values)) == MOST_LEVELS + 1


def test_a_part_has_the_rows_in_order_and_not_the_columns_left_out() -> None:
    matrix = matrix_of(read_table(pa.table({"a": [1, 2, 3], "b": [4, 5, 6]})), ("a", "b"))
    np.testing.assert_array_equal(matrix.part(np.array([2, 0]), {"a"}), [[6], [4]])


@pytest.mark.parametrize("second", [[7, 8], [7.5, 8.0]])
def test_rows_of_two_tables_become_one(second: list[float]) -> None:
    one = read_table(pa.table({"x": [1, 2, 3], "text": ["a", "b", "c"]}))
    other = read_table(pa.table({"x": second, "text": ["c", "d"]}))
    table = pooled([(one, np.array([2, 0])), (other, np.array([0, 1]))], ("x", "text"))
    assert table.rows == 4
    assert table.columns["x"].to_pylist() == [3, 1, *second]
    assert table.columns["text"].to_pylist() == ["c", "a", "c", "d"]
