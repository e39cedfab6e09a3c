"""Predictions: matched by id or order, and refused where they do not fit the rows."""

import numpy as np
import pandas as pd
import pytest

from heldout.core.errors import BadInput
from heldout.core.profile import LabelKind
from heldout.tables import read_table, scores_for

ROWS = pd.DataFrame({"key": ["a", "b", "c"], "x": [1, 2, 3]})


def scores(predictions: pd.DataFrame, *, row_id: str | None = None, kind: LabelKind = LabelKind.BINARY) -> list[float]:
    return scores_for(read_table(ROWS), read_table(predictions), row_id=row_id, kind=kind).tolist()


def test_predictions_are_matched_by_order_or_by_id() -> None:
    assert scores(pd.DataFrame({"score": [0.1, 0.2, 0.3]})) == [0.1, 0.2, 0.3]
    assert scores(pd.DataFrame({"anything": [0.1, 0.2, 0.3]})) == [0.1, 0.2, 0.3]
    shuffled = pd.DataFrame({"key": ["c", "a", "b"], "prediction": [0.3, 0.1, 0.2], "other": [9, 9, 9]})
    assert scores(shuffled, row_id="key") == [0.1, 0.2, 0.3]


def test_a_regression_may_predict_any_finite_number() -> None:
    assert scores(pd.DataFrame({"score": [-5.0, 0.0, 1e9]}), kind=LabelKind.REGRESSION) == [-5.0, 0.0, 1e9]


@pytest.mark.parametrize(
    ("predictions", "row_id", "said"),
    [
        ({"score": [0.1, np.nan, 0.3]}, None, "1 of 3 predictions are missing, NaN or infinite"),
        ({"score": [0.1, np.inf, 0.3]}, None, "first in row 1"),
        ({"score": [0.1, 0.2, 1.5]}, None, "1 of 3 predictions are outside"),
        ({"score": [0.1, 0.2]}, None, "2 predictions for 3 rows"),
        ({"score": ["a", "b", "c"]}, None, "holds no numbers"),
        ({"p": [0.1] * 3, "q": [0.2] * 3}, None, "not clear which column"),
        ({"key": ["a", "b"], "score": [0.1, 0.2]}, "key", "1 ids have no prediction: c"),
        ({"key": ["a", "b", "c", "d"], "score": [0.1] * 4}, "key", "1 ids are not in the table: d"),
        ({"key": ["a", "b", "b"], "score": [0.1] * 3}, "key", "1 ids stand more than once"),
        ({"key": ["a", None, "c"], "score": [0.1] * 3}, "key", "1 rows have no id"),
        ({"id": ["a", "b", "c"], "score": [0.1] * 3}, "key", "there is no id column 'key'"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(
    predictions: dict[str, list[object]], row_id: str | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        scores(pd.DataFrame(predictions), row_id=row_id)
