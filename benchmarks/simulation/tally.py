"""Counts over many worlds: how often an interval covers the truth, is undefined, or a test rejects."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.simulation.worlds import Sample, World
from heldout import stats
from heldout.core.estimate import Estimate

__all__ = ["ALPHA", "LEVEL", "Cell", "Tally", "broken_promise", "tally_of"]

LEVEL = 0.95
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One method in one world. `kind` is what is promised of it:

    "guaranteed": at least the nominal level; "approximate": the level give or take .02; "discrete": what exact
    enumeration says (`exact`); "told": no promise, the figure is printed; "test": rejects at most as often as alpha.
    `asks` gives an Estimate, or for a test its p-value.
    """

    method: str
    kind: str
    world: World
    asks: Callable[..., Estimate | float | None]
    worlds: int = 2000
    exact: float | None = None

    @property
    def name(self) -> str:
        """The cell's name, from which its seed is derived."""
        return f"{self.method} | {self.world.where}"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Of `worlds`, `defined` gave an answer and `hits` of these covered the truth (a test: rejected at .05)."""

    cell: Cell
    worlds: int
    defined: int
    hits: int

    @property
    def share(self) -> float | None:
        """Hits among the worlds with an answer; None where hardly any had one."""
        return self.hits / self.defined if self.defined >= self.worlds / 20 else None

    def interval(self, cells: int) -> tuple[float, float]:
        """Return the exact interval of the share at .95, Bonferroni over `cells`."""
        exact = stats.clopper_pearson(self.hits, self.defined, 1 - 0.05 / cells)
        assert exact.low is not None
        assert exact.high is not None
        return exact.low, exact.high


def tally_of(cell: Cell) -> Tally:
    """Draw the cell's worlds, from a seed that is derived from its name, and count."""
    rng = np.random.default_rng(zlib.crc32(cell.name.encode()))
    answers = [_hit(cell, cell.world.draw(rng)) for _ in range(cell.worlds)]
    defined = [answer for answer in answers if answer is not None]
    return Tally(cell=cell, worlds=cell.worlds, defined=len(defined), hits=sum(defined))


def _hit(cell: Cell, sample: Sample) -> bool | None:
    """Tell whether the answer covers the truth, or rejects; None where it is undefined."""
    answer = cell.asks(*sample)
    if isinstance(answer, Estimate):
        if answer.low is None or answer.high is None:
            return None
        return bool(answer.low <= cell.world.truth <= answer.high)
    return None if answer is None else bool(answer <= ALPHA)


LEEWAY = 0.02
"""How far the coverage of an approximate interval may lie from its level inside its domain."""


def broken_promise(tally: Tally, cells: int) -> str | None:
    """Say how the share contradicts what is promised of the cell, beyond chance; None where it does not."""
    cell = tally.cell
    if tally.share is None or cell.kind == "told":
        return None
    low, high = tally.interval(cells)
    found = f"{cell.name}: {tally.share:.3f} [{low:.3f}, {high:.3f}] of {tally.defined}"
    if cell.exact is not None and not low <= cell.exact <= high:
        return f"{found}, and enumeration says {cell.exact:.4f}"
    if cell.kind == "guaranteed" and high < LEVEL:
        return f"{found}, and at least {LEVEL} is guaranteed"
    if cell.kind == "approximate" and not (low <= LEVEL + LEEWAY and high >= LEVEL - LEEWAY):
        return f"{found}, and {LEVEL} ± {LEEWAY} is promised"
    if cell.kind == "test" and low > ALPHA:
        return f"{found}, and at most {ALPHA} may be rejected"
    return None
