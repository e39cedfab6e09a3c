"""Options in an order that gives nothing away, and how a solution finds its option again: by its text."""

from collections.abc import Sequence

import numpy as np

from heldout.practice.drill import Shown

__all__ = ["option", "ranked", "shuffled"]


def shuffled(
    rng: np.random.Generator, options: Sequence[tuple[str, float]]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the texts of `options` (text, share of the points) in an order by chance, and their shares likewise.

    Raises ValueError where two options have the same text.
    """
    if len({text for text, _ in options}) < len(options):
        raise ValueError(f"two options have the same text: {sorted(text for text, _ in options)}")
    chosen = [options[place] for place in rng.permutation(len(options))]
    return tuple(text for text, _ in chosen), tuple(float(credit) for _, credit in chosen)


def option(shown: Shown, name: str, text: str) -> int:
    """Return the place of the option `text` of a question; raises KeyError and ValueError for what is not there."""
    return _options(shown, name).index(text)


def ranked(shown: Shown, name: str, texts: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the options in the order of `texts`; raises KeyError and ValueError."""
    options = _options(shown, name)
    return tuple(options.index(text) for text in texts)


def _options(shown: Shown, name: str) -> tuple[str, ...]:
    return {one.name: one for one in shown.questions}[name].options
