"""Finds labels that are distributed otherwise in test than in train."""

import math

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, problem
from heldout.core.profile import LabelKind
from heldout.core.split_evidence import LabelShift as Shift
from heldout.core.split_evidence import TwoShares
from heldout.stats import ks_from_counts, newcombe, risk_ratio

GATE = 0.05  # by how much the share of a class differs
RATIO_GATE = 1.5  # or by what factor
SEEN_LEVEL = 0.95  # of the interval by which it differs at all
DISTANCE_GATE = 0.1  # largest gap of the distribution functions of a numeric label
MINIMUM_EFFECT = 0.2
"""By how much the share of positives differs, or the share of numeric labels that move up, of 2,000 test rows."""


@check("SPL007")
def label_shift(label_shift: Shift) -> Answer:
    """Find a label that is distributed otherwise in test than in train.

    ## Why it matters
    Precision, PR AUC, accuracy and probabilities move with the share of positives although the model stays the same. A
    test set that was balanced, or drawn from another time or place, tells what the model does there.

    ## Example
    A model trained at 1 % of fraud has a precision of .20. On a test set that was balanced to 50 % the same model
    shows .96.

    ## What to do
    Draw the test rows as the model will meet them, or say at which prevalence the score holds and recompute it there.

    ## Limits
    An effect alone, so `suspect` at most: a test of another time may differ rightly. It is a problem when the share of
    a class differs by more than {GATE} (Newcombe's bounds) or a factor of {RATIO_GATE} (Katz's), or the distribution of
    a numeric label by a Kolmogorov-Smirnov distance above {DISTANCE_GATE} read at 50 quantiles; Bonferroni over
    classes. A caution asks for a difference beyond a gate that is no chance at {SEEN_LEVEL}; a smaller one is clear.
    Rows of a declared entity count by their
    design effect. It promises to find a difference of {MINIMUM_EFFECT} among 2,000 test rows.
    """
    alpha = alpha_of("split")
    if label_shift.kind is LabelKind.REGRESSION:
        return _numeric(label_shift, alpha)
    shares = label_shift.shares
    level = 1 - alpha / len(shares)  # two-sided, and two gates: each bound spends a quarter
    names = label_shift.classes
    named = list(zip(shares, names, strict=True))
    worst, name = named[-1] if len(names) == 2 else max(named, key=lambda pair: abs(pair[0].difference))
    before, after = worst.train_hits / max(worst.train_n, 1), worst.test_hits / max(worst.test_n, 1)
    estimate = newcombe(worst.test_hits, worst.test_n, worst.train_hits, worst.train_n)
    measures = (Measure(name=f"share of {name} in test less train", estimate=estimate, unit="share"),)
    witnesses = (Witness(kind="column", where=label_shift.name, note=f"{before:.2%} in train, {after:.2%} in test"),)
    told = f"{label_shift.name} is {name} in {before:.2%} of the train rows and {after:.2%} of the test rows"
    if any(_differs(two, level) for two in shares):
        claim = f"{told}: precision, PR AUC, accuracy and probabilities move with that{_odds(before, after)}."
        to_do = "Say how the test rows were drawn, and give the score at the prevalence that the model will meet."
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
    if any(_may_differ(two, 1 - (1 - SEEN_LEVEL) / len(shares)) for two in shares):
        return caution(f"{told}: whether that is much cannot be told at this n.", measures=measures)
    return clear(f"{told}.", measures=measures)


def _bounds(two: TwoShares, level: float) -> tuple[Estimate, Estimate]:
    """Return the difference of test's share and train's, and their ratio."""
    counts = two.test_hits, two.test_n, two.train_hits, two.train_n
    return newcombe(*counts, level), risk_ratio(*counts, level)


def _differs(two: TwoShares, level: float) -> bool:
    gap, ratio = _bounds(two, level)
    if gap.low is None or gap.high is None:
        return False
    if ratio.low is not None and ratio.high is not None and (ratio.low > RATIO_GATE or ratio.high < 1 / RATIO_GATE):
        return True
    return max(gap.low, -gap.high) > GATE


def _may_differ(two: TwoShares, level: float) -> bool:
    """Tell whether the shares differ beyond chance, and by more than a gate by their estimate."""
    gap, ratio = _bounds(two, level)
    if gap.value is None or gap.low is None or gap.high is None or gap.low <= 0 <= gap.high:
        return False
    is_far = ratio.value is not None and not 1 / RATIO_GATE <= ratio.value <= RATIO_GATE
    return is_far or abs(gap.value) > GATE


def _odds(before: float, after: float) -> str:
    if not 0 < before < 1 or not 0 < after < 1:
        return ""
    return f", log odds by {math.log(after / (1 - after)) - math.log(before / (1 - before)):+.2f}"


def _numeric(shift: Shift, alpha: float) -> Answer:
    counts = shift.train_counts, shift.test_counts
    bounds, shown = (
        ks_from_counts(*counts, single=[True] * len(counts[0]), level=x).estimate for x in (1 - alpha, SEEN_LEVEL)
    )
    measures = (Measure(name="Kolmogorov-Smirnov distance of the labels", estimate=shown),)
    means = shift.means or (0.0, 0.0)
    told = f"{shift.name} is {means[0]:.4g} on average in train and {means[1]:.4g} in test"
    if bounds.low is None or bounds.high is None:
        return caution(f"{told}: {bounds.undefined_because}.", measures=measures)
    if bounds.low > DISTANCE_GATE:
        witness = Witness(kind="column", where=shift.name, note=told)
        to_do = "Say how the test rows were drawn, and give the score on rows such as the model will meet."
        return problem(
            f"{told}: errors and R² move with that.",
            Certainty.SUSPECT,
            to_do=to_do,
            measures=measures,
            witnesses=(witness,),
        )
    if shown.high is None or shown.high > DISTANCE_GATE:
        return caution(f"{told}: whether its distribution differs cannot be told at this n.", measures=measures)
    return clear(f"{told}.", measures=measures)
