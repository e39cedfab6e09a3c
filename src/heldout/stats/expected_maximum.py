"""How far the best of several scores on the same rows lies above its own worth, by luck alone."""

import numpy as np
from scipy import special

from heldout.stats.sample import whole_number

__all__ = ["expected_maximum"]

EDGE = 40.0
"""Beyond it a standard normal value is not met in 10^300 draws."""

STEPS = 20_001


def expected_maximum(draws: int) -> float:
    """Return the expected maximum of `draws` independent standard normal values, by quadrature.

    E max = ∫₀ (1 - Φ(x)^K) dx - ∫ Φ(x)^K dx below 0 (David & Nagaraja 2003, Order Statistics, §3.1); it stays below
    √(2 ln K). Of scores that correlate, as those of models on the same rows do, it is an upper bound (Slepian 1962).
    Raises BadSample for less than one draw.

    >>> round(expected_maximum(1), 3), round(expected_maximum(2), 3), round(expected_maximum(100), 3)
    (0.0, 0.564, 2.508)
    """
    count = whole_number(draws, "draws", least=1)
    x = np.linspace(0.0, EDGE, STEPS)
    above = -np.expm1(count * special.log_ndtr(x))
    below = np.exp(count * special.log_ndtr(-x))
    return float(np.trapezoid(above - below, x))
