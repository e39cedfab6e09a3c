"""One random stream per block of resamples, so that the result depends on the seed alone."""

from collections.abc import Iterator

import numpy as np

from heldout.stats.sample import BadSample

__all__ = ["seeded_blocks"]


def seeded_blocks(resamples: int, size: int, seed: int) -> Iterator[tuple[int, np.random.Generator]]:
    """Yield (number of resamples, generator) of blocks of `size`, the last one perhaps smaller.

    Raises BadSample unless there are two resamples at least and the seed is a whole number of 0 or more.

    >>> [count for count, _ in seeded_blocks(10, 4, seed=1)]
    [4, 4, 2]
    """
    if resamples < 2:
        raise BadSample(f"{resamples} resamples", expected="two at least")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise BadSample(f"the seed {seed!r} starts no generator", expected="a whole number of 0 or more")
    children = np.random.SeedSequence(seed).spawn(-(-resamples // size))
    for i, child in enumerate(children):
        yield min(size, resamples - i * size), np.random.default_rng(child)
