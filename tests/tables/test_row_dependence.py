import numpy as np
import pytest
from tests.worlds import audited_rows

from heldout.core.profile import LabelKind
from heldout.faults.split.rows import SplitRows, days
from heldout.tables.row_dependence import found_time, row_dependence_of


def paired(train, test=None, *, time=None, entity=None):
    audited, _ = audited_rows(SplitRows(train=train, test=test or {}, target="y"))
    order = time or found_time(audited.train, audited.label)
    return row_dependence_of(
        audited.train,
        audited.label,
        audited.test,
        audited.test_label,
        time=order,
        is_declared=time is not None,
        entity=entity,
    )


def pairs(found):
    return list(zip(found.first.tolist(), found.second.tolist(), strict=True))


def test_without_times_rows_follow_each_other_as_they_stand():
    found = paired({"x": np.arange(6.0), "y": np.array([0, 1, 1, 0, 1, 0])})
    assert pairs(found) == [(0, 1), (1, 1), (1, 0), (0, 1), (1, 0)]
    assert (found.order, found.is_time, found.is_sorted) == ("", False, False)


def test_a_column_that_holds_times_orders_the_rows_undeclared():
    found = paired({"ts": days(np.array([3.0, 1.0, 2.0])), "y": np.array([0, 1, 1])})
    assert pairs(found) == [(1, 1), (1, 0)]
    assert (found.order, found.is_time, found.is_declared) == ("ts", True, False)


def test_a_test_row_is_paired_with_the_train_row_before_it_and_none_after_train():
    train = {"ts": days(np.array([1.0, 5.0, 9.0])), "y": np.array([0, 1, 0])}
    test = {"ts": days(np.array([6.0, 2.0, 0.5, 12.0])), "y": np.array([1, 1, 0, 0])}
    found = paired(train, test, time="ts")
    assert pairs(found) == [(0, 1), (1, 1)]
    assert (found.test_rows, found.between) == (4, 3)


def test_entities_do_not_follow_each_other():
    train = {"ts": days(np.array([1.0, 2.0, 3.0, 4.0])), "who": np.array(["a", "b", "a", "b"]), "y": [0, 1, 0, 1]}
    train = {name: np.asarray(values) for name, values in train.items()}
    assert pairs(paired(train, time="ts", entity="who")) == [(0, 0), (1, 1)]


@pytest.mark.parametrize(
    ("label", "is_sorted"),
    [([0] * 30 + [1] * 30, True), ([0, 1] * 30, False), (np.arange(60) * 1.5, True), (np.arange(60) % 37 * 1.5, False)],
)
def test_rows_that_stand_in_order_of_their_label_are_told(label, is_sorted):
    found = paired({"x": np.arange(60.0), "y": np.array(label)})
    assert found.is_sorted is is_sorted
    assert (found.kind is LabelKind.REGRESSION) == (len(set(np.array(label).tolist())) > 2)
