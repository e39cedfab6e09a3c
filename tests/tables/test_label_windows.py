import numpy as np
import pytest
from tests.worlds import audited_rows

from heldout.core.errors import BadInput
from heldout.faults.split.rows import SplitRows, days
from heldout.tables.label_windows import label_gap_of, label_windows_of


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def tables(train, test=None):
    columns = [
        {"ts": days(np.asarray(at, float)), "y": np.arange(len(at)) % 2, "x": np.arange(len(at)) * 1.5}
        for at in (train, test)
        if at is not None
    ]
    audited, _ = audited_rows(SplitRows(train=columns[0], test=columns[1] if test is not None else {}, target="y"))
    return audited.train, audited.test


def test_rows_before_the_labels_of_train_are_known_are_counted():
    gap = label_gap_of(*tables([0, 1, 2, 10], [12, 14, 16, 18, 30]), time="ts", horizon="5d", embargo="2d")
    assert (gap.gap, gap.needed) == ("2d", "1w")
    assert (gap.inside, gap.embargoed, gap.not_after) == (2, 1, 0)
    assert gap.unknown == 1


def test_a_gap_as_long_as_the_horizon_is_enough():
    gap = label_gap_of(*tables([0, 10], [15, 20]), time="ts", horizon="5d", embargo=None)
    assert (gap.inside, gap.embargoed, gap.unknown) == (0, 0, 0)


def test_test_rows_from_the_time_of_train_do_not_shorten_the_gap():
    gap = label_gap_of(*tables([0, 10], [3, 10, 20]), time="ts", horizon="5d", embargo=None)
    assert (gap.not_after, gap.gap, gap.inside) == (2, "10d", 0)


def test_a_horizon_that_cannot_be_read_is_refused():
    with pytest.raises(BadInput, match="horizon"):
        label_gap_of(*tables([0, 10], [15, 20]), time="ts", horizon="soon", embargo=None)


def average_uniqueness(begins, length, steps=2000):
    """López de Prado's average uniqueness on a fine grid."""
    grid = np.linspace(begins.min(), begins.max() + length, steps * 20)
    open_ = (begins[:, None] <= grid) & (grid < begins[:, None] + length)
    share = np.where(open_.sum(axis=0) > 0, 1 / np.maximum(open_.sum(axis=0), 1), 0)
    return sum(share[row].mean() for row in open_)


def test_rows_are_worth_their_average_uniqueness(rng):
    at = np.sort(rng.uniform(0, 60, 25))
    train, _ = tables(at)
    found = label_windows_of(train, None, time="ts", horizon="7d", entity=None)
    assert found.effective_rows == pytest.approx(average_uniqueness(at, 7.0), rel=0.01)


def test_windows_that_only_touch_do_not_overlap():
    train, _ = tables([0, 7, 14])
    found = label_windows_of(train, None, time="ts", horizon="7d", entity=None)
    assert found.overlapping == 0
    assert found.effective_rows == pytest.approx(3)


def test_series_do_not_share_windows_and_their_test_rows_are_told():
    share = ["a", "b", "a", "b"], ["a", "c", "a", "b"]
    columns = [
        {"ts": days(np.array(at, float)), "share": np.array(keys), "y": np.array([0, 1, 0, 1])}
        for at, keys in zip(([0, 1, 50, 51], [2, 2, 49, 80]), share, strict=True)
    ]
    audited, _ = audited_rows(SplitRows(train=columns[0], test=columns[1], target="y"))
    found = label_windows_of(audited.train, audited.test, time="ts", horizon="7d", entity="share")
    assert (found.overlapping, found.test_rows, found.test_inside, found.not_after) == (0, 3, 2, 3)


def test_many_rows_at_a_moment_are_no_single_series():
    train, _ = tables(np.repeat(np.arange(20), 5))
    assert label_windows_of(train, None, time="ts", horizon="7d", entity=None) is None
