"""Options in an order that the seed decides, so that their places tell nothing."""

from collections.abc import Mapping, Sequence

import numpy as np

from heldout.practice.point import Probe

__all__ = ["probe", "shuffled", "shuffled_steps"]


def shuffled(rng: np.random.Generator, credit_of: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the options in an order drawn by `rng`, and the credit of each in that order."""
    texts = list(credit_of)
    options = tuple(texts[place] for place in rng.permutation(len(texts)))
    return options, tuple(credit_of[option] for option in options)


def shuffled_steps(rng: np.random.Generator, steps: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return steps, two or more in their right order, in another drawn by `rng`, and the places that put them right."""
    drawn = tuple(steps)
    while drawn == tuple(steps):  # in their right order they would be an answer already
        drawn = tuple(steps[place] for place in rng.permutation(len(steps)))
    return drawn, tuple(drawn.index(step) for step in steps)


def probe(rng: np.random.Generator, ask: str, right: str, *wrong: str) -> Probe:
    """Return a probe whose choices stand in an order drawn by `rng`."""
    options, credit = shuffled(rng, {right: 1.0, **dict.fromkeys(wrong, 0.0)})
    return Probe(ask=ask, options=options, right=credit.index(1.0))
