"""The supported score by refit: one model fitted again with all problems mended, and what each of them is worth.

All evaluations score the same rows, so that every difference is paired by row and its interval is that of the clusters'
influence sums (`heldout.stats.lift`); first-in, last-in and Shapley values are those of a game whose players are mends.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from heldout.core.estimate import Estimate, undefined
from heldout.core.lift import LiftScale
from heldout.engine.refit import FEW_ROWS, CannotFit, Fitter, predicted
from heldout.engine.splits import Codes, Given, Rule, folds_of, late_rows, together
from heldout.stats import score_estimate
from heldout.stats.lift import paired_lift
from heldout.stats.metrics.named import metric_named

__all__ = ["EXACT", "REPEATS", "Evaluation", "Found", "FoundDrop", "Repair", "RepairPrice", "Repriced", "price"]

EXACT = 3
"""Up to so many mends the Shapley value is exact, from all subsets; of more it is over one order and its reverse."""
REPEATS = 3
"""Small tables are dealt to folds, and fitted, so often; the spread between them is in the interval."""

Subset = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One mend: columns that leave, codes (n,) of copies or of groups, or moments (n,) to split by with a gap."""

    name: str
    columns: frozenset[str] = frozenset()
    copies: Codes | None = None
    groups: Codes | None = None
    moment: NDArray[np.float64] | None = None
    gap: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What is evaluated: what is fitted, the split as given, the metric, and the cluster (n,) of each row or None."""

    fitter: Fitter
    given: Given
    metric: str
    cluster: Codes | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairPrice:
    """What one mend takes off the score, alone and after all others; and its mean over all orders, or over two."""

    first_in: Estimate
    last_in: Estimate
    shapley: float | None
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a structure asks for that was found and is no problem, and the cluster (n,) of each row, or None."""

    repair: Repair
    cluster: Codes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDrop:
    """Scores as given and with a found structure respected, on the same rows; the drop alone, and after all mends."""

    as_given: Estimate
    mended: Estimate
    alone: Estimate
    after_all: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repriced:
    """The scores as given, supported and with suspects mended too, and the prices by mend, all on `scored` (n,) rows.

    `as_given_everywhere` is on all rows that the evaluation as given scores; a split in time scores the late ones.
    """

    as_given: Estimate
    as_given_everywhere: Estimate
    supported: Estimate
    price: Estimate
    if_suspects_too: Estimate | None
    prices: tuple[RepairPrice, ...]
    scored: NDArray[np.bool_]
    refits: int
    found: tuple[FoundDrop, ...] = ()


