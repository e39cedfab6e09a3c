"""Finds test rows that a fit has seen or was stopped by."""

from heldout.core.check import check
from heldout.core.data_flow import answers
from heldout.core.finding import Answer
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Places."""


@check("COD006")
def test_used_in_training(repository: Repository) -> tuple[Answer, ...]:
    """Find rows that are scored although a fit has seen them, or was stopped by its score on them.

    ## Why it matters
    A score on rows that the model was fitted on says how well it remembers. A model that stops when the test score is
    best reports the best of many epochs. A scaler that is fitted again on the test rows does what no service can do
    for one row at a time.

    ## Example
    `model.fit(X_train, y_train, eval_set=[(X_test, y_test)], early_stopping_rounds=50)`, then the score on X_test.

    ## What to do
    Fit on the training rows alone; stop on validation rows that are split off them; apply transformers to the test
    rows as they were fitted on the training rows. A refit on all rows after the evaluation is fine.

    ## Limits
    It reads scripts and notebooks without running them, follows calls into the repository's own functions to a bounded
    depth, and loops for two rounds. What it cannot follow it names, and then says nothing better than a caution.
    Rows that are merely watched (validation_data without a callback that stops or keeps) are not told, nor scores on
    training rows that were never split. Rows that the program calls validation, and folds, give a question. One place
    suffices ({MINIMUM_EFFECT}).
    """
    return answers(
        repository,
        "COD006",
        to_do="Keep test rows out of every fit: stop on validation rows, apply transformers as they were fitted.",
        innocent="No fit was found that sees the rows on which its model is scored",
    )
