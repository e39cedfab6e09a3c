"""Runs of consecutive parts of an order in which one class has every row, against how its share varies elsewhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PureSlice", "pure_slices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PureSlice:
    """Parts `first` to `last` hold `rows` rows, all of class `winner`; elsewhere its share is `share` with `spread`.

    `spread` is the standard deviation of the share over the `others` parts outside the slice, so it holds chance,
    drift and autocorrelation alike. `log_p` is the log chance of the slice at `share`, times the slices there are.
    """

    first: int
    last: int
    winner: int
    rows: int
    share: float
    spread: float
    others: int
    log_p: float


def pure_slices(counts: NDArray[np.float64]) -> list[PureSlice]:
    """Return the longest runs of one class among parts in order; `counts` (parts, classes) holds rows.

    >>> found = pure_slices(np.array([[9.0, 0], [8, 0], [5, 4], [4, 5], [5, 5]]))
    >>> [(s.first, s.last, s.winner, s.rows) for s in found]
    [(0, 1, 0, 17)]
    """
    places = np.flatnonzero(counts.sum(axis=1) > 0)
    kept = counts[places]
    winners = np.where((kept > 0).sum(axis=1) == 1, kept.argmax(axis=1), -1)
    if not len(winners):
        return []
    starts = np.flatnonzero(np.concatenate([[True], winners[1:] != winners[:-1]]))
    ends = [*(starts[1:] - 1), len(winners) - 1]
    runs = [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if winners[a] >= 0]
    found = (_slice(kept, places, a, b, int(winners[a])) for a, b in runs)
    return [one for one in found if one is not None]


def _slice(kept: NDArray[np.float64], places: NDArray[np.int64], a: int, b: int, winner: int) -> PureSlice | None:
    others = np.delete(kept, slice(a, b + 1), axis=0)
    if len(others) < 2:
        return None
    share = float(others[:, winner].sum() / others.sum())
    spread = float(np.std(others[:, winner] / others.sum(axis=1), ddof=1))
    rows = float(kept[a : b + 1].sum())
    ways = len(kept) * (len(kept) + 1) / 2 * kept.shape[1]
    return PureSlice(
        first=int(places[a]),
        last=int(places[b]),
        winner=winner,
        rows=int(rows),
        share=share,
        spread=spread,
        others=len(others),
        log_p=float(rows * np.log(share) + np.log(ways)) if share > 0 else -np.inf,
    )