def price(
    evaluation: Evaluation,
    repairs: Sequence[Repair],
    suspects: Sequence[Repair] = (),
    found: Sequence[Found] = (),
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Repriced:
    """Fit again as given, with each mend alone, with all but each, with all, and with suspects too.

    Each of `found` is mended alone and after all `repairs`: what it is worth is told apart, and is in no other number.
    A price is above 0 where the problem flatters the score, whichever way the metric is better.
    """
    everything = [*repairs, *suspects]
    sure = frozenset(range(len(repairs)))
    wanted = _subsets(len(repairs))
    if suspects:
        wanted.append(frozenset(range(len(everything))))
    doubted = frozenset(range(len(everything)))
    places = range(len(everything), len(everything) + len(found))
    everything += [one.repair for one in found]
    wanted += [frozenset({place}) | base for place in places for base in ([frozenset[int](), sure] if sure else [sure])]
    scorable, scored = _scored(evaluation.given, repairs)
    runs: dict[Subset, NDArray[np.float64] | str] = {}
    for number, subset in enumerate(wanted, 1):
        say(f"refit {number} of {len(wanted)}: {_named(subset, everything, sure, doubted)}")
        runs[subset] = _runs(evaluation, [everything[place] for place in sorted(subset)], scorable)
    game = _Game(evaluation, scored, runs)
    nothing: Subset = frozenset()
    return Repriced(
        as_given=game.score(nothing),
        as_given_everywhere=_Game(evaluation, scorable, runs).score(nothing),
        supported=game.score(sure),
        price=game.drop(nothing, sure),
        if_suspects_too=game.score(doubted) if suspects else None,
        prices=tuple(
            RepairPrice(
                first_in=game.drop(nothing, frozenset({place})),
                last_in=game.drop(sure - {place}, sure),
                shapley=game.shapley(place, len(repairs)),
                is_exact=len(repairs) <= EXACT,
            )
            for place in range(len(repairs))
        ),
        scored=scored,
        refits=len(wanted),
        found=tuple(
            _drops(_Game(replace(evaluation, cluster=one.cluster), scorable, runs), frozenset({place}), sure)
            for one, place in zip(found, places, strict=True)
        ),
    )


def _drops(game: "_Game", alone: Subset, sure: Subset) -> FoundDrop:
    nothing: Subset = frozenset()
    return FoundDrop(
        as_given=game.score(nothing, like=alone),
        mended=game.score(alone),
        alone=game.drop(nothing, alone),
        after_all=game.drop(sure, sure | alone) if sure else None,
    )


class _Game:
    """Reads scores and differences on `scored` rows off the predictions (repeats, n) of each subset of mends."""

    def __init__(
        self, evaluation: Evaluation, scored: NDArray[np.bool_], runs: Mapping[Subset, NDArray[np.float64] | str]
    ) -> None:
        fitter = evaluation.fitter
        self._metric = metric_named(evaluation.metric)
        # the score of a row of several classes is how right it is about the true one, which then counts as 1
        self._label = np.ones_like(fitter.label) if fitter.task == "multiclass" else fitter.label
        self._cluster = evaluation.cluster
        self._scored = scored
        self._runs = runs

    def score(self, subset: Subset, like: Subset | None = None) -> Estimate:
        """Return the score of the rows, of those alone that `like` scores too where it is given."""
        runs, other = self._runs[subset], self._runs[subset if like is None else like]
        if isinstance(runs, str) or isinstance(other, str):
            return self._undefined(runs if isinstance(runs, str) else str(other))
        rows = self._rows(runs) & self._rows(other)
        if not rows.any():
            return self._undefined("the split that mends this scores no row")
        cluster = None if self._cluster is None else self._cluster[rows]
        return score_estimate(self._metric, self._label[rows], runs[:, rows], cluster)

    def drop(self, before: Subset, after: Subset) -> Estimate:
        """Return by how much the score is better before some mends than after them."""
        ours, theirs = self._runs[before], self._runs[after]
        if isinstance(ours, str) or isinstance(theirs, str):
            return self._undefined(ours if isinstance(ours, str) else str(theirs))
        rows = self._rows(ours) & self._rows(theirs)
        if not rows.any():
            return self._undefined("there is no row that both score")
        return paired_lift(
            self._label[rows],
            ours[:, rows],
            theirs[:, rows],
            metric=self._metric,
            scale=LiftScale.ABSOLUTE,
            cluster=None if self._cluster is None else self._cluster[rows],
            coverage_worlds=0,
        ).estimate

    def _rows(self, runs: NDArray[np.float64]) -> NDArray[np.bool_]:
        rows: NDArray[np.bool_] = self._scored & ~np.isnan(runs).any(axis=0)
        return rows

    def _undefined(self, reason: str) -> Estimate:
        return undefined(reason, n=int(self._scored.sum()), method="refit")

    def shapley(self, player: int, players: int) -> float | None:
        """Return the mean price over all orders, or over an order and its reverse."""
        sign = 1 if self._metric.higher_is_better else -1
        total = 0.0
        for weight, others in _contexts(player, players):
            before, after = self.score(others).value, self.score(others | {player}).value
            if before is None or after is None:
                return None
            total += weight * sign * (before - after)
        return total


def _contexts(player: int, players: int) -> list[tuple[float, Subset]]:
    """Return which mends come before this one, over orders, with the weight of each set.

    >>> _contexts(0, 2)
    [(0.5, frozenset()), (0.5, frozenset({1}))]
    """
    if players > EXACT:
        return [(0.5, frozenset(range(player))), (0.5, frozenset(range(player + 1, players)))]
    others = [place for place in range(players) if place != player]
    return [
        (factorial(size) * factorial(players - size - 1) / factorial(players), frozenset(chosen))
        for size in range(players)
        for chosen in combinations(others, size)
    ]


def _subsets(players: int) -> list[Subset]:
    """Return the subsets of mends to fit, as given first and all mended second."""
    everyone = frozenset(range(players))
    first: list[Subset] = [frozenset(), everyone]
    if players <= EXACT:
        more = [frozenset(chosen) for size in range(1, players) for chosen in combinations(range(players), size)]
    else:
        more = [frozenset({place}) for place in range(players)] + [everyone - {place} for place in range(players)]
        more += [others for place in range(players) for _, others in _contexts(place, players)]
    return list(dict.fromkeys([*first, *more]))


def _scored(given: Given, repairs: Sequence[Repair]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the rows of test, else all; and those of them that every evaluation scores: late ones if time splits."""
    scorable = np.ones(len(given.stratum), np.bool_) if given.is_test is None else given.is_test
    for repair in repairs:
        if repair.moment is not None:
            return scorable, scorable & late_rows(repair.moment, scorable)
    return scorable, scorable


def _runs(evaluation: Evaluation, repairs: Sequence[Repair], scorable: NDArray[np.bool_]) -> NDArray[np.float64] | str:
    """Return scores of the rows, shape (repeats, n) and NaN where there is none, or why there are none."""
    fitter = evaluation.fitter
    groups = [repair.groups for repair in repairs if repair.groups is not None]
    rule = Rule(
        groups=together(groups) if groups else None,
        moment=next((repair.moment for repair in repairs if repair.moment is not None), None),
        gap=max((repair.gap for repair in repairs), default=0.0),
        copies=tuple(repair.copies for repair in repairs if repair.copies is not None),
    )
    without = frozenset(name for repair in repairs for name in repair.columns)
    repeats = REPEATS if len(fitter.label) < FEW_ROWS else 1
    seeds = range(evaluation.seed, evaluation.seed + repeats)
    try:
        runs = [predicted(fitter, folds_of(evaluation.given, rule, scorable, seed), without, seed) for seed in seeds]
    except CannotFit as reason:
        return str(reason)
    return np.stack(runs)


def _named(subset: Subset, repairs: Sequence[Repair], sure: Subset, doubted: Subset) -> str:
    if not subset:
        return "as given"
    if subset - doubted:
        (place,) = subset - doubted
        return f"{repairs[place].name}, which was found{' (all mended)' if subset & sure else ''}"
    if subset == sure and len(sure) > 1:
        return "with every proven and strong problem mended"
    if subset > sure:
        return "with the suspects mended too"
    if len(subset) == len(sure) - 1 > 1:
        (left,) = sure - subset
        return f"all mended but: {repairs[left].name}"
    return " and ".join(repairs[place].name for place in sorted(subset))
