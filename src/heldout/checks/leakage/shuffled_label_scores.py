"""Finds estimators that know the true labels of test rows although they were fitted on shuffled ones."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure, counted
from heldout.core.finding import Answer, Certainty, caution, clear, not_applicable, problem
from heldout.core.plural import how_many
from heldout.core.runs_evidence import ShuffledRuns
from heldout.stats import mean_estimate

GATE = 0.1
"""How far above chance an estimator may be by luck: .60 of an AUC, .10 of a correlation or an accuracy."""

SAME = 1e-9
"""Scores that differ by less are the same but for rounding."""

MINIMUM_EFFECT = 0.3
"""Share of 600 rows whose labels the estimator looks up instead of learning."""


@check("LEK014")
def shuffled_label_scores(shuffled_runs: ShuffledRuns) -> Answer:
    """Find estimators that know the true labels of test rows although they were fitted on shuffled ones.

    ## Why it matters
    Labels that were shuffled say nothing about the features. What still knows the truth has it from elsewhere: from a
    file, a global, or a part that was fitted before, on all rows. Cross-validation does not measure such a part.

    ## Example
    A pipeline holds a target encoder that was fitted on the whole table and is only applied again in `fit`.

    ## What to do
    Look for what the estimator reads or was given before `fit`. Fit every part within the pipeline.

    ## Limits
    The given estimator is fitted on a half of a sample of the rows with shuffled labels, and with their mirror image,
    and scored on the true labels of the other half. Whoever knows only what it was fitted on is as often wrong as
    right over such a pair. It is a problem where the lower bound over the pairs exceeds chance by {GATE}. `strong`: it
    falls at least half way back to chance when test values, but whole numbers, move in their last digits, as a look-up
    of rows does and no rule. Else `suspect`: an expert's rule, a constraint of sign or a model trained on other rows
    knows something beforehand, and that is legitimate. Features that were computed from the labels beforehand are not
    seen: shuffling hides them. It promises to find an estimator that looks up {MINIMUM_EFFECT} of 600 rows.
    """
    runs = shuffled_runs
    if not runs.scores:
        return not_applicable(f"The estimator was not scored on shuffled labels: {runs.failed}.")
    level = 1 - 2 * alpha_of("leakage")
    score, moved = (_over_pairs(values, level) for values in (runs.scores, runs.jittered))
    measures = (
        Measure(name="true labels after shuffled ones", estimate=_over_pairs(runs.scores, 0.95), unit=runs.metric),
        Measure(name="the same, values moved", estimate=_over_pairs(runs.jittered, 0.95), unit=runs.metric),
    )
    claim = f"Fitted on shuffled labels, the estimator scores {score.value or 0:.2f} ({runs.metric}) on the true ones"
    claim += f" of {runs.test_rows:,} rows, where {runs.chance:.2g} is chance"
    gate = runs.chance + GATE
    if score.low is not None and score.low > gate:
        halfway = ((score.value or 0.0) + runs.chance) / 2
        is_lookup = moved.high is not None and moved.high < halfway
        certainty = Certainty.STRONG if is_lookup else Certainty.SUSPECT
        claim += f"; {moved.value or 0:.2f} when these rows are moved in their last digits" if is_lookup else ""
        to_do = "Find what it reads or was given before fit; fit every part within the pipeline."
        return problem(f"{claim}.", certainty, to_do=to_do, measures=measures)
    if score.high is None or score.high > gate:
        claim += f": whether it knows them cannot be told from {how_many(len(runs.scores), 'pair')} of fits."
        return caution(claim, measures=measures)
    return clear(f"{claim}.", measures=measures)


def _over_pairs(scores: tuple[float, ...], level: float) -> Estimate:
    """Return the mean over pairs of fits with its t interval; where all pairs agree, that value."""
    if max(scores) - min(scores) < SAME:
        return counted(sum(scores) / len(scores), n=len(scores), method="the same in all pairs of fits")
    return mean_estimate(scores, level=level)
