"""Finds columns that are distributed otherwise in test than in train."""

from dataclasses import dataclass

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.plural import how_many
from heldout.core.split_evidence import CovariateShift as Shift
from heldout.core.split_evidence import TwoShares
from heldout.stats import interval_difference, newcombe

GATE = 0.05  # share of the rows that would have to move
SEEN_LEVEL = 0.95  # of the intervals by which a column differs at all
SHOWN = 4  # columns that the claim names
MINIMUM_EFFECT = 0.3
"""Share of 2,000 test rows of which a column moved to other values, or lost them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    column: str
    told: str
    shown: Estimate
    low: float
    is_open: bool


@check("SPL008")
def covariate_shift(covariate_shift: Shift) -> Answer:
    """Find the columns that are distributed otherwise in test than in train, the largest difference first.

    ## Why it matters
    A score on other rows than those the model learned from, or will meet, says how it does there. A column that is
    filled otherwise in test, more often empty or in another unit, is often a fault in how the table was made.

    ## Example
    A column is empty in 5 % of the train rows and in 15 % of the test rows: another system wrote them.

    ## What to do
    Find out why the first columns differ. If the world changed, say so with the score; if the pipeline did, mend it.

    ## Limits
    An effect alone, so `suspect` at most. Values are one range of numbers, or levels, chosen on a third of the rows and
    counted on the others, so the difference is a lower bound of the total variation and free of the optimism of
    choosing. It is a problem when it exceeds {GATE} of the rows by Newcombe's bound, Bonferroni over columns; for a
    split forward in time, when it exceeds by that what the end of train, as long as test, differs by from the rows
    before: seasons are no news. A caution asks for a difference beyond it that is no chance at {SEEN_LEVEL} over all
    columns. Times, keys,
    row numbers and what moves with time (rank correlation .9, or a change from fewer than one row in 100 to the next)
    are left out, and columns are looked at one by one. Rows of a declared entity count by their design effect; 100,000
    rows of each table at most. It promises to find a share of {MINIMUM_EFFECT} of 2,000 test rows moved.
    """
    columns = covariate_shift.columns
    if not columns:
        return not_applicable("No column is left to compare but times and keys.")
    alpha = alpha_of("split") / (4 * len(columns))  # values and nulls, ours and those of the windows
    levels = 1 - 2 * alpha, 1 - (1 - SEEN_LEVEL) / (2 * len(columns))
    moves = [_move(c.column, c.grown, (c.values, c.values_before), levels) for c in columns]
    moves += [_move(c.column, "empty", (c.nulls, c.nulls_before), levels) for c in columns if c.nulls is not None]
    fired = sorted((m for m in moves if m.low > GATE), key=lambda m: -abs(m.shown.value or 0.0))
    beyond = " beyond what train itself does in time" if covariate_shift.by_time else ""
    names = list(dict.fromkeys(m.column for m in fired))
    if fired:
        told = "; ".join(f"{m.column[:40]} ({m.told})" for m in fired[:SHOWN])
        more = f"; and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        one = "column differs" if len(names) == 1 else "columns differ"
        return problem(
            f"{len(names)} of {len(columns)} {one} between train and test{beyond}: {told}{more}.",
            Certainty.SUSPECT,
            to_do=f"Find out why {names[0]} differs: the world, or how the table was made?",
            measures=[Measure(name=f"{m.column}: {m.told}", estimate=m.shown, unit="share") for m in fired],
            witnesses=[Witness(kind="column", where=m.column, note=m.told) for m in fired],
        )
    largest = max(moves, key=lambda m: abs(m.shown.value or 0.0))
    measures = (Measure(name=f"{largest.column}: {largest.told}", estimate=largest.shown, unit="share"),)
    open_ = sorted({m.column for m in moves if m.is_open})
    if open_:
        claim = (
            f"Whether {len(open_)} of {how_many(len(columns), 'column')} differ by more than {GATE:.0%} of the rows "
            "cannot be told"
        )
        return caution(f"{claim} at this n; the largest difference is that of {largest.column}.", measures=measures)
    claim = f"None of {how_many(len(columns), 'column')} is seen to differ by more than {GATE:.0%} of the rows."
    return clear(claim, measures=measures)


def _move(column: str, what: str, shares: tuple[TwoShares, TwoShares | None], levels: tuple[float, float]) -> _Move:
    (two, before), shown = shares, _difference(shares[0], SEEN_LEVEL)
    low, seen = _excess(two, before, levels[0]).low, _excess(two, before, levels[1])
    there = [hits / max(n, 1) for hits, n in ((two.train_hits, two.train_n), (two.test_hits, two.test_n))]
    told = f"{what}: {there[0]:.1%} to {there[1]:.1%}"
    is_open = (seen.low or 0.0) > 0 and (seen.value or 0.0) > GATE
    return _Move(column=column, told=told, shown=shown, low=-1.0 if low is None else low, is_open=is_open)


def _excess(two: TwoShares, before: TwoShares | None, level: float) -> Estimate:
    """Return the difference, less that of the end of train where there is one, and never more than itself."""
    ours = _difference(two, level)
    if before is None:
        return ours
    excess = interval_difference(ours, _difference(before, level))
    return excess if not (excess.is_defined and ours.is_defined) or (excess.low or 0) < (ours.low or 0) else ours


def _difference(two: TwoShares, level: float) -> Estimate:
    """Return by how much the shares differ, in either direction."""
    test, train = (two.test_hits, two.test_n), (two.train_hits, two.train_n)
    return newcombe(*test, *train, level) if two.difference >= 0 else newcombe(*train, *test, level)
