"""Reads predictions for the rows of a table, and refuses all that do not fit them."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind, LabelKind
from heldout.tables.arrays import null_mask
from heldout.tables.hashing import numbered, value_lanes
from heldout.tables.names import shortened
from heldout.tables.table import Table, numbers

__all__ = ["scores_for"]

NAMES = ("prediction", "predictions", "score", "probability", "proba", "pred", "y_score", "y_pred")


def scores_for(table: Table, predictions: Table, *, row_id: str | None, kind: LabelKind) -> NDArray[np.float64]:
    """Return the scores in the order of the table's rows, shape (n,).

    They are matched by `row_id` where it is given, else by order, and then there must be as many as rows.
    Raises BadInput for missing, duplicate and extra ids, for scores that are missing, NaN or infinite, and for a
    classifier's scores outside [0, 1].
    """
    column = _score_column(predictions, row_id)
    scores = numbers(predictions.columns[column])
    _refuse_bad_scores(scores, predictions.source, column, is_classifier=kind is not LabelKind.REGRESSION)
    if row_id is not None:
        return scores[_matched(table, predictions, row_id)]
    if predictions.rows != table.rows:
        raise BadInput(
            f"there are {predictions.rows:,} predictions for {table.rows:,} rows",
            where=f"{predictions.source} and {table.source}",
            expected="one prediction per row, in the order of the rows",
            mend="predict every row, those without a target too; or match them by a key with --id",
        )
    return scores


def _score_column(predictions: Table, row_id: str | None) -> str:
    others = [name for name in predictions.columns if name != row_id]
    named = [name for name in others if name.lower() in NAMES]
    numeric = [name for name in others if predictions.kind(name) is ColumnKind.NUMERIC]
    chosen = named[:1] or (numeric if len(others) == 1 else [])
    if not chosen:
        raise BadInput(
            "it is not clear which column holds the predictions",
            where=f"{predictions.source}, columns {shortened(predictions.columns)}",
            expected="a column called prediction or score",
            mend="rename the column",
        )
    if chosen[0] not in numeric:
        raise BadInput(
            f"the column {chosen[0]!r} holds no numbers",
            where=predictions.source,
            expected="one finite number per row",
            mend="write the scores, not the classes",
        )
    return chosen[0]


def _refuse_bad_scores(scores: NDArray[np.float64], where: str, column: str, *, is_classifier: bool) -> None:
    rules = [(~np.isfinite(scores), "missing, NaN or infinite", "a finite number in every row", "predict every row")]
    if is_classifier:
        out = (scores < 0) | (scores > 1)
        mend = "write probabilities; for a ranking score write its rank divided by the number of rows"
        rules.append((out, "outside [0, 1]", "the probability of the positive class", mend))
    for wrong, what, expected, mend in rules:
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise BadInput(
                f"{int(wrong.sum()):,} of {len(scores):,} predictions are {what}",
                where=f"{where}, column {column!r}, first in row {row:,} (the first is 0): {scores[row]:g}",
                expected=expected,
                mend=mend,
            )


def _matched(table: Table, predictions: Table, row_id: str) -> NDArray[np.int64]:
    """Return for each row of the table the row of its prediction."""
    arrays = [source.column(row_id, called="id column") for source in (table, predictions)]
    wanted, given = numbered(*map(value_lanes, arrays))
    for source, array, ids in ((table, arrays[0], wanted), (predictions, arrays[1], given)):
        _refuse_bad_ids(source, row_id, array, ids)
    missing, extra = ~np.isin(wanted, given), ~np.isin(given, wanted)
    for wrong, what, source in ((missing, "have no prediction", table), (extra, "are not in the table", predictions)):
        if wrong.any():
            shown = shortened(_texts(source.columns[row_id], np.flatnonzero(wrong)[:4]), 3)
            raise BadInput(
                f"{int(wrong.sum()):,} ids {what}: {shown}",
                where=f"{predictions.source} against {table.source}, column {row_id!r}",
                expected="one prediction for each row of the table, and no other",
                mend="predict exactly these rows",
            )
    order = np.argsort(given)
    return order[np.searchsorted(given[order], wanted)]


def _refuse_bad_ids(table: Table, row_id: str, array: pa.Array, ids: NDArray[np.int64]) -> None:
    _, first, counts = np.unique(ids, return_index=True, return_counts=True)
    twice = first[counts > 1]
    if array.null_count or len(twice):
        row = int(np.flatnonzero(null_mask(array))[0]) if array.null_count else int(twice[0])
        what = "rows have no id" if array.null_count else "ids stand more than once"
        count = array.null_count or len(twice)
        raise BadInput(
            f"{count:,} {what}",
            where=f"{table.source}, column {row_id!r}, first in row {row:,} (the first is 0)",
            expected="an id in every row, each once",
            mend="drop the repeated rows, or name another column with --id",
        )


def _texts(array: pa.Array, rows: NDArray[np.int64]) -> list[str]:
    return [str(array[int(row)].as_py()) for row in rows]
