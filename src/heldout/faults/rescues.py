"""Rescues in which everything planted was named and mended, but for what a planter takes away."""

import numpy as np

from heldout.core.rescue_evidence import Rescue

__all__ = ["rescue"]

FEWEST, MOST = 2, 6


def rescue(
    seed: int, *, unnamed: int = 0, left: int = 0, beside: float = 0.0, uncounted: str = "", unknown: int = 0
) -> Rescue:
    """Return a rescue of 2 to 6 leaks; `beside` are rows at which nothing was planted, for each of the leaks."""
    rng = np.random.default_rng(seed)
    planted = int(rng.integers(max(FEWEST, unnamed, left + unknown), MOST + 1))
    others = int(np.ceil(beside * planted)) if beside else int(rng.integers(0, 2))
    named = planted - unnamed
    return Rescue(
        planted=planted,
        named=None if uncounted else named,
        uncounted=uncounted,
        rows=0 if uncounted else named + others,
        unplaced=0,
        others=0 if uncounted else others,
        mended=planted - left - unknown,
        left=left,
        unknown=unknown,
    )
