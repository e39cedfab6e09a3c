"""Finds estimators whose prediction for a row changes with the other rows that are predicted with it."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.runs_evidence import BatchRun

MINIMUM_EFFECT = 0.1
"""How far the mean of the predicted batch enters the features, of 1 where it is wholly taken off."""


@check("LEK015")
def batch_changes_predictions(batch_run: BatchRun) -> Answer:
    """Find estimators whose prediction for a row changes when strange rows stand beside it.

    ## Why it matters
    Test rows that inform each other tell the model what the test looks like, which it will not know of the one row
    that it is asked about in use. Whatever is fitted at prediction time escapes cross-validation.

    ## Example
    A pipeline standardises, imputes or ranks within the batch that it predicts, instead of by what it saw in `fit`.

    ## What to do
    Keep in `fit` what is learned from rows, and only apply it in `predict` and `transform`.

    ## Limits
    The given estimator is fitted on a half of a sample and predicts the other half; then half of these rows are
    replaced by strange ones, and the predictions of the rest are compared, beyond a millionth of their spread. That is
    a count, so it needs no error budget: `proven` where a prediction changed that stays the same when the same batch
    is predicted twice. Where it does not, nothing can be told. What a fit on test rows did to the features before they
    were handed over is not seen. It promises to find a batch whose mean enters by {MINIMUM_EFFECT}.
    """
    run = batch_run
    if not run.rows:
        return not_applicable(f"The estimator did not predict: {run.failed or 'there are no rows'}.")
    share = counted(run.changed / run.rows, n=run.rows)
    measures = [Measure(name="predictions that changed", estimate=share, unit="share")]
    if run.repeated:
        claim = f"The same rows predicted twice differ in {run.repeated:,} of {run.rows:,} predictions: nothing can be"
        return caution(f"{claim} told.", to_do="Give the estimator a seed (random_state).", measures=measures)
    if not run.changed:
        return clear(f"None of {run.rows:,} predictions changed with the rows beside them.", measures=measures)
    if run.spread > 0:
        largest = counted(run.largest / run.spread, n=run.rows)
        measures.append(Measure(name="largest change", estimate=largest, unit="standard deviations"))
    return problem(
        f"{run.changed:,} of {run.rows:,} predictions change when other rows of the batch are replaced.",
        Certainty.PROVEN,
        to_do="Learn from rows in fit only; predict and transform apply what was learned, row by row.",
        measures=measures,
    )
