"""Finds places, batches or households that go with the label and stand on both sides of the split."""

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import Predictions
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.profile import LabelKind
from heldout.core.split_evidence import SharedPlace, SharedPlaces
from heldout.stats.within_groups import group_agreement

GATE = 0.1  # intraclass correlation of the label
SHARED_GATE = 0.005  # share of the test rows up to which shared places cannot move a score
MINIMUM_EFFECT = 0.4
"""Intraclass correlation of the label within 60 sites."""


@check("SPL013")
def site_or_batch(shared_places: SharedPlaces, predictions: Predictions | None = None) -> tuple[Answer, ...]:
    """Find sites, batches or households whose rows share their label, on both sides of the split.

    ## Why it matters
    Hospitals treat other patients, plates are pipetted on other days. A model learns which place a row is from and what
    is usual there. On a new place it knows nothing, and its score there is what a roll-out depends on.

    ## Example
    A model of pneumonia from chest images did well on the hospitals that it was trained on, and worse on a third: it
    had learned to tell the hospitals apart (Zech et al. 2018).

    ## What to do
    If the model is to work at new places, split by place. If not, say that the score holds for these places.

    ## Limits
    Columns are found by their names (site, batch, plate, household, school, station, region, ...) with at least ten
    values; a declared entity is SPL002's. A place may predict rightly, so this is `suspect` at most: an intraclass
    correlation of the label above {GATE} by a bound over places, Bonferroni over columns, and more than {SHARED_GATE}
    of the test rows from a place of train. It is clear below, and where that may be chance (.95). Without a test table
    it cautions. With predictions the correlation of their residuals is told beside it. It promises to find a
    correlation of {MINIMUM_EFFECT} over 60 sites.
    """
    places = shared_places.places
    if not places:
        return (not_applicable("No column is named after a place, a batch or a household."),)
    is_classes = shared_places.kind is not LabelKind.REGRESSION
    level = 1 - 2 * alpha_of("split") / len(places)
    return tuple(
        _answer(place, predictions, level, is_classes=is_classes, has_test=shared_places.has_test) for place in places
    )


def _answer(
    place: SharedPlace, predictions: Predictions | None, level: float, *, is_classes: bool, has_test: bool
) -> Answer:
    bounds, shown = (group_agreement(place.label, place.codes, is_classes=is_classes, level=x) for x in (level, 0.95))
    measures = [Measure(name=f"intraclass correlation of the label within {place.column}", estimate=shown)]
    share = place.shared_rows / place.test_rows if place.test_rows else 0.0
    if has_test:
        name = f"test rows whose {place.column} is in train"
        measures.append(Measure(name=name, estimate=counted(share, n=max(place.test_rows, 1)), unit="share"))
    if predictions is not None and len(place.test_codes) == len(predictions.label):
        left = (predictions.label - predictions.score).astype(np.float64)
        residual = group_agreement(left, place.test_codes, is_classes=False)
        measures.append(Measure(name=f"the same of the residuals within {place.column}", estimate=residual))
    witnesses = (Witness(kind="column", where=place.column, note=f"{place.groups:,} values"),)
    if bounds.value is None or bounds.low is None or bounds.high is None:
        return not_applicable(f"How far {place.column} goes with the label is not known: {bounds.undefined_because}.")
    told = f"Labels within one {place.column} (of {place.groups:,}) correlate by {bounds.value:.2f}"
    if bounds.low <= GATE and ((shown.value or 0.0) <= GATE or (shown.low or 0.0) <= 0):
        return clear(f"{told}: it says little of the label.", measures=measures, witnesses=witnesses)
    to_do = f"If the model is to work at a new {place.column}, split by it."
    if bounds.low <= GATE:
        claim = f"{told}: whether that is much cannot be told at this n."
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    if not has_test:
        claim = f"{told}: a random split would put each on both sides."
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    told += f", and {place.shared_rows:,} of {place.test_rows:,} test rows are from one that is in train"
    if share <= SHARED_GATE:
        return clear(f"{told}.", measures=measures, witnesses=witnesses)
    mend = Mend(kind=MendKind.SPLIT_BY_GROUP, columns=(place.column,))
    return problem(f"{told}.", Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)
