"""What makes a label beside sums and products of two: other units, times, comparisons, and sums with a remainder."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from heldout.core.leakage_evidence import Identity
from heldout.stats.comparisons import determined_by_order, told_share
from heldout.stats.equations import copy_equations, unit_of
from heldout.stats.remainders import remainder_of, summands
from heldout.tables.clock import clock_between, clocks_of, elapsed_on
from heldout.tables.equation_search import CONFIRMED, Search, blamed

__all__ = ["compared_with", "copies_of_the_label", "differences_of_times", "left_over"]

Floats = NDArray[np.float64]

LEAST_ROWS = 100
LEAST_FORWARD = 0.5
"""Share of rows on which the later of two times is the later one, at least."""


def copies_of_the_label(search: Search) -> Iterator[Identity]:
    """Yield the columns that rise or fall with the label at every step; those equal to it are counted by profiles."""
    for place in copy_equations(search.x, search.y):
        name, y = search.names[place], search.target
        x = search.columns([name])[:, 0]
        known = np.isfinite(x) & np.isfinite(y)
        if (x[known] == y[known]).all():
            continue
        ranks, other = (np.unique(v[known], return_inverse=True)[1] for v in (y, x))
        yield Identity(
            kind="copy",
            text=f"{name} goes with {search.result} at every step",
            result=search.result,
            is_label=True,
            columns=(name,),
            agreed=max(int((ranks == other).sum()), int((ranks == other.max(initial=0) - other).sum())),
            rows=int(known.sum()),
        )


def left_over(search: Search) -> Iterator[Identity]:
    """Yield a sum of columns that leaves a handful of values of the label over."""
    places, signs = summands(search.x, search.y)
    if not places:
        return
    names, y = tuple(search.names[p] for p in places), search.target
    agreed, values = remainder_of(search.columns(names), y, signs)
    mixed = search.x[:, list(places)][np.random.default_rng(0).permutation(len(search.y))]
    terms = "".join(f" {'-' if sign > 0 else '+'} {name}" for name, sign in zip(names, signs, strict=True))
    yield Identity(
        kind="remainder",
        text=f"{search.result}{terms} takes {values} value{'s' if values > 1 else ''}",
        result=search.result,
        is_label=True,
        columns=names,
        agreed=agreed,
        rows=int((np.isfinite(y) & search.label.known).sum()),
        chance=remainder_of(mixed, search.y, signs)[0] / len(search.y),
        remainders=values,
    )


def differences_of_times(search: Search) -> Iterator[Identity]:
    """Yield the pairs of times between which the label lies: clock times (HHMM), over midnight too, or moments."""
    clocks = clocks_of(search.names, search.x)
    moments = [j for j, name in enumerate(search.names) if name in search.times]
    unit = unit_of(search.y)
    for is_clock, places in ((True, clocks), (False, moments)):
        for a, b in ((a, b) for a in places for b in places if a != b):
            start, end = search.x[:, a], search.x[:, b]
            agreed, rows = _lies_between(start, end, search.y, unit, is_clock=is_clock)
            if rows < LEAST_ROWS or agreed < CONFIRMED * rows:
                continue
            if not is_clock and np.nanmean(end >= start) < LEAST_FORWARD:
                continue
            mixed, of = _lies_between(
                np.random.default_rng(0).permutation(start), end, search.y, unit, is_clock=is_clock
            )
            names = (search.names[a], search.names[b])
            whole = search.columns(names)
            agreed, rows = _lies_between(whole[:, 0], whole[:, 1], search.target, unit, is_clock=is_clock)
            columns, beside = blamed(names) if is_clock else (names[1:], names[:1])
            yield Identity(
                kind="clock" if is_clock else "elapsed",
                text=f"{search.result} is the time from {names[0]} to {names[1]}",
                result=search.result,
                is_label=True,
                columns=columns,
                beside=beside,
                agreed=agreed,
                rows=rows,
                chance=mixed / max(of, 1),
            )


def compared_with(search: Search, most: int) -> Iterator[Identity]:
    """Yield the pairs of columns of which the larger one tells the class."""
    label = search.label
    for a, b in determined_by_order(search.x, search.sample.codes, len(label.classes))[:most]:
        names = (search.names[a], search.names[b])
        whole = search.columns(names)
        told, rows, largest = told_share(whole[:, 0], whole[:, 1], label.codes, len(label.classes))
        columns, beside = blamed(names)
        yield Identity(
            kind="comparison",
            text=f"which of {names[0]} and {names[1]} is larger tells {label.name}",
            result=search.result,
            is_label=True,
            columns=columns,
            beside=beside,
            agreed=told,
            rows=rows,
            chance=largest / max(rows, 1),
        )


def _lies_between(start: Floats, end: Floats, y: Floats, unit: float, *, is_clock: bool) -> tuple[int, int]:
    if not is_clock:
        return elapsed_on(start, end, y, unit)
    rest = (clock_between(end, start) - y) % 1440
    known = np.isfinite(rest)
    return int((rest[known] == 0).sum()), int(known.sum())
