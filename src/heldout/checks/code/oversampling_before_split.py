"""Finds rows that are copied or mixed before the split."""

from heldout.core.check import check
from heldout.core.data_flow import answers
from heldout.core.finding import Answer
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Places."""


@check("COD004")
def oversampling_before_split(repository: Repository) -> tuple[Answer, ...]:
    """Find rows that are copied or mixed before they are split.

    ## Why it matters
    An oversampled row and its original, or two mixtures of the same rows, end on both sides of a split: the model is
    asked about rows that it has learned by heart. Scores of .99 on rare classes come from here.

    ## Example
    `X, y = SMOTE().fit_resample(X, y)`, then `train_test_split(X, y)`.

    ## What to do
    Split first, and oversample the training rows alone; in a cross-validation use imblearn's Pipeline.

    ## Limits
    It reads scripts and notebooks without running them, follows calls into the repository's own functions to a bounded
    depth, and loops for two rounds. What it cannot follow it names, and then says nothing better than a caution.
    It knows imblearn's samplers, `resample` and `sample` with replacement, and tables in which the same rows are laid
    twice. Leaving rows out is not oversampling. One place suffices ({MINIMUM_EFFECT}).
    """
    return answers(
        repository,
        "COD004",
        to_do="Split first, and oversample the training rows alone.",
        innocent="No rows were found that are copied or mixed before they are split",
    )
