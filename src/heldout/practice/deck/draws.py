"""The random numbers of a drill: those that it shares with its clean twin, and those of its own world."""

from collections.abc import Callable
from typing import TypeVar
from zlib import crc32

import numpy as np

from heldout.practice.drill import Difficulty

__all__ = ["drawn", "own", "shared"]

World = TypeVar("World")

MOST_DRAWS = 2000
"""A kind whose evidence so rarely decides is badly made."""


def shared(kind: str, seed: int, difficulty: Difficulty) -> np.random.Generator:
    """Return the generator of what a drill and its clean twin share: who it is about, and the order of the options.

    The kind's name enters, so that drills of one seed are about others, and their right options stand elsewhere.
    """
    return np.random.default_rng([crc32(kind.encode()), seed, difficulty])


def own(seed: int, difficulty: Difficulty, planted: bool) -> np.random.Generator:
    """Return the generator of a world's numbers, another one for the clean twin."""
    return np.random.default_rng([seed, difficulty, planted])


def drawn(
    seed: int,
    difficulty: Difficulty,
    planted: bool,
    draw: Callable[[np.random.Generator, Difficulty, bool], World],
    decides: Callable[[World, bool], bool],
) -> World:
    """Return the first world of `draw` whose evidence decides: a key that a fair reader could dispute enters no drill.

    Raises RuntimeError where none of 2,000 does.
    """
    for attempt in range(MOST_DRAWS):
        world = draw(np.random.default_rng([seed, difficulty, planted, attempt]), difficulty, planted)
        if decides(world, planted):
            return world
    raise RuntimeError(f"no decisive world at seed {seed}, difficulty {difficulty}, planted {planted}")
