"""Finds columns that are distributed otherwise in test than in train."""

from dataclasses import dataclass

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.split_evidence import CovariateShift as Shift
from heldout.core.split_evidence import TwoShares
from heldout.stats import interval_difference, newcombe

GATE = 0.05  # share of the rows that would have to move
CLEAR_LEVEL = 0.95  # of the interval that says that a column differs by less
SHOWN = 4  # columns that the claim names
MINIMUM_EFFECT = 0.3
"""Share of 2,000 test rows of which a column moved to other values, or lost them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    column: str
    told: str
    shown: Estimate
    low: float
    high: float


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
    before: seasons are no news. It is clear when {CLEAR_LEVEL} intervals say that no column exceeds it. Times, keys,
    row numbers and what moves with time (rank correlation .9, or a change from fewer than one row in 100 to the next)
    are left out, and columns are looked at one by one. Rows of a declared entity count by their design effect; 100,000
    rows of each table at most. It promises to find a share of {MINIMUM_EFFECT} of 2,000 test rows moved.
    """
    columns = covariate_shift.columns
    if not columns:
        return not_applicable("No column is left to compare but times and keys.")
    alpha = alpha_of("split") / (4 * len(columns))  # values and nulls, ours and those of the windows
    moves = [_move(c.column, c.grown, c.values, c.values_before, alpha) for c in columns]
    moves += [_move(c.column, "empty", c.nulls, c.nulls_before, alpha) for c in columns if c.nulls is not None]
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
    open_ = sorted({m.column for m in moves if m.high > GATE})
    if open_:
        claim = (
            f"Whether {len(open_)} of {len(columns)} columns differ by more than {GATE:.0%} of the rows cannot be told"
        )
        return caution(f"{claim} at this n; the largest difference is that of {largest.column}.", measures=measures)
    return clear(f"None of {len(columns)} columns differs by more than {GATE:.0%} of the rows.", measures=measures)


def _move(column: str, what: str, two: TwoShares, before: TwoShares | None, alpha: float) -> _Move:
    shown = _difference(two, CLEAR_LEVEL)
    low, high = _excess(two, before, 1 - 2 * alpha).low, _excess(two, before, CLEAR_LEVEL).high
    shares = [hits / max(n, 1) for hits, n in ((two.train_hits, two.train_n), (two.test_hits, two.test_n))]
    told = f"{what}: {shares[0]:.1%} to {shares[1]:.1%}"
    high = 1.0 if high is None else high
    return _Move(column=column, told=told, shown=shown, low=-1.0 if low is None else low, high=high)


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
