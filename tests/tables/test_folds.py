import numpy as np
import pytest
from tests.worlds import audited_rows

from heldout.core.errors import BadInput
from heldout.faults.split.rows import SplitRows, days
from heldout.tables.folds import fold_column, folds_of

ROWS = 600


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def read(**columns):
    audited, _ = audited_rows(SplitRows(train={**columns, "y": np.arange(ROWS) % 2}, target="y"))
    return audited.train, audited.label


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("fold", [0, 1, 2, 3, 4]),
        ("cv_fold", ["f1", "f2", "f3"]),
        ("split", ["train", "test", "valid"]),
        ("is_train", [True, False]),
        ("partition", [0, 1]),
        ("data_split", ["Training", "Holdout"]),
    ],
)
def test_a_fold_column_is_found_by_name_and_values(rng, name, values):
    table, label = read(x=rng.normal(size=ROWS), **{name: rng.choice(values, ROWS)})
    assert fold_column(table, label, None) == name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("split", ["banana split", "ice"]),
        ("folder", [0, 1]),
        ("split", list(range(300))),
        ("is_training_paid", [True, False]),
        ("subset", ["north", "south"]),
        ("fold", [0.1, 0.2]),
    ],
)
def test_other_columns_are_none(rng, name, values):
    table, label = read(x=rng.normal(size=ROWS), **{name: rng.choice(values, ROWS)})
    assert fold_column(table, label, None) is None


def test_what_folds_share_is_counted(rng):
    person, x = np.arange(ROWS) // 3, np.arange(ROWS).astype(float)
    fold = person % 4
    fold[0], x[1:40] = 3, 0.5
    table, _ = read(person=person, x=x, fold=fold)
    found = folds_of(table.without(["person", "y"]), "fold", is_declared=True, entity=None, time=None)
    assert found.copied == 40 - 1
    found = folds_of(table, "fold", is_declared=True, entity="person", time=None)
    assert (found.keyed, found.straddling) == (ROWS, 3)
    assert found.names == ("0", "1", "2", "3")


def test_folds_follow_each_other_in_time_or_do_not(rng):
    at = np.arange(ROWS)
    for fold, expected in ((at // 200, True), (2 - at // 200, True), (at % 3, False)):
        table, _ = read(ts=days(at.astype(float)), fold=fold)
        assert folds_of(table, "fold", is_declared=True, entity=None, time="ts").in_order is expected


def test_parts_are_told_from_folds(rng):
    table, _ = read(x=rng.normal(size=ROWS), split=rng.choice(["train", "test"], ROWS))
    assert folds_of(table, "split", is_declared=False, entity=None, time=None).marks_parts


def test_a_column_that_is_not_there_is_refused(rng):
    table, _ = read(x=rng.normal(size=ROWS))
    with pytest.raises(BadInput, match="fold column"):
        folds_of(table, "fold", is_declared=True, entity=None, time=None)
