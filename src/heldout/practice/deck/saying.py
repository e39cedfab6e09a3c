"""What an explanation has to say, with the probe's options in an order that gives nothing away."""

from collections.abc import Sequence

import numpy as np

from heldout.practice.deck.choices import shuffled
from heldout.practice.point import Point, Probe, Said

__all__ = ["point"]


def point(  # noqa: PLR0917 - reads like the point
    rng: np.random.Generator,
    says: str,
    anchors: Sequence[Sequence[str]],
    ask: str,
    right: str,
    wrong: Sequence[str],
    *,
    denied: bool = False,
    number: tuple[float, float] | None = None,
) -> Point:
    """Return a point that is named after what it says; `number` is a value that has to be named, and its tolerance."""
    options, credit = shuffled(rng, [(right, 1.0), *((text, 0.0) for text in wrong)])
    return Point(
        name=" ".join(says.split()[:6]).rstrip(".,:;"),
        says=says,
        anchors=tuple(tuple(group) for group in anchors),
        probe=Probe(ask=ask, options=options, right=credit.index(1.0)),
        denied=denied,
        number=None if number is None else Said(value=number[0], tolerance=number[1]),
    )
