"""Reads what somebody wrote about the rows that something was chosen on."""

import re
from difflib import SequenceMatcher
from enum import Enum

__all__ = ["OTHER_WORDS", "REPORTED_WORDS", "SaidRows", "rows_said"]

REPORTED_WORDS = ("test", "tests", "testing", "holdout", "heldout", "evaluation", "eval", "final", "reported", "scored")
OTHER_WORDS = (
    *("validation", "valid", "val", "dev", "train", "training", "calibration", "crossvalidation", "cv"),
    *("cost", "costs"),
)
FILLERS = (
    *("a", "all", "at", "by", "data", "dataset", "from", "hidden", "in", "of", "on", "our", "private", "public"),
    *("rows", "same", "sample", "set", "sets", "split", "subset", "table", "the", "these", "this"),
)
"""Words, and numbers, that say nothing of which rows they were."""

NEAR = 0.85
"""Likeness of two words from which one is taken for a slip of the other."""


class SaidRows(Enum):
    """Which rows a text means: the reported ones, nearly their name, others, or nobody knows."""

    REPORTED = "reported"
    NEARLY = "nearly"
    OTHER = "other"
    UNKNOWN = "unknown"


def rows_said(text: str) -> SaidRows:
    """Return which rows a text means; case, signs, numbers and words like "the", "set", "data" do not matter.

    A text that names both, denies, or has no word that is known is UNKNOWN; NEARLY has a slip of the pen, or
    words beside the known one.

    >>> [rows_said(text).value for text in ("the Test-set", "holdot", "validation", "validation and test", "blue")]
    ['reported', 'nearly', 'other', 'unknown', 'unknown']
    """
    plain = re.sub(r"\b(hold|held|cross)[\s_-]+(out|validat\w*)", r"\1\2", text.lower())
    words = [word for word in re.findall(r"[^\W\d_]+", plain) if word not in FILLERS]
    reported, other = (
        [_likeness(word, known) for word in words if _likeness(word, known) >= NEAR]
        for known in (REPORTED_WORDS, OTHER_WORDS)
    )
    if bool(reported) == bool(other) or {"not", "no", "never", "without", "t"} & set(words):
        return SaidRows.UNKNOWN
    if other:
        return SaidRows.OTHER
    return SaidRows.REPORTED if len(reported) == len(words) and min(reported) == 1 else SaidRows.NEARLY


def _likeness(word: str, known: tuple[str, ...]) -> float:
    if word in known:
        return 1.0
    slips = [NEAR for other in known if len(word) > 3 and sorted(word) == sorted(other)]
    return max([*slips, *(SequenceMatcher(None, word, other).ratio() for other in known if len(word) > 3)], default=0.0)
