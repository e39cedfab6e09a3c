"""How nearly one column copies the label or renames its classes, by its counts, and whether chance explains it."""

from dataclasses import dataclass

from heldout.core.profile import ColumnProfile, LabelKind, LabelProfile
from heldout.stats.determination import Determination, determination, repetition
from heldout.stats.proportions import clopper_pearson
from heldout.stats.single_feature import FEWEST_OF_A_CLASS

__all__ = ["COPY_GATE", "FEWER_ERRORS", "LEAST_COVERED", "MOST_LEVELS", "Copy", "copy_of"]

COPY_GATE = 0.995
"""Share of rows on which a near copy agrees with the label, at least."""
FEWER_ERRORS = 10
"""A near copy errs so many times more rarely than the guess of the most frequent class."""
MOST_LEVELS = 10
"""A column of more values (and of more than there are classes) names entities."""
LEAST_COVERED = 0.5
"""Share of the labelled rows on which a copy has a value, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A column that tells the label on `found.agreed` of `found.rows` rows; `note` pairs its values with classes.

    `is_everywhere`: on all of them. `is_sure`: by a lower bound above `gate`; neither: it cannot be told at this n.
    """

    found: Determination
    gate: float
    note: str
    is_everywhere: bool
    is_sure: bool


def copy_of(column: ColumnProfile, label: LabelProfile, alpha: float) -> Copy | None:
    """Return how nearly the column tells the label; None for a column that is no copy, or by chance alone.

    `alpha` is the one-sided error that this column may spend.
    """
    if label.kind is LabelKind.REGRESSION:
        rows = column.joint[:, :, 0].sum(axis=0)
        found, note = repetition(column.equal_to_label, rows[:-1]), "equal to the label"
    elif not column.bin_is_value:
        return None
    else:
        rows = column.joint.sum(axis=(0, 2))
        found, names = determination(column.joint.sum(axis=0)), (*column.bins, "no value")
        pairs = sorted((c, names[i]) for i, c in enumerate(found.winners) if c >= 0)
        note = "; ".join(f"{name} → {label.classes[c]}" for c, name in pairs)
        if found.levels > max(MOST_LEVELS, len(label.classes)):
            return None
    is_thin = found.rows - found.largest < FEWEST_OF_A_CLASS or found.rows < LEAST_COVERED * rows.sum()
    if is_thin or found.chance > alpha:
        return None
    gate = _gate(found.largest, found.rows)
    bounds = clopper_pearson(found.agreed, found.rows, 1 - 2 * alpha)
    if found.agreed < found.rows and (bounds.high or 0.0) <= gate:
        return None
    return Copy(
        found=found,
        gate=gate,
        note=note,
        is_everywhere=found.agreed == found.rows,
        is_sure=(bounds.low or 0.0) > gate,
    )


def _gate(largest: int, rows: int) -> float:
    """Return the share of rows on which a copy agrees at least, where guessing the commonest class agrees on `largest`.

    >>> _gate(50, 100), round(_gate(99, 100), 3)
    (0.995, 0.999)
    """
    return max(COPY_GATE, 1 - (1 - largest / rows) / FEWER_ERRORS)
