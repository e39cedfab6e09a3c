"""The two sorts of points that most explanations have to make: what holds or does not, and a number."""

import numpy as np

from heldout.practice.deck.orders import probe
from heldout.practice.point import Point, Said

__all__ = ["Anchors", "number_point", "verdict_point"]

Anchors = tuple[tuple[str, ...], ...]


def verdict_point(
    rng: np.random.Generator, name: str, ask: str, *options: str, holds: bool, says: tuple[str, str], anchors: Anchors
) -> Point:
    """Return the point that something holds, or that it does not.

    `says` and `options` give first what is affirmed, then its denial; further options of the probe are wrong.
    """
    right = options[0] if holds else options[1]
    return Point(
        name=name,
        says=says[0] if holds else says[1],
        anchors=anchors,
        denied=not holds,
        probe=probe(rng, ask, right, *(one for one in options if one != right)),
    )


def number_point(
    rng: np.random.Generator, name: str, ask: str, *options: str, says: str, anchors: Anchors, said: Said
) -> Point:
    """Return a point that names a number; the first of the probe's `options` is right."""
    right, *wrong = options
    return Point(
        name=name,
        says=says,
        anchors=anchors,
        number=said,
        probe=probe(rng, ask, right, *dict.fromkeys(one for one in wrong if one != right)),
    )
