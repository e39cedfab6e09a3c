"""Finds group means of the label over all rows that become a feature."""

from heldout.core.check import check
from heldout.core.data_flow import answers
from heldout.core.finding import Answer
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Places."""


@check("COD005")
def target_encoding_before_split(repository: Repository) -> tuple[Answer, ...]:
    """Find statistics of the label over all rows that become a feature before the split.

    ## Why it matters
    The mean label of a group that holds a test row holds that row's label. The smaller the group, the closer the
    feature comes to the label itself.

    ## Example
    `df["city_rate"] = df.groupby("city")["late"].transform("mean")`, then `train_test_split(df)`.

    ## What to do
    Compute the means on the training rows, out of fold for these, and map them to the test rows; or use
    scikit-learn's TargetEncoder in a Pipeline.

    ## Limits
    It reads scripts and notebooks without running them, follows calls into the repository's own functions to a bounded
    depth, and loops for two rounds. What it cannot follow it names, and then says nothing better than a caution.
    Which column is the label is read from what is handed to fit, to the split or to a metric as the truth. Counts per
    group, and means of earlier rows (shift before rolling), are no such statistics. One place suffices
    ({MINIMUM_EFFECT}).
    """
    return answers(
        repository,
        "COD005",
        to_do="Compute the group means on the training rows alone, and map them to the test rows.",
        innocent="No statistic of the label over all rows was found among the features",
    )
