"""Options in an order that gives nothing away, and how a solution finds its option again: by its text."""

from collections.abc import Iterable, Sequence

import numpy as np

from heldout.practice.drill import Shown

__all__ = ["option", "ranked", "shuffled", "shuffled_steps"]


def shuffled(
    rng: np.random.Generator, options: Iterable[tuple[str, float]]
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the texts of `options` (text, share of the points) in an order by chance, and their shares likewise.

    The order in which they are given, which may tell the key, leaves no trace. Raises ValueError where two options have
    the same text.
    """
    credit = dict(given := list(options))
    if len(credit) < len(given):
        raise ValueError(f"two options have the same text: {sorted(text for text, _ in given)}")
    texts = sorted(credit)
    chosen = tuple(texts[place] for place in rng.permutation(len(texts)))
    return chosen, tuple(float(credit[text]) for text in chosen)


def shuffled_steps(rng: np.random.Generator, steps: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return steps, two or more in their right order, in another by chance, and the places that put them right.

    Takes one number from `rng`, however often it draws, so that what follows is drawn alike whatever is right.
    """
    texts, right = sorted(steps), tuple(steps)
    own, drawn = np.random.default_rng(rng.integers(2**32)), tuple(steps)
    while drawn == right:  # in their right order they would be an answer already
        drawn = tuple(texts[place] for place in own.permutation(len(texts)))
    return drawn, tuple(drawn.index(step) for step in steps)


def option(shown: Shown, name: str, text: str) -> int:
    """Return the place of the option `text` of a question; raises KeyError and ValueError for what is not there."""
    return _options(shown, name).index(text)


def ranked(shown: Shown, name: str, texts: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the options in the order of `texts`; raises KeyError and ValueError."""
    options = _options(shown, name)
    return tuple(options.index(text) for text in texts)


def _options(shown: Shown, name: str) -> tuple[str, ...]:
    return {one.name: one.options for one in shown.questions}[name]
