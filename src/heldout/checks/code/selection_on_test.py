"""Finds features, models and settings that are chosen by the rows that are reported."""

from heldout.core.check import check
from heldout.core.data_flow import answers
from heldout.core.finding import Answer
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Places."""


@check("COD002")
def selection_on_test(repository: Repository) -> tuple[Answer, ...]:
    """Find features, models or settings that are chosen by the score or the labels of the rows that are reported.

    ## Why it matters
    The best of many scores on the same rows is partly luck, and the luck is not there tomorrow. The more was tried,
    the more of the best score is luck.

    ## Example
    A loop over 30 values of k keeps the one with the best test accuracy, and prints that accuracy.

    ## What to do
    Choose by cross-validation on the training rows, or on validation rows that are split off them; score the test
    rows once, with what was chosen.

    ## Limits
    It reads scripts and notebooks without running them, follows calls into the repository's own functions to a bounded
    depth, and loops for two rounds. What it cannot follow it names, and then says nothing better than a caution.
    Proven where the program itself keeps the best by a score on held-out rows and no other rows are scored. Rows that
    it calls validation, and folds, give a question; so do three models that are scored on the same rows without a
    choice in the code. A choice by cross-validated scores is not told. One place suffices ({MINIMUM_EFFECT}).
    """
    return answers(
        repository,
        "COD002",
        to_do="Choose on validation rows or by cross-validation on the training rows, and score the test rows once.",
        innocent="No choice was found that is made by the rows that are reported",
    )
