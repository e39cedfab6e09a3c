"""Agreement in a sentence that needs no statistics."""

from heldout.evals.committee.agreement import FEWEST_UNITS, LeafAgreement
from heldout.report.figures import short

__all__ = ["in_words"]


def in_words(pooled: LeafAgreement) -> str:
    """Say how far raters agree, and how sure that is; below FEWEST_UNITS units by the raw share alone."""
    if pooled.units == 0:
        return "No question of any work has levels of two raters, so that nothing can be said of agreement."
    equal = short(pooled.raw, "share")
    questions = "1 question" if pooled.units == 1 else f"{pooled.units} questions"
    same = f"On {questions} two raters or more gave a level, and {equal} of their pairs are equal."
    if pooled.alpha.value is None:
        few = f"A coefficient is worked out from {FEWEST_UNITS} such questions on: below that it would mislead."
        return f"{same} {few} Read where they differ."
    return (
        f"{same} Krippendorff's alpha is {short(pooled.alpha)}: 1 is full agreement, 0 is what chance would give, and "
        "a level far off counts more than one beside it. The brackets hold what it would be with many more works, 95 "
        "times of 100."
    )
