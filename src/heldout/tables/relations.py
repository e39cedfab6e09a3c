"""What a column could hold of the labels around its row: that of a later or earlier row, or a mean over a window."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.tables.contiguous import Contiguous

__all__ = ["Relation", "past_share", "relations"]

Floats = NDArray[np.float64]

STEPS = (1, 2, 3)
CENTRED = (3, 5, 7)
TRAILING = (2, 3, 5, 7)
SEASONS = (*range(1, 32), 48, 168, 336, 364, 365)
"""How many rows back a label may repeat itself, as a calendar makes it: weeks, months, days of hours, years."""

CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A series (n,) made of labels, NaN where it is not there; and the rows on which it is telling, (m,).

    `alike` are the rows of which it is the row's own label. `span` is how many rows beyond the past it reaches: so
    many rows earlier the same series was known.
    """

    holds: str
    reach: str
    span: int
    series: Floats
    telling: NDArray[np.int64]
    alike: NDArray[np.int64]
    is_label: bool
    step: int = 0


def relations(label: Floats, chosen: Contiguous, *, windows: bool) -> Iterator[Relation]:
    """Yield the relations, the innocent ones first. `label` (n,) is in the order of the chosen rows."""
    for reach, sign in (("behind", -1), ("ahead", 1)):
        for step in STEPS:
            series = _strictly(shifted(label, sign * step, chosen.run), sign * step, chosen)
            telling = np.flatnonzero(~np.isnan(series) & ~np.isnan(label) & (series != label))
            yield Relation(
                holds=_step_in_words(step, "next" if sign > 0 else "previous"),
                reach=reach,
                span=step,
                series=series,
                telling=telling,
                alike=np.flatnonzero(series == label),
                is_label=True,
                step=sign * step,
            )
    if windows:
        yield from _windows(label, chosen.run)


def _windows(label: Floats, run: NDArray[np.int64]) -> Iterator[Relation]:
    shapes = [(width, -(width // 2), "centred on") for width in CENTRED]
    shapes += [(width, 1 - width, "that ends with") for width in TRAILING]
    shapes += [(width, 0, "that begins with") for width in TRAILING]
    for width, first, where in shapes:
        total = np.zeros(len(label))
        for offset in range(first, first + width):
            total += shifted(label, offset, run)
        span = first + width
        for word, series in (("mean", total / width), ("sum", total)):
            past = shifted(series, -span, run)
            close = CLOSE * (1 + np.abs(series))
            telling = ~np.isnan(series) & (np.abs(series - label) > close) & ~(np.abs(series - past) <= close)
            yield Relation(
                holds=f"the {word} of the label over {width} rows {where} its own",
                reach="own",
                span=span,
                series=series,
                telling=np.flatnonzero(telling),
                alike=np.zeros(0, np.int64),
                is_label=False,
            )


def past_share(relation: Relation, run: NDArray[np.int64]) -> float:
    """Return on what share of its telling rows a relation is what the same was a season ago, or its straight line on.

    A label that repeats itself, or grows evenly, is known beforehand: then so is that of the next row.
    """
    series, best = relation.series, 0.0
    earlier = [shifted(series, -season, run) for season in SEASONS if season >= relation.span]
    known, before = shifted(series, -relation.span, run), shifted(series, -relation.span - 1, run)
    for guess in (*earlier, known + relation.span * (known - before)):
        at = relation.telling[~np.isnan(guess[relation.telling])]
        if len(at) >= len(relation.telling) / 2:
            best = max(best, float(np.isclose(guess[at], series[at], rtol=CLOSE, atol=CLOSE).mean()))
    return best


def constant_share(relation: Relation) -> float:
    """Return on what share of its telling rows a relation is its commonest value, which any constant column holds.

    Of a rare class the sum over a window that says something is nearly always 1.
    """
    _, counts = np.unique(np.round(relation.series[relation.telling], 9), return_counts=True)
    return float(counts.max(initial=0) / max(len(relation.telling), 1))


def shifted(values: Floats, offset: int, run: NDArray[np.int64]) -> Floats:
    """Return the value `offset` rows further on in the same run, NaN where there is none."""
    moved = np.full(len(values), np.nan)
    if abs(offset) >= len(values):
        return moved
    here, there = (slice(None, len(values) - offset), slice(offset, None))
    if offset < 0:
        here, there = slice(-offset, None), slice(None, offset)
    moved[here] = np.where(run[here] == run[there], values[there], np.nan)
    return moved


def _strictly(series: Floats, offset: int, chosen: Contiguous) -> Floats:
    """Blank pairs whose declared times tie: which of them comes first cannot be told."""
    if chosen.moment is None or not chosen.is_declared:
        return series
    other = shifted(chosen.moment, offset, chosen.run)
    return np.where(other != chosen.moment, series, np.nan)


def _step_in_words(step: int, side: str) -> str:
    return f"the label of the {side} row" if step == 1 else f"the label {step} rows {_ON[side]}"


_ON = {"next": "ahead", "previous": "back"}
