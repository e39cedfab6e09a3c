"""The order of several cards under the brief's weights, and how far that order depends on the weights."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heldout.core.card import Card
from heldout.core.lift import Band

__all__ = ["TIER", "Ahead", "Ordered", "order_of"]

STEP = 20
"""Weights are tried in steps of one over this, all that sum to 1."""

TIER = {Band.TARGET: 0, Band.PASS: 0, Band.UNDECIDED: 1, Band.FAIL: 2}
"""First who reached the bar (the minimum lift, and an artifact that runs again), whatever the lift beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Two neighbours in the order: the share of all weights under which the first stays ahead, ties counted half.

    `weights` is their number. `is_by_band` where no weight can change it, as their bands are apart.
    """

    first: str
    second: str
    share: float
    weights: int
    is_by_band: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Names in order, the score of each under the brief's weights (None where undefined), and each pair of neighbours.

    `same` is the share of all `weights` under which the whole order is this one.
    """

    names: tuple[str, ...]
    scores: Mapping[str, float | None]
    neighbours: tuple[Ahead, ...]
    same: float
    weights: int


def order_of(cards: Sequence[Card]) -> Ordered:
    """Order cards of one brief by who reached the bar, then the weighted axes, then the lift.

    An axis that no check answered leaves a card's score undefined, and it stands last among those of its band. All
    cards need the same axes.
    """
    axes = [axis.name for axis in cards[0].axes] if cards else []
    brief = [axis.weight for axis in cards[0].axes] if cards else []
    ordered = sorted(cards, key=lambda card: _key(card, brief))
    tried = list(_weights(len(axes)))
    pairs = [_pair(one, other, tried) for one, other in itertools.pairwise(ordered)]
    same = sum(_is_kept(ordered, weights) for weights in tried)
    return Ordered(
        names=tuple(card.submission for card in ordered),
        scores={card.submission: _score(card, brief) for card in ordered},
        neighbours=tuple(pairs),
        same=same / len(tried) if tried else 1.0,
        weights=len(tried),
    )


def _key(card: Card, weights: Sequence[float]) -> tuple[int, float, float]:
    score = _score(card, weights)
    lift = card.lift.estimate.value if card.lift else None
    return TIER[card.decision.band], 1.0 if score is None else -score, 0.0 if lift is None else -lift


def _score(card: Card, weights: Sequence[float]) -> float | None:
    values = [axis.score.value for axis in card.axes]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not values:
        return None
    return round(sum(weight * value for weight, value in zip(weights, known, strict=True)), 12)


def _weights(axes: int) -> list[tuple[float, ...]]:
    if not axes:
        return []
    cuts = itertools.combinations_with_replacement(range(STEP + 1), axes - 1)
    ends = ((0, *cut, STEP) for cut in cuts)
    return [tuple((b - a) / STEP for a, b in itertools.pairwise(end)) for end in ends]


def _pair(one: Card, other: Card, tried: Sequence[Sequence[float]]) -> Ahead:
    is_by_band = TIER[one.decision.band] != TIER[other.decision.band]
    won = sum(_won(one, other, weights) for weights in tried)
    share = 1.0 if is_by_band or not tried else won / len(tried)
    names = {"first": one.submission, "second": other.submission}
    return Ahead(**names, share=share, weights=len(tried), is_by_band=is_by_band)


def _won(one: Card, other: Card, weights: Sequence[float]) -> float:
    first, second = _key(one, weights)[:2], _key(other, weights)[:2]
    return 0.5 if first == second else float(first < second)


def _is_kept(ordered: Sequence[Card], weights: Sequence[float]) -> bool:
    keys = [_key(card, weights) for card in ordered]
    return keys == sorted(keys)
