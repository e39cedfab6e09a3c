"""What a refit does about a problem, so that its price can be told and the supported score holds without it."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Mend", "MendKind"]


class MendKind(StrEnum):
    """`drop_columns` from the features; `drop_copies`, the train rows that equal or nearly equal a test row;
    `split_by_group`, each value of the columns on one side; `split_forward` by the column, or by row order without one.
    """

    DROP_COLUMNS = "drop_columns"
    DROP_COPIES = "drop_copies"
    SPLIT_BY_GROUP = "split_by_group"
    SPLIT_FORWARD = "split_forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One way to take a problem out of a score: its kind and the columns that it is about.

    `is_beginning` tells that the key is the text of the column without its last part (`phon_R01_S01_1`);
    `gap` is how long the test begins after the train ends, as a text such as "7d", empty for none.
    """

    kind: MendKind
    columns: tuple[str, ...] = ()
    is_beginning: bool = False
    gap: str = ""
