import numpy as np
import pyarrow as pa
import pytest

from heldout.tables.hidden_keys import beginnings
from heldout.tables.key_codes import in_both, key_codes
from heldout.tables.table import normalise


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["a", "b", None, "a"], ["c", "b", "a"]),
        ([1, 2, None, 1], [3, 2, 1]),
        ([1.5, 2.5, None, 1.5], [3.5, 2.5, 1.5]),
        ([True, False, None, True], [True, False, True]),
    ],
    ids=["texts", "whole numbers", "numbers", "flags"],
)
def test_equal_keys_have_one_code_in_both_tables(first, second):
    codes = key_codes(normalise(pa.array(first)), normalise(pa.array(second)))
    numbers = dict(zip([*first, *second], np.concatenate(codes).tolist(), strict=True))
    assert numbers[None] == -1
    assert [numbers[key] for key in first] == codes[0].tolist()
    assert [numbers[key] for key in second] == codes[1].tolist()
    assert len(set(numbers.values())) == len(numbers)


def test_rows_without_a_key_are_in_no_other_table():
    codes, is_shared = in_both(normalise(pa.array(["a", None])), normalise(pa.array(["a", None, "b"])))
    assert is_shared.tolist() == [True, False, False]
    assert codes[1] == -1


def test_the_beginning_of_a_key_is_what_stands_before_its_last_part():
    texts = normalise(pa.array(["phon_R01_S01_1", "phon_R01_S01_2", None, "x-7", "plain"]))
    assert beginnings(texts).to_pylist() == ["phon_R01_S01", "phon_R01_S01", None, "x", "plain"]
