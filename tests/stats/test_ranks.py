"""Shared ranks against SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from heldout.stats.ranks import midranks


@given(st.lists(st.one_of(st.integers(-3, 3).map(float), st.floats(allow_nan=False, allow_infinity=False))))
def test_the_ranks_are_scipys(values: list[float]) -> None:
    assert midranks(values).tolist() == rankdata(values).tolist()


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_any_number_of_values_is_ranked(size: int) -> None:
    values = np.random.default_rng(3).integers(0, 50, size)

    assert midranks(values).tolist() == rankdata(values).tolist()


def test_values_in_rows_are_ranked_as_one_sequence() -> None:
    rows = np.random.default_rng(4).integers(0, 5, (2, 30))

    assert midranks(rows).tolist() == rankdata(rows).tolist()
