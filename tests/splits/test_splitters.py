"""The splitters keep what they promise on any rows, in any order, and scikit-learn takes them wherever it takes cv."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from heldout.splits import CopiesTogether, ForwardGroupSplit, ForwardSplit, GroupSplit, blocks, deal, per_unit
from heldout.stats.sample import BadSample

WORLDS = {
    "rows": st.integers(30, 200),
    "groups": st.integers(6, 40),
    "moments": st.integers(12, 300),
    "gap": st.integers(0, 3),
    "seed": st.integers(0, 2**16),
}


def world(rows, groups, moments, seed):
    rng = np.random.default_rng(seed)
    group, time = rng.integers(0, groups, rows), np.concatenate([np.arange(12), rng.integers(0, moments, rows - 12)])
    label = rng.integers(0, 2, rows)
    return rng.normal(size=(rows, 2)), label, group, time.astype(float), rng.permutation(rows)


def sets(split):
    return [(frozenset(train.tolist()), frozenset(test.tolist())) for train, test in split]


def renamed(found, order):
    """Rows of a permuted table under the numbers they have in the first one."""
    return [tuple(frozenset(int(order[row]) for row in side) for side in pair) for pair in found]


def attempt(splitter, *arguments, **given):
    try:
        return sets(splitter.split(*arguments, **given))
    except BadSample:
        return None


@settings(max_examples=40, deadline=None)
@given(**{name: WORLDS[name] for name in ("rows", "groups", "seed")}, folds=st.sampled_from([None, 2, 3]))
def test_groups_are_on_one_side_rows_are_tested_once_and_their_order_does_not_matter(rows, groups, seed, folds):
    table, y, group, _, order = world(rows, groups, 20, seed)
    splitter = GroupSplit(n_splits=folds or 5, test_size=None if folds else 0.3, seed=seed)
    found = attempt(splitter, table, y, groups=group)
    if found is None:
        return
    for train, test in found:
        assert not set(group[list(train)]) & set(group[list(test)])
        assert train | test == set(range(rows))
    if folds:
        assert sum(len(test) for _, test in found) == rows == len(frozenset().union(*(test for _, test in found)))
    assert renamed(sets(splitter.split(table[order], y[order], group[order])), order) == found


@settings(max_examples=40, deadline=None)
@given(**WORLDS, rule=st.sampled_from(["fewest", "new", "purge", "deal"]), folds=st.sampled_from([None, 2, 3]))
def test_a_forward_group_split_keeps_the_gap_and_the_groups_apart(rows, groups, moments, gap, seed, rule, folds):
    table, y, group, time, order = world(rows, groups, moments, seed)

    def splitter(times):
        return ForwardGroupSplit(
            n_splits=folds or 5,
            test_size=None if folds else 0.3,
            horizon=gap,
            embargo=1,
            time=times,
            entity_rule=rule,
            seed=seed,
        )

    found = attempt(splitter(time), table, y, group)
    again = attempt(splitter(time[order]), table[order], y[order], group[order])
    if found is None or again is None:
        assert found is again
        return
    tested = [row for _, test in found for row in test]
    assert len(tested) == len(set(tested))
    for train, test in found:
        assert time[list(test)].min() - time[list(train)].max() >= gap + 1
        assert not set(group[list(train)]) & set(group[list(test)])
    assert renamed(again, order) == found


@settings(max_examples=40, deadline=None)
@given(**{name: WORLDS[name] for name in ("rows", "moments", "gap", "seed")}, folds=st.sampled_from([None, 2, 4]))
def test_a_forward_split_keeps_the_gap_and_equal_times_on_one_side(rows, moments, gap, seed, folds):
    table, y, _, time, order = world(rows, 6, moments, seed)
    chosen = {"n_splits": folds or 5, "test_size": None if folds else 0.2, "horizon": gap}
    found = attempt(ForwardSplit(time=time, **chosen), table, y)
    if found is None:
        return
    for train, test in found:
        assert time[list(test)].min() - time[list(train)].max() >= gap
        assert not set(time[list(train)]) & set(time[list(test)])
    tested = [row for _, test in found for row in test]
    assert len(tested) == len(set(tested))
    assert renamed(sets(ForwardSplit(**chosen).split(table[order], groups=time[order])), order) == found


@settings(max_examples=30, deadline=None)
@given(rows=WORLDS["rows"], seed=WORLDS["seed"], folds=st.sampled_from([None, 3]))
def test_equal_rows_stay_together(rows, seed, folds):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": rng.integers(0, 8, rows), "b": rng.choice(["x", "y", None], rows)})
    y, order = rng.integers(0, 2, rows), rng.permutation(rows)
    splitter = CopiesTogether(n_splits=folds or 5, test_size=None if folds else 0.25, seed=seed)
    found = sets(splitter.split(frame, y))
    key = np.array([str(row) for row in zip(frame["a"], frame["b"], y, strict=True)])
    for train, test in found:
        assert not set(key[list(train)]) & set(key[list(test)])
        assert train | test == set(range(rows))
    moved = renamed(sets(splitter.split(frame.iloc[order], y[order])), order)
    assert moved == found


def test_parts_have_the_size_and_the_classes_asked_for_even_where_groups_are_very_unequal():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(300), rng.geometric(0.05, 300))
    y = (rng.random(len(group)) < np.where(group % 3 == 0, 0.6, 0.1)).astype(int)
    for seed in range(5):
        (_, test), *_ = GroupSplit(test_size=0.2, seed=seed).split(group[:, None], y, group)
        assert len(test) / len(group) == pytest.approx(0.2, abs=0.01)
        assert y[test].mean() == pytest.approx(y.mean(), abs=0.02)
        for _, test in GroupSplit(n_splits=5, seed=seed).split(group[:, None], y, group):
            assert len(test) / len(group) == pytest.approx(0.2, abs=0.01)
            assert y[test].mean() == pytest.approx(y.mean(), abs=0.02)


def test_many_single_rows_are_dealt_in_their_exact_shares():
    y = np.repeat([0, 1, 2], [9000, 900, 100])
    part = deal(per_unit(np.arange(10_000), y), np.array([0.8, 0.2]), seed=3)
    assert np.bincount(y[part == 1]).tolist() == pytest.approx([1800, 180, 20], abs=8)
    part = deal(per_unit(np.arange(10_000), y), np.full(5, 0.2), seed=3)
    assert np.bincount(part).tolist() == pytest.approx([2000] * 5, abs=3)


def test_another_seed_draws_another_split_and_the_same_seed_the_same():
    table, group = np.zeros((200, 1)), np.arange(200) // 4
    first, again, other = (sets(GroupSplit(test_size=0.2, seed=s).split(table, groups=group)) for s in (0, 0, 1))
    assert first == again
    assert first != other


@pytest.mark.parametrize("kind", ["copies", "group", "forward", "forward group"])
def test_scikit_learn_takes_each_of_them(kind):
    table, y = load_breast_cancer(return_X_y=True)
    rng = np.random.default_rng(0)
    group, time = rng.integers(0, 60, len(y)), rng.random(len(y))
    cv = {
        "copies": CopiesTogether(n_splits=4),
        "group": GroupSplit(n_splits=4),
        "forward": ForwardSplit(n_splits=4, horizon=0.02, time=time),
        "forward group": ForwardGroupSplit(n_splits=4, time=time),
    }[kind]
    groups = group if "group" in kind else None
    model = make_pipeline(StandardScaler(), LogisticRegression())
    scores = cross_val_score(model, table, y, groups=groups, cv=cv, scoring="roc_auc")
    assert len(scores) == cv.get_n_splits() == 4
    assert scores.min() > 0.95
    search = GridSearchCV(model, {"logisticregression__C": [0.1, 1.0]}, cv=cv).fit(table, y, groups=groups)
    assert search.n_splits_ == 4


def test_a_column_of_x_can_be_the_time_so_that_a_search_nests_in_a_cross_validation():
    table, y = load_breast_cancer(return_X_y=True, as_frame=True)
    table = table.assign(day=np.random.default_rng(0).permutation(len(y)))
    search = GridSearchCV(
        make_pipeline(StandardScaler(), LogisticRegression()),
        {"logisticregression__C": [0.1, 1.0]},
        cv=ForwardSplit(n_splits=3, time="day"),
    )
    assert len(cross_val_score(search, table, y, cv=ForwardSplit(n_splits=3, time="day", horizon=5))) == 3
    assert len(list(ForwardSplit(n_splits=3, time=table.shape[1] - 1).split(table.to_numpy()))) == 3


@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_dates_take_a_timedelta_for_horizon(zone):
    days = pd.Series(pd.date_range("2024-01-01", periods=100, freq="D", tz=zone))
    train, test = next(ForwardSplit(test_size=0.2, horizon=timedelta(days=7), time=days).split(np.zeros((100, 1))))
    assert (train.max(), test.min()) == (73, 80)
    train, test = next(ForwardSplit(test_size=0.2, horizon=np.timedelta64(7, "D")).split(days, groups=days))
    assert (train.max(), test.min()) == (73, 80)


REFUSED = {
    "no groups": (GroupSplit(), {}, "groups are missing"),
    "one group": (GroupSplit(test_size=0.2), {"groups": np.zeros(20)}, "1 groups"),
    "no times": (ForwardSplit(), {}, "times are missing"),
    "one moment": (ForwardSplit(test_size=0.2), {"groups": np.zeros(20)}, "one moment"),
    "few moments": (ForwardSplit(n_splits=5), {"groups": np.arange(20) // 10}, "2 different moments"),
    "a missing time": (ForwardSplit(), {"groups": [np.nan, *range(19)]}, "1 missing"),
    "times of other rows": (ForwardSplit(time=np.arange(7)), {}, "for 20 rows"),
    "no room for the gap": (ForwardSplit(test_size=0.2, horizon=50), {"groups": np.arange(20)}, "no row to train"),
    "a gap below 0": (ForwardSplit(test_size=0.2, horizon=-1), {"groups": np.arange(20)}, "less than 0"),
    "a share above 1": (CopiesTogether(test_size=1.5), {}, "test_size is 1.5"),
    "one fold": (CopiesTogether(n_splits=1), {}, "n_splits is 1"),
    "an unknown rule": (ForwardGroupSplit(time=np.arange(20), entity_rule="old"), {"groups": np.arange(20)}, "'old'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_split_is_refused(name):
    splitter, given_too, said = REFUSED[name]
    with pytest.raises(BadSample, match=said):
        list(splitter.split(np.arange(20)[:, None], **given_too))


def test_blocks_follow_one_another():
    spans = blocks(np.repeat(np.arange(10.0), 7), 3)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]
