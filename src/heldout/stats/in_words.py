"""Lifts and confidences as a sentence says them."""

import math

from heldout.core.lift import LiftScale

__all__ = ["amount", "number", "probability"]


def amount(value: float, scale: LiftScale) -> str:
    """Write a lift with its unit: percent, but for the absolute scale.

    >>> amount(0.0832, LiftScale.RELATIVE), amount(-0.0832, LiftScale.ABSOLUTE)
    ('8.3 %', '−0.0832')
    """
    return number(value, scale) + ("" if scale is LiftScale.ABSOLUTE else " %")


def number(value: float, scale: LiftScale) -> str:
    """Write a lift without its unit."""
    text = f"{value:.3g}" if scale is LiftScale.ABSOLUTE else f"{round(100 * value, 1) + 0.0:g}"
    return text.replace("-", "−")


def probability(value: float) -> str:
    """Write a confidence as .998, rounded down, so that it never seems to reach what it does not.

    >>> probability(0.9987), probability(0.99999)
    ('.998', 'above .999')
    """
    if value > 0.999:
        return "above .999"
    if value < 0.001:
        return "below .001"
    return f"{math.floor(value * 1000 + 1e-9) / 1000:g}".removeprefix("0")
