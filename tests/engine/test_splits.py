"""Folds: what a valid split keeps apart stays apart, and every row that is scored is scored once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.engine.splits import FOLDS, Given, Rule, folds_of, together

ROWS = 200
EVERYONE = np.ones(ROWS, np.bool_)


def world(seed: int) -> tuple[Given, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return Given(stratum=rng.integers(0, 2, ROWS)), rng.integers(0, 30, ROWS), rng.permutation(ROWS) / 7


def scored_once(folds: list, rows: np.ndarray) -> bool:
    return sorted(np.concatenate([fold.test for fold in folds]).tolist()) == np.flatnonzero(rows).tolist()


@given(st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_random_folds_score_every_row_once_and_hold_each_class_evenly(seed: int) -> None:
    split, _, _ = world(seed)
    folds = folds_of(split, Rule(), EVERYONE, seed)
    assert len(folds) == FOLDS
    assert scored_once(folds, EVERYONE)
    positives = [int(split.stratum[fold.test].sum()) for fold in folds]
    assert max(positives) - min(positives) <= 1
    assert all(not np.intersect1d(fold.train, fold.test).size for fold in folds)


@given(st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_no_group_is_on_both_sides(seed: int) -> None:
    split, group, _ = world(seed)
    folds = folds_of(split, Rule(groups=group), EVERYONE, seed)
    assert scored_once(folds, EVERYONE)
    assert all(not np.intersect1d(group[fold.train], group[fold.test]).size for fold in folds)


@pytest.mark.parametrize("gap", [0.0, 2.0])
def test_a_split_in_time_trains_on_what_is_a_gap_before_the_test(gap: float) -> None:
    split, group, moment = world(0)
    (fold,) = folds_of(split, Rule(moment=moment, gap=gap), EVERYONE, 0)
    assert moment[fold.train].max() < moment[fold.test].min() - gap
    assert len(fold.test) == ROWS // 5
    both = folds_of(split, Rule(moment=moment, gap=gap, groups=group), EVERYONE, 0)
    assert sorted(np.concatenate([one.test for one in both])) == sorted(fold.test)
    assert all(moment[one.train].max() < moment[fold.test].min() - gap for one in both)
    assert all(not np.intersect1d(group[one.train], group[one.test]).size for one in both)


def test_rows_of_one_moment_stay_on_one_side_and_rows_without_one_on_none() -> None:
    moment = np.repeat([0.0, 1.0, 2.0, np.nan], 50)
    (fold,) = folds_of(world(0)[0], Rule(moment=moment), EVERYONE, 0)
    assert set(moment[fold.train]) == {0.0, 1.0}
    assert set(moment[fold.test]) == {2.0}
    assert folds_of(world(0)[0], Rule(moment=np.zeros(ROWS)), EVERYONE, 0) == []


def test_train_rows_that_equal_a_test_row_leave_and_the_test_rows_stay() -> None:
    split, _, _ = world(0)
    code = np.where(np.arange(ROWS) < 60, np.arange(ROWS) % 20, -1)
    plain, without = (folds_of(split, Rule(copies=copies), EVERYONE, 0) for copies in ((), (code,)))
    for one, other in zip(plain, without, strict=True):
        assert one.test.tolist() == other.test.tolist()
        assert set(other.train) <= set(one.train)
        held = set(code[other.test]) - {-1}
        assert not held & set(code[other.train])
        assert len(one.train) - len(other.train) == np.isin(code[one.train], list(held)).sum()


def test_the_test_table_is_scored_as_given_and_by_groups_of_both_tables() -> None:
    _, group, _ = world(0)
    is_test = np.arange(ROWS) >= 150
    split = Given(stratum=np.zeros(ROWS, np.int64), is_test=is_test)
    (fold,) = folds_of(split, Rule(), is_test, 0)
    assert fold.test.tolist() == list(range(150, ROWS))
    assert fold.train.tolist() == list(range(150))
    folds = folds_of(split, Rule(groups=group), is_test, 0)
    assert len(folds) == 4, "a fold is as large as the test table"
    assert scored_once(folds, is_test)
    assert any((fold.train >= 150).any() for fold in folds), "test rows of other folds are learned from"
    assert all(not np.intersect1d(group[fold.train], group[fold.test]).size for fold in folds)


def test_declared_folds_are_taken_as_they_are() -> None:
    fold = np.arange(ROWS) % 3
    folds = folds_of(Given(stratum=np.zeros(ROWS, np.int64), fold=fold), Rule(), EVERYONE, 0)
    assert [set(fold[one.test]) for one in folds] == [{0}, {1}, {2}]


def test_rows_that_share_a_value_of_any_key_belong_together() -> None:
    made = together([np.array([0, 0, 1, 2, -1, -1]), np.array([7, 8, 8, 9, -1, 9])])
    assert made[0] == made[1] == made[2]
    assert made[3] == made[5]
    assert len({int(code) for code in made}) == 3
