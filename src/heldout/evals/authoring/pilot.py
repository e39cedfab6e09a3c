"""The pilot: what gradient boosting on the known columns predicts for the final rows, and what the baseline does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from heldout.core.errors import RunFailure
from heldout.evals.answers import read_answers
from heldout.evals.authoring.candidates import Pilot
from heldout.evals.authoring.labels import constant_of, labels_of
from heldout.evals.brief import OpenBrief
from heldout.evals.grading.environment import build
from heldout.evals.grading.journal import open_journal
from heldout.evals.grading.program import look_at_baseline, receive
from heldout.evals.grading.runs import Runner, quoted, seeds_of
from heldout.evals.parquet import read_table
from heldout.evals.predictions import read_keys
from heldout.sandbox import Isolation
from heldout.stats import METRICS
from heldout.stats.sample import Undefined
from heldout.tables import read_table as read_rows
from heldout.tables.matrix import matrix_of

__all__ = ["NOTHING", "leaves_nothing", "pilot_of", "run_baseline"]

Floats = NDArray[np.float64]
MOST_ROWS = 200_000
ROUNDS = 150
SAID = 400
NOTHING = 0.02
"""A score that leaves less than this of the baseline's distance to a perfect one leaves nothing to find."""


def pilot_of(
    opened: OpenBrief, baseline: Floats | None, *, seed: int, graded: tuple[str, Floats] | None = None
) -> Pilot:
    """Return the final rows with the predictions of a pilot fitted on the training table, and those of the baseline.

    `baseline` (n,) are its predictions in the order of the final features; without them the training rate or mean
    stands for it. `graded` names a submission and has its predictions, which stand for the pilot's. Raises BadInput
    where a table cannot be read.
    """
    data = opened.brief.data
    final = read_table(opened.file(data.final.path))
    answers = read_answers(
        opened.answers_file("final"),
        read_keys(opened.file(data.final.path), data.key),
        key=data.key,
        target=data.target,
        positive=data.positive,
    )
    train = read_table(opened.file(data.train.path))
    label = labels_of(train.column(data.target), data.positive)
    constant = constant_of(label)
    of = f"gradient boosting on {len(data.known_at_prediction)} columns"
    if graded is not None:
        of, predicted = graded
    else:
        predicted = _predicted(
            train,
            label,
            final,
            known=list(data.known_at_prediction),
            is_classification=opened.brief.is_classification,
            seed=seed,
        )
    known = answers.known
    codes = None
    if data.cluster:
        texts = final.column(data.cluster).combine_chunks().cast(pa.string())
        indices = texts.dictionary_encode(null_encoding="encode").indices
        codes = np.asarray(indices.to_numpy(zero_copy_only=False), dtype=np.int64)[known]
    return Pilot(
        label=answers.label[known],
        baseline=np.full(int(known.sum()), constant) if baseline is None else baseline[known],
        pilot=predicted[known],
        cluster=codes,
        metric=opened.brief.metric.name,
        of=of,
        baseline_is="the training rate" if baseline is None else "the baseline's own run",
    )


def _predicted(
    train: pa.Table, label: Floats, final: pa.Table, *, known: list[str], is_classification: bool, seed: int
) -> Floats:
    """Fit on at most MOST_ROWS rows, and predict the final rows; both are coded together, so that codes agree."""
    rows = np.flatnonzero(~np.isnan(label))
    if rows.size > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False))
    together = pa.concat_tables([train.select(known).take(pa.array(rows)), final.select(known)])
    table = read_rows(together)
    matrix = matrix_of(table, [name for name in known if name in table.columns])
    model = (HistGradientBoostingClassifier if is_classification else HistGradientBoostingRegressor)(
        max_iter=ROUNDS,
        learning_rate=0.06,
        early_stopping=False,
        categorical_features=matrix.categorical if matrix.categorical.any() else None,
        random_state=seed % 2**31,
    )
    with threadpool_limits(1):
        model.fit(matrix.values[: rows.size], label[rows])
        ahead = matrix.values[rows.size :]
        said = model.predict_proba(ahead)[:, 1] if is_classification else model.predict(ahead)
    return np.asarray(said, dtype=np.float64)


def leaves_nothing(pilot: Pilot) -> bool:
    """Tell whether the pilot is all but perfect: then a column tells the label, or nobody can be told apart."""
    metric = METRICS[pilot.metric]
    try:
        base, own = (metric.value(pilot.label, side) for side in (pilot.baseline, pilot.pilot))
    except Undefined:
        return False
    return abs(metric.perfect - own) <= NOTHING * abs(metric.perfect - base)


def _last_words(folder: Path) -> str:
    """Return the end of what the last run below `folder` wrote to stderr, as a quotation."""
    logs = sorted(folder.glob("steps/*/stderr.txt"), key=lambda path: path.stat().st_mtime)
    said = logs[-1].read_text(encoding="utf-8").strip() if logs else ""
    return f", and said {quoted(said[-SAID:])}" if said else ""


def run_baseline(
    opened: OpenBrief, folder: Path, *, isolation: Isolation, grader_seed: int, progress: Callable[[str], None]
) -> tuple[Floats | None, str]:
    """Run the eval's baseline as a grading will, in the sandbox; its predictions (n,), and why there are none.

    Raises BadInput where the baseline breaks the submission contract.
    """
    source = look_at_baseline(opened.file(opened.brief.baseline.path))
    with open_journal(folder) as journal:
        runner = Runner(journal=journal, opened=opened, isolation=isolation, progress=progress)
        try:
            built = build(journal, receive(journal, source), progress)
            trained = runner.train(built, runner.train_table, seed=seeds_of(grader_seed, 1)[0])
            predicted = runner.predict(built, trained, runner.final_table)
        except RunFailure as failure:
            return None, f"{failure}{_last_words(folder)}"
        return np.load(predicted.array, allow_pickle=False), ""
