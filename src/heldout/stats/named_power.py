"""The power of one column as a bound that is spent over many columns, on the scale of its question."""

from heldout.core.estimate import Estimate, Measure
from heldout.core.profile import ColumnProfile, LabelKind, LabelProfile
from heldout.stats.single_feature import single_feature_power

__all__ = ["alone", "bounded", "gate_of"]


def gate_of(gates: tuple[float, float], kind: LabelKind) -> float:
    """Return the gate for an AUC, or the one for an R².

    >>> gate_of((0.75, 0.5), LabelKind.REGRESSION)
    0.5
    """
    return gates[1] if kind is LabelKind.REGRESSION else gates[0]


def bounded(column: ColumnProfile, label: LabelProfile, alpha: float) -> Estimate:
    """Return the out-of-fold power of the column with bounds at a one-sided error of `alpha`."""
    return single_feature_power(column.joint, label.kind, level=1 - 2 * alpha)


def alone(column: ColumnProfile, label: LabelProfile) -> Measure:
    """Return the column's power as a measure to show, with a 95 % interval."""
    unit = "R²" if label.kind is LabelKind.REGRESSION else "AUC"
    return Measure(name=f"{column.name} alone", estimate=single_feature_power(column.joint, label.kind), unit=unit)
