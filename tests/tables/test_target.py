"""Targets: columns, comparisons, kinds of label, and what is refused."""

import re

import numpy as np
import pyarrow as pa
import pytest

from heldout.core.errors import BadInput
from heldout.core.profile import LabelKind
from heldout.tables import Label, Table, parse_target, read_label, read_table


def table(**columns: list[object]) -> Table:
    return read_table(pa.table({name.replace("_", " "): values for name, values in columns.items()}))


def label(text: str, rows: Table, **options: object) -> Label:
    return read_label(rows, parse_target(text, rows), **options)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("delay", [0, 1, 2, -1]),
        ("delay >= 15", [0, 1, 1, -1]),
        ("delay>15", [0, 0, 1, -1]),
        ("delay < 15.0", [1, 0, 0, -1]),
        ("delay <= 3", [1, 0, 0, -1]),
        ("delay == 3", [1, 0, 0, -1]),
        ("delay != 3", [0, 1, 1, -1]),
        ("'delay' >= '15'", [0, 1, 1, -1]),
    ],
)
def test_a_target_is_a_column_or_a_comparison_and_null_stays_missing(text: str, codes: list[int]) -> None:
    assert label(text, table(delay=[3, 15, 30, None])).codes.tolist() == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('15 contains ">50K"', [0, 1, 1, -1]),
        ("15 contains >50K", [0, 1, 1, -1]),
        ("15 == '<=50K'", [1, 0, 0, -1]),
        ('"15" != <=50K', [0, 1, 1, -1]),
    ],
)
def test_texts_are_compared_whole_or_searched(text: str, codes: list[int]) -> None:
    rows = read_table(pa.table({"15": ["<=50K", ">50K", ">50K.", None]}))
    assert label(text, rows).codes.tolist() == codes


def test_a_name_with_signs_is_the_column_itself() -> None:
    rows = read_table(pa.table({"a >= 1": [0, 1], "a": [5, 6]}))
    assert label("a >= 1", rows).columns == ("a >= 1",)
    assert label('"a >= 1" == 1', rows).columns == ("a >= 1",)


def test_times_and_booleans_compare_too() -> None:
    day = pa.array(["2013-01-01", "2013-06-30"]).cast(pa.timestamp("s"))
    rows = read_table(pa.table({"day": day, "ok": [True, False]}))
    assert label("day >= 2013-06-30", rows).codes.tolist() == [0, 1]
    assert label("day >= 2013-06-30T01:00:00+02:00", rows).codes.tolist() == [0, 1]  # an hour before midnight in UTC
    assert label("ok == true", rows).codes.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("values", "kind", "classes"),
    [
        ([0, 1, 1], LabelKind.BINARY, ("0", "1")),
        ([True, False, True], LabelKind.BINARY, ("false", "true")),
        (["yes", "no", "yes"], LabelKind.BINARY, ("no", "yes")),
        (["yes", "zebra", "yes"], LabelKind.BINARY, ("zebra", "yes")),
        (["a", "b", "a"], LabelKind.BINARY, ("a", "b")),
        ([0.0, 2.0, 0.0], LabelKind.BINARY, ("0", "2")),
        ([3, 1, 2], LabelKind.MULTICLASS, ("1", "2", "3")),
        (["c", "a", "b"], LabelKind.MULTICLASS, ("a", "b", "c")),
        ([0.5, 1.0, 2.0], LabelKind.REGRESSION, ()),
        (list(range(21)), LabelKind.REGRESSION, ()),
    ],
)
def test_the_kind_follows_from_the_values(values: list[object], kind: LabelKind, classes: tuple[str, ...]) -> None:
    read = label("y", table(y=values))
    assert (read.kind, read.classes) == (kind, classes)


def test_the_positive_class_and_the_kind_can_be_said() -> None:
    assert label("y", table(y=["yes", "no"]), positive="no").classes == ("yes", "no")
    assert label("y", table(y=[1, 2, 3, 4]), kind=LabelKind.REGRESSION).values.tolist() == [1, 2, 3, 4]
    assert label("y", table(y=[0, 1, 1]), kind=LabelKind.MULTICLASS).kind is LabelKind.BINARY


def test_the_label_as_a_number_is_the_value_or_the_class() -> None:
    assert label("y", table(y=[1, 2, None])).values.tolist()[:2] == [1, 2]
    assert label("y", table(y=["no", "yes"])).values.tolist() == [0, 1]
    assert np.isnan(label("y", table(y=["a", "b", "c"])).values).all()


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("survive", [0, 1], "did you mean 'survived'"),
        ("survive >= 1", [0, 1], "did you mean 'survived'"),
        ("survived >= high", [0, 1], "a number on the right"),
        ("survived >= nan", [0, 1], "a number on the right"),
        ("survived contains 1", [0, 1], "holds no text"),
        ("survived >= b", ["a", "b"], "which has no order"),
        ("survived", [1, 1, None], "is 1 in every row"),
        ("survived >= 5", [1, 2], "is no in every row"),
        ("survived", ["x", "x"], "is x in every row"),
        ("survived", [1.5, 1.5], "is 1.5 in every row"),
        ("survived", [None, None], "no value in any row"),
        ("survived", [f"name {i}" for i in range(30)], "has 30 classes"),
        ("survived", [0.5, float("inf"), 1.0], "infinite"),
    ],
)
def test_a_target_that_cannot_be_one_is_refused(text: str, values: list[object], said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        label(text, table(survived=values))


def test_a_positive_class_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput, match="no class 'ja'"):
        label("y", table(y=["yes", "no"]), positive="ja")
    with pytest.raises(BadInput, match="none is the positive one"):
        label("y", table(y=["a", "b", "c"]), positive="a")
    with pytest.raises(BadInput, match="no positive class"):
        label("y", table(y=[0.5, 1.5, 2.5]), positive="1")


def test_classes_that_train_lacks_are_refused_in_test() -> None:
    train, test = table(income=["<=50K", ">50K"]), table(income=["<=50K.", ">50K."])
    with pytest.raises(BadInput, match="classes that the training table lacks"):
        read_label(test, parse_target("income", test), classes=label("income", train).classes)
