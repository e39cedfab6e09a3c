"""Who learns from whom: the folds of an evaluation as it was given, and of one without what was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["FOLDS", "LATE", "Codes", "Fold", "Given", "Rule", "folds_of", "late_rows", "together"]

Codes = NDArray[np.int64]
FOLDS = 5
LATE = 0.2
"""The share of the rows scored that a split in time keeps for the test: as large as a fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The rows that a model learns from, and those that it is scored on."""

    train: Codes
    test: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The evaluation as it was given, of n rows: `stratum` (n,) is dealt evenly to random folds.

    `is_test` (n,) marks the test rows where there is a test table; `fold` (n,) numbers declared folds. With neither, it
    is taken to be a random cross-validation.
    """

    stratum: Codes
    is_test: NDArray[np.bool_] | None = None
    fold: Codes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a valid split keeps: each of `groups` (n,) on one side; test rows late, `gap` after the train rows.

    `moment` (n,) grows with time, NaN where unknown; `copies` are codes (n,), -1 for none, whose train rows leave when
    a test row has the same.
    """

    groups: Codes | None = None
    moment: NDArray[np.float64] | None = None
    gap: float = 0.0
    copies: tuple[Codes, ...] = ()


def folds_of(given: Given, rule: Rule, scored: NDArray[np.bool_], seed: int) -> list[Fold]:
    """Return the folds whose test rows are those of `scored` (n,) that the rule can score, each once."""
    everyone = np.arange(len(given.stratum))
    may_learn, may_score = np.ones(len(everyone), np.bool_), scored
    if rule.moment is not None:
        late = late_rows(rule.moment, scored)
        may_score = scored & late
        start = rule.moment[may_score].min() if may_score.any() else -np.inf
        may_learn = rule.moment < start - rule.gap  # false where unknown
    if rule.groups is not None:
        fold = _dealt_groups(rule.groups, given, seed)
    elif rule.moment is not None:
        fold = None
    elif given.is_test is not None:
        fold, may_learn = None, ~given.is_test
    else:
        fold = _dealt(given.stratum, seed) if given.fold is None else given.fold
    if fold is None:
        made = [Fold(train=everyone[may_learn], test=everyone[may_score])]
    else:
        sides = [(fold != number, fold == number) for number in np.unique(fold)]
        made = [Fold(train=everyone[ours & may_learn], test=everyone[other & may_score]) for ours, other in sides]
    return [_without_copies(one, rule.copies) for one in made if len(one.test)]


def late_rows(moment: NDArray[np.float64], scored: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which rows are among the last LATE of the scored ones, shape (n,); equal moments stay together."""
    known = np.sort(moment[scored & ~np.isnan(moment)])
    if not len(known):
        return np.zeros(len(moment), np.bool_)
    cut = known[min(int(np.ceil(len(known) * (1 - LATE))), len(known) - 1)]
    if cut == known[0]:  # more than the early part is one moment: what comes after it is late
        later = known[known > cut]
        return moment > cut if len(later) else np.zeros(len(moment), np.bool_)
    late: NDArray[np.bool_] = moment >= cut
    return late


def together(keys: Sequence[Codes]) -> Codes:
    """Number rows so that those that share a value of any key share a number; -1 in a key ties to no other row.

    >>> together([np.array([0, 0, 1, -1]), np.array([5, 6, 6, -1])])
    array([0, 0, 0, 1])
    """
    n = len(keys[0])
    rows, nodes, first = [], [], n
    for key in keys:
        there = np.flatnonzero(key >= 0)
        _, code = np.unique(key[there], return_inverse=True)
        rows.append(there)
        nodes.append(first + code)
        first += int(code.max(initial=-1)) + 1
    ends = np.concatenate(rows), np.concatenate(nodes)
    graph = coo_array((np.ones(len(ends[0]), np.bool_), ends), shape=(first, first))
    _, component = connected_components(graph, directed=False)
    _, number = np.unique(component[:n], return_inverse=True)
    return number.astype(np.int64)


def _dealt(stratum: Codes, seed: int, folds: int = FOLDS) -> Codes:
    """Deal rows to folds at random, each stratum evenly."""
    order = np.random.default_rng(seed).permutation(len(stratum))
    order = order[np.argsort(stratum[order], kind="stable")]
    fold = np.empty(len(stratum), np.int64)
    fold[order] = np.arange(len(stratum)) % folds
    return fold


def _dealt_groups(groups: Codes, given: Given, seed: int) -> Codes:
    """Deal whole groups to folds: those of a like label evenly, the largest first."""
    _, group = np.unique(groups, return_inverse=True)
    sizes = np.bincount(group)
    label = np.bincount(group, weights=given.stratum) / sizes
    size_class = np.floor(np.log2(sizes))
    draw = np.random.default_rng(seed).random(len(sizes))
    order = np.lexsort((draw, np.round(label, 1), -size_class))
    share = 1 / FOLDS if given.is_test is None else float(given.is_test.mean())
    folds = min(max(round(1 / share), 2), 10, len(sizes))
    fold = np.empty(len(sizes), np.int64)
    fold[order] = np.arange(len(sizes)) % folds
    dealt: Codes = fold[group]
    return dealt


def _without_copies(fold: Fold, copies: Sequence[Codes]) -> Fold:
    train = fold.train
    for code in copies:
        held = code[fold.test]
        train = train[~np.isin(code[train], held[held >= 0])]
    return Fold(train=train, test=fold.test)
