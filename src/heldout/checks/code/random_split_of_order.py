"""Asks about random splits of rows that have an order in time or groups."""

from heldout.core.check import check
from heldout.core.data_flow import answers
from heldout.core.finding import Answer
from heldout.core.repository import Repository

MINIMUM_EFFECT = 1
"""Places."""


@check("COD007")
def random_split_of_order(repository: Repository) -> tuple[Answer, ...]:
    """Ask about random splits of rows that the program itself sorts by time, shifts in time or counts by group.

    ## Why it matters
    Neighbours in time, and rows of one patient, are alike. Dealt by chance they stand on both sides of a split, and
    the score says how well the model knows those it has met.

    ## Example
    `df.sort_values("timestamp")`, a column of the row before by `shift(1)`, and then `train_test_split(df)`.

    ## What to do
    Split by date (or TimeSeriesSplit), or by group (GroupKFold, GroupShuffleSplit), as the model will be used; or say
    why a random split is what the question asks for.

    ## Limits
    It reads scripts and notebooks without running them, follows calls into the repository's own functions to a bounded
    depth, and loops for two rounds. What it cannot follow it names, and then says nothing better than a caution.
    Always a question: the program shows an order or groups by sort_values, set_index, shift or rolling on columns with
    names of times, or by groupby on names of persons, machines or places; whether the model will meet new ones is not
    in the code. One place suffices ({MINIMUM_EFFECT}).
    """
    return answers(
        repository,
        "COD007",
        to_do="Split by date or by group, or say why a random split is what the question asks for.",
        innocent="No random split of rows with an order or groups was found",
    )
