"""How much more alike the labels of rows in one group are than those of any two rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.profile import LabelKind
from heldout.tables.label import Label

__all__ = ["Agreement", "in_groups", "in_row_order"]

MARKED = 0.1
SURE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`excess` is 0 where groups say nothing of the label and 1 where they determine it; `z` is how sure that is.

    Classes: chance-corrected agreement of two rows of a group, (observed - expected) / (1 - expected), with the z of
    a share of that many pairs. Regression: the intraclass (or lag-1) correlation, with the z of a correlation.
    """

    excess: float
    z: float

    @property
    def is_marked(self) -> bool:
        """True for an excess that matters (MARKED) and that chance hardly makes (SURE)."""
        return self.excess >= MARKED and self.z >= SURE


def in_groups(label: Label, group: NDArray[np.int64]) -> Agreement:
    """Compare the rows of each group; `group` (n,) numbers the groups, -1 belongs to none."""
    used = label.known & (group >= 0)
    group = group[used]
    sizes = np.bincount(group)
    pairs = float((sizes * (sizes - 1.0)).sum())
    if label.kind is LabelKind.REGRESSION:
        values = label.values[used] - label.values[used].mean()
        sums = np.bincount(group, weights=values)
        products = float((sums**2).sum() - (values**2).sum())
        return _correlation(products, pairs, float(values.var()), pairs / 2)
    codes = label.codes[used]
    cells = np.bincount(group * len(label.classes) + codes).astype(np.float64)
    return _share(float((cells * (cells - 1)).sum()), pairs, codes, len(label.classes))


def in_row_order(label: Label) -> Agreement:
    """Compare each row with the next."""
    if label.kind is LabelKind.REGRESSION:
        values = label.values[label.known] - label.values[label.known].mean()
        products = float((values[1:] * values[:-1]).sum())
        return _correlation(products, len(values) - 1.0, float(values.var()), len(values) - 1.0)
    codes = label.codes[label.known]
    alike = float((codes[1:] == codes[:-1]).sum())
    return _share(alike * 2, (len(codes) - 1.0) * 2, codes, len(label.classes))


def _share(alike: float, pairs: float, codes: NDArray[np.int64], classes: int) -> Agreement:
    expected = float(((np.bincount(codes, minlength=classes) / max(len(codes), 1)) ** 2).sum())
    if pairs <= 0 or expected >= 1:
        return Agreement(excess=0.0, z=0.0)
    error = np.sqrt(expected * (1 - expected) / (pairs / 2))
    return Agreement(excess=(alike / pairs - expected) / (1 - expected), z=float((alike / pairs - expected) / error))


def _correlation(products: float, pairs: float, variance: float, independent: float) -> Agreement:
    if pairs <= 0 or variance <= 0:
        return Agreement(excess=0.0, z=0.0)
    correlation = products / pairs / variance
    return Agreement(excess=correlation, z=correlation * float(np.sqrt(independent)))
