import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.stats.agreement import as_ratings, ratings_from_counts, ratings_from_table
from heldout.stats.agreement import ratings as ratings_module
from heldout.stats.sample import BadSample

NUMBERS = [[1.0, 2.0, None], [2.0, 2.0, 4.0]]


def decoded(ratings):
    return [[None if c < 0 else ratings.categories[c].item() for c in row] for row in ratings.codes]


@pytest.mark.parametrize(
    "same",
    [
        np.array([[1, 2, np.nan], [2, 2, 4]]),
        np.array([[1, 2, np.nan], [2, 2, 4]], dtype=np.float32),
        np.ma.masked_equal(np.array([[1, 2, 9], [2, 2, 4]]), 9),
        pd.DataFrame([[1, 2, None], [2, 2, 4]]),
        pd.DataFrame([[1, 2, pd.NA], [2, 2, 4]], dtype="Int64"),
        pl.DataFrame([[1, 2], [2, 2], [None, 4]]),
        [[1, 2, float("nan")], [2, 2, 4]],
        ((1, 2, None), (2, 2, 4)),
    ],
)
def test_numbers_are_read_alike_from_whatever_holds_them(same):
    coded = as_ratings(same)
    assert decoded(coded) == NUMBERS
    assert coded.ordered
    assert coded.raters == 2


def test_texts_are_read_with_their_gaps_and_a_nan_is_no_text():
    coded = as_ratings([["yes", float("nan"), None], ["no", "yes", "nan"]])
    assert decoded(coded) == [["yes", None, None], ["no", "yes", "nan"]]
    assert not coded.ordered
    assert decoded(as_ratings(np.array([["b", "a"]]))) == [["b", "a"]]


def test_listed_categories_give_texts_their_order_and_keep_what_nobody_gave():
    coded = as_ratings([["bad", "good"]], categories=["bad", "fair", "good"])
    assert coded.codes.tolist() == [[0, 2]]
    assert coded.scores.tolist() == [1, 2, 3]
    assert as_ratings(as_ratings([["bad", "good"]]), ["good", "bad"]).codes.tolist() == [[1, 0]]


@given(
    st.lists(st.lists(st.one_of(st.none(), st.floats(-50, 50), st.integers(-3, 3)), min_size=3, max_size=3), min_size=1)
)
def test_coding_loses_nothing(rows):
    if all(x is None for row in rows for x in row):
        with pytest.raises(BadSample, match="missing"):
            as_ratings(rows)
        return
    assert decoded(as_ratings(rows)) == [[None if x is None else float(x) for x in row] for row in rows]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([[1, np.inf], [1, 2]], "finite\n  where: row 0, column 1"),
        ([], "axes"),
        (np.empty((2, 0)), "empty"),
        ([1, 2, 3], "1 axes"),
        ([[1, 2], [1]], "axes|rectangle"),
        ([[None, None]], "every rating is missing"),
        (np.full((2, 2), np.nan), "every rating is missing"),
        ([["a", ""], ["a", "b"]], "empty text\n  where: row 0, column 1"),
        ([["a", 1]], "int, str"),
        ([[1j, 2]], "complex"),
        (np.array([[2**60, 1]]), "too long"),
    ],
)
def test_what_are_no_ratings_is_refused_with_the_place(wrong, said):
    with pytest.raises(BadSample, match=said):
        as_ratings(wrong)


@pytest.mark.parametrize(
    ("categories", "said"),
    [
        ([1, 2], "rating 4.0 is no category\n  where: row 1, column 2"),
        ([1, 1, 4], "twice"),
        (["a"], "kinds"),
        ([], "missing"),
    ],
)
def test_categories_that_do_not_fit_are_refused(categories, said):
    with pytest.raises(BadSample, match=said):
        as_ratings(NUMBERS, categories=categories)


def test_a_table_and_counts_hold_the_ratings_that_they_were_made_of():
    table = ratings_from_table([[2, 0, 1], [0, 0, 3], [0, 0, 0]])
    assert table.codes.tolist() == [[0, 0, 1], [0, 2, 2]]
    assert table.times.tolist() == [2, 1, 3]
    assert table.categories.tolist() == [1, 2, 3]
    counts = np.array([[2, 0, 1], [0, 0, 0], [0, 1, 0]])
    from_counts = ratings_from_counts(counts, ["a", "b", "c"])
    assert (from_counts.counts() == counts).all()
    assert from_counts.codes.tolist() == [[0, -1, 1], [0, -1, -1], [2, -1, -1]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([[0, 0], [0, 0]], "empty"),
        ([[1, -1], [0, 2]], "-1\n  where: row 0, column 1"),
        ([[1, 0.5], [0, 2]], "0.5"),
        ([[1, np.inf], [0, 2]], "finite"),
        ([1, 2], "axes"),
        ([["a", "b"], ["c", "d"]], "not a number"),
    ],
)
def test_what_are_no_counts_is_refused(wrong, said):
    for read in (ratings_from_table, ratings_from_counts):
        with pytest.raises(BadSample, match=said):
            read(wrong)


def test_a_table_that_is_not_square_or_misnamed_is_refused():
    with pytest.raises(BadSample, match="shape"):
        ratings_from_table([[1, 2, 3], [1, 2, 3]])
    with pytest.raises(BadSample, match="named"):
        ratings_from_table([[1, 2], [1, 2]], ["a", "b", "c"])


def test_sizes_are_bounded_before_memory_is_taken(monkeypatch):
    monkeypatch.setattr(ratings_module, "MOST_RATINGS", 10)
    with pytest.raises(BadSample, match="too many"):
        ratings_from_counts([[50, 1]])
    with pytest.raises(BadSample, match="too many"):
        as_ratings([[1, 2, 3, 4]]).counts()
