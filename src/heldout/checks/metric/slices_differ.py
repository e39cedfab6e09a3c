"""Finds slices in which a score is much worse than elsewhere, and a comparison that every slice contradicts."""

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.evidence import Predictions, Slices
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.lift import LiftScale
from heldout.stats import confidence_at_least, holm, paired_lift
from heldout.stats.slices import SliceContrast, slice_contrast

GATE = 1.25  # how many times the error of the other rows a slice's error may be
REVERSED = 0.01  # error reduction overall, and error increase in every slice, that make a reversal
FEWEST_ROWS = 50  # a smaller slice is not looked at
SHOWN = 5
MINIMUM_EFFECT = 1.0
"""A fifth of 6,000 rows whose scores lost their signal; or a candidate that owes all of its lift to the slices."""


@check("MET006")
def slices_differ(predictions: Predictions, slices: Slices, rival: Predictions | None = None) -> tuple[Answer, ...]:
    """Find slices where the score is much worse than on the other rows, or where a comparison turns round.

    ## Why it matters
    One number over all rows is a mean over groups of people, places, devices. It hides the group that the model fails,
    and it can prefer a model that is worse in every single group (Simpson's paradox).

    ## Example
    AUC .82 over all, .61 in the ward that sends the sickest. A model that learned which clinic a patient comes from
    beats another over all clinics, and loses in each of them.

    ## What to do
    Report the metric by slice, with intervals. Compare models within slices where the decision is made within them.

    ## Limits
    Slices are those given, of at least {FEWEST_ROWS} rows. A slice differs when its error (the distance from a perfect
    value) is, by a bound corrected over all slices (Holm), more than {GATE} times that of the rows outside: `suspect`,
    as other base rates and harder rows make it too. A reversal over a `rival` takes {REVERSED} of the error overall and
    the opposite in every slice of a column, each by its bound, and is `strong`. Only metrics that compare rows across
    slices (AUC) can turn round on the same rows. It promises to find a fifth of 6,000 rows whose scores
    lost all their signal (a share of {MINIMUM_EFFECT}), and a lift that comes from slices alone.
    """
    contrasts = {
        (column, slices.names[column][code]): _contrast(predictions, slices, column, code)
        for column in sorted(slices.codes)
        for code in range(len(slices.names[column]))
        if np.count_nonzero(slices.codes[column] == code) >= FEWEST_ROWS
    }
    known = {key: contrast for key, contrast in contrasts.items() if contrast.p_above(GATE) is not None}
    reversals = () if rival is None else tuple(_reversals(predictions, slices, rival))
    if not known:
        reasons = [str(contrast.error_ratio.undefined_because) for contrast in contrasts.values()]
        told = f"No slice could be held against the others: {reasons[0]}." if reasons else "No slice has rows enough."
        return (*reversals, caution(told) if reasons else not_applicable(told))
    return (*reversals, _worse(predictions.metric, known))


def _contrast(predictions: Predictions, slices: Slices, column: str, code: int) -> SliceContrast:
    codes = slices.codes[column]
    rest = (codes >= 0) & (codes != code)
    sample = (predictions.metric, predictions.label, predictions.score)
    return slice_contrast(*sample, codes == code, outside=rest, cluster=predictions.cluster)


def _worse(metric: str, known: dict[tuple[str, str], SliceContrast]) -> Answer:
    alpha = alpha_of("metric")
    above = np.array([contrast.p_above(GATE) for contrast in known.values()], dtype=np.float64)
    ranked = sorted(known, key=lambda key: (-(known[key].error_ratio.value or 0.0), key))
    worse = [key for key, p in zip(known, holm(above), strict=True) if p <= alpha]
    worse.sort(key=ranked.index)
    shown = (worse or ranked)[:SHOWN]
    measures = [Measure(name=f"{metric} where {c} is {name}", estimate=known[c, name].inside) for c, name in shown]
    measures.append(Measure(name="error there, times that elsewhere", estimate=known[shown[0]].error_ratio))
    witnesses = tuple(Witness(kind="column", where=column, note=name) for column, name in shown)
    if worse:
        (column, name), more = worse[0], f", and in {len(worse) - 1} more slices" if len(worse) > 1 else ""
        times = known[worse[0]].error_ratio.value or 0.0
        return problem(
            f"The error of {metric} where {column} is {name} is {times:.2g} times that of the other rows{more}.",
            Certainty.SUSPECT,
            to_do=f"Report {metric} by slice, and find out what these rows lack.",
            measures=measures,
            witnesses=witnesses,
        )
    if all(1 - p <= alpha / len(known) for p in above):
        return clear(f"No slice has more than {GATE} times the error of the others.", measures=measures)
    claim = f"Whether a slice has more than {GATE} times the error of the others cannot be told at this n."
    return caution(claim, measures=measures, witnesses=witnesses)


def _reversals(predictions: Predictions, slices: Slices, rival: Predictions) -> list[Answer]:
    alpha, found = alpha_of("metric") / max(2 * len(slices.codes), 1), []
    for column, codes in sorted(slices.codes.items()):
        parts = [codes == code for code in np.unique(codes[codes >= 0])]
        if len(parts) < 2 or min(np.count_nonzero(part) for part in parts) < FEWEST_ROWS:
            continue
        for ours, theirs, who in ((predictions, rival, "The score"), (rival, predictions, "The rival")):
            overall, reached = _lift(ours, theirs, codes >= 0)
            within = [_lift(theirs, ours, part)[1] for part in parts]
            if min(reached, *within) < 1 - alpha:
                continue
            found.append(
                problem(
                    f"{who} is better over all rows and worse in each of the {len(parts)} slices of {column}.",
                    Certainty.STRONG,
                    to_do=f"Compare within {column} where the decision is made within it.",
                    measures=(Measure(name="error taken off, overall", estimate=overall, unit="share"),),
                    witnesses=(Witness(kind="column", where=column),),
                )
            )
    return found


def _lift(ours: Predictions, theirs: Predictions, rows: np.ndarray) -> tuple[Estimate, float]:
    lift = paired_lift(
        ours.label[rows],
        ours.score[rows],
        theirs.score[rows],
        metric=ours.metric,
        scale=LiftScale.ERROR_REDUCTION,
        cluster=None if ours.cluster is None else ours.cluster[rows],
        coverage_worlds=0,
    )
    return lift.estimate, confidence_at_least(lift, REVERSED) or 0.0
