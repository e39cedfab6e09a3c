"""What a reader of results hands on: a table of items, and what its format already says of the columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from heldout.tables.table import Table

__all__ = ["Loaded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Items of one source under named columns.

    `recognised` says what the source is ("an lm-eval sample file"). The rest is empty where the format leaves it open:
    `system` names the model, `by` the id, `scores` the columns that can be the score, `repeat` the run of an item,
    `same` a column that tells whether an item is the same one everywhere, `variant` a column of which one value has
    to be chosen, `task` what was asked of the systems, `higher_is_better` the direction of a score.
    """

    table: Table
    recognised: str
    system: str = ""
    by: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    repeat: str = ""
    same: str = ""
    variant: str = ""
    task: str = ""
    higher_is_better: Mapping[str, bool] = field(default_factory=dict)
