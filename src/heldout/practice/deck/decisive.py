"""Worlds drawn until their evidence decides: a key that a fair reader could dispute enters no drill."""

from collections.abc import Callable
from typing import TypeVar
from zlib import crc32

import numpy as np

from heldout.practice.drill import Difficulty

__all__ = ["drawn", "scene"]

World = TypeVar("World")

MOST_DRAWS = 2000
"""A kind whose evidence so rarely decides is badly made."""


def scene(kind: str, seed: int, difficulty: Difficulty) -> np.random.Generator:
    """Return the generator of what a drill and its clean twin share: the team, and the order of the options.

    The kind's name enters, so that drills of one seed have other teams, and their right options stand elsewhere.
    """
    return np.random.default_rng([crc32(kind.encode()), seed, difficulty])


def drawn(
    seed: int,
    difficulty: Difficulty,
    planted: bool,
    draw: Callable[[np.random.Generator, Difficulty, bool], World],
    decides: Callable[[World, bool], bool],
) -> World:
    """Return the first world of `draw` that decides; raises RuntimeError where none of 2,000 does."""
    for attempt in range(MOST_DRAWS):
        world = draw(np.random.default_rng([seed, difficulty, planted, attempt]), difficulty, planted)
        if decides(world, planted):
            return world
    raise RuntimeError(f"no decisive world at seed {seed}, difficulty {difficulty}, planted {planted}")
