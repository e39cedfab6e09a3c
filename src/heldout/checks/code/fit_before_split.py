"""Finds transformers and statistics that learn from all rows before these are split."""

from heldout.core.check import check
from heldout.core.data_flow import answers
from heldout.core.finding import Answer
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Places."""


@check("COD001")
def fit_before_split(repository: Repository) -> tuple[Answer, ...]:
    """Find transformers and statistics that learn from all rows before these are split.

    ## Why it matters
    A scaler, an imputer or a selection that has seen the test rows tells the model something of them. Of scaling the
    score gains little; a selection by the label can make a good score out of noise.

    ## Example
    `X = SelectKBest(k=20).fit_transform(X, y)`, then `train_test_split(X, y)`: with 10,000 columns of noise the test
    accuracy is well above chance.

    ## What to do
    Split first, and fit on the training rows alone; or put the transformer into a Pipeline and hand that to the
    cross-validation.

    ## Limits
    It reads scripts and notebooks without running them, follows calls into the repository's own functions to a bounded
    depth, and loops for two rounds. What it cannot follow it names, and then says nothing better than a caution.
    Proven is a path from a fit on all rows to a model that is fitted on one part and scored on the other, by known
    transformers and means, medians, deviations and quantiles; a group's mean of a feature is strong; largest values,
    frequencies and unknown classes with a fit are suspect. Encoders of levels and labels (one-hot, ordinal), and a
    target on its own scale, learn nothing that counts. One place suffices ({MINIMUM_EFFECT}).
    """
    return answers(
        repository,
        "COD001",
        to_do="Split first and fit on the training rows alone, or put it into a Pipeline.",
        innocent="Nothing was found that learns from rows before they are split",
    )
