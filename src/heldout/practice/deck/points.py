"""What an explanation has to say: that something holds or not, or a number; with a probe that gives nothing away."""

from collections.abc import Sequence

import numpy as np

from heldout.practice.deck.choices import shuffled
from heldout.practice.point import Point, Probe, Said

__all__ = ["Anchors", "number_point", "point", "probe", "verdict_point"]

Anchors = Sequence[Sequence[str]]


def probe(rng: np.random.Generator, ask: str, right: str, *wrong: str) -> Probe:
    """Return a probe whose options stand in an order by chance."""
    options, credit = shuffled(rng, [(right, 1.0), *((text, 0.0) for text in wrong)])
    return Probe(ask=ask, options=options, right=credit.index(1.0))


def point(  # noqa: PLR0917 - reads like the point
    rng: np.random.Generator,
    says: str,
    anchors: Anchors,
    ask: str,
    right: str,
    wrong: Sequence[str],
    *,
    name: str = "",
    denied: bool = False,
    number: tuple[float, float] | None = None,
) -> Point:
    """Return a point, named after what it says; `number` is a value that has to be named, and its tolerance."""
    return Point(
        name=name or " ".join(says.split()[:6]).rstrip(".,:;"),
        says=says,
        anchors=tuple(tuple(group) for group in anchors),
        probe=probe(rng, ask, right, *wrong),
        denied=denied,
        number=None if number is None else Said(value=number[0], tolerance=number[1]),
    )


def verdict_point(
    rng: np.random.Generator, name: str, ask: str, *options: str, holds: bool, says: tuple[str, str], anchors: Anchors
) -> Point:
    """Return the point that something holds, or that it does not.

    `says` and `options` give first what is affirmed, then its denial; further options of the probe are wrong.
    """
    right = options[0] if holds else options[1]
    wrong = [one for one in options if one != right]
    return point(rng, says[0] if holds else says[1], anchors, ask, right, wrong, name=name, denied=not holds)


def number_point(
    rng: np.random.Generator, name: str, ask: str, *options: str, says: str, anchors: Anchors, said: Said
) -> Point:
    """Return a point that names a number; the first of the probe's `options`, which may be alike, is right."""
    right, *wrong = dict.fromkeys(options)
    return point(rng, says, anchors, ask, right, wrong, name=name, number=(said.value, said.tolerance))
