"""Finds decision thresholds that are chosen on the rows that are reported."""

from heldout.core.check import check
from heldout.core.data_flow import answers
from heldout.core.finding import Answer
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Places."""


@check("COD003")
def threshold_on_test(repository: Repository) -> tuple[Answer, ...]:
    """Find thresholds that are chosen by the score on the rows that are reported.

    ## Why it matters
    F1, recall or profit at the threshold that suits the test rows best is the best of many scores on them. On new
    rows another threshold would have been the best.

    ## Example
    `thresholds[np.argmax(f1)]` from `precision_recall_curve(y_test, p)`, then `f1_score(y_test, p >= best)`.

    ## What to do
    Choose the threshold on validation rows, or by cross-validation (TunedThresholdClassifierCV), and apply it to the
    test rows unchanged.

    ## Limits
    It reads scripts and notebooks without running them, follows calls into the repository's own functions to a bounded
    depth, and loops for two rounds. What it cannot follow it names, and then says nothing better than a caution.
    It knows thresholds that are picked from scikit-learn's curves, kept by a comparison in a loop, or found by an
    optimizer. One place suffices ({MINIMUM_EFFECT}).
    """
    return answers(
        repository,
        "COD003",
        to_do="Choose the threshold on validation rows, and apply it to the test rows unchanged.",
        innocent="No threshold was found that is chosen on the rows that are reported",
    )
