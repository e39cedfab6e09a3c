"""Several cards of one brief side by side: places with ties, differences with intervals, evidence that differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heldout.core.card import Card
from heldout.core.card_order import TIER, Ordered, order_of
from heldout.core.estimate import Estimate
from heldout.core.finding import Ending, Finding

__all__ = ["EvidenceDiffers", "PairDifference", "Place", "SideBySide", "side_by_side"]

WORST = (
    Ending.PROBLEM,
    Ending.CRASHED,
    Ending.CAUTION,
    Ending.NO_EVIDENCE,
    Ending.CLEAR,
    Ending.NOT_APPLICABLE,
)
"""Of several answers of one check the first of these stands for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDifference:
    """How much further one submission is from the other: above 0 where `first` is better.

    `is_paired` where both predicted the same final rows and the difference is theirs, row by row, in the metric's
    units. Else it is that of the two lifts as if they shared no rows, in the lift's units: they share the rows and the
    baseline, so that its interval is too wide rather than too narrow, and a tie may be none.
    """

    first: str
    second: str
    estimate: Estimate
    is_paired: bool

    @property
    def is_tie(self) -> bool | None:
        """True where the interval covers 0, None where there is no interval."""
        low, high = self.estimate.low, self.estimate.high
        return None if low is None or high is None else low <= 0 <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a submission stands.

    `place` is its place in the rubric's order, the same for those that nothing tells apart. `by_axes` is its place by
    the weighted axes alone, equal scores sharing one, None where its score is undefined. `by_lift` are the first and
    the last place that its lift may have: one more than are surely better, and as many as are not surely worse. None
    without a lift.
    """

    submission: str
    place: int
    is_shared: bool
    by_axes: int | None
    by_lift: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDiffers:
    """A check that ended differently for two submissions, with what it claims of each; None where it was not asked."""

    code: str
    name: str
    family: str
    first: str
    first_ending: Ending | None
    first_claim: str
    second: str
    second_ending: Ending | None
    second_claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Cards in order, their places, each pair's difference, and what ends differently for the leader and each other."""

    title: str
    cards: tuple[Card, ...]
    ordered: Ordered
    places: tuple[Place, ...]
    differences: tuple[PairDifference, ...]
    evidence: tuple[EvidenceDiffers, ...]


def side_by_side(cards: Sequence[Card], differences: Sequence[PairDifference]) -> SideBySide:
    """Put cards of one brief in order; `differences` has one for each pair of them, in either direction."""
    ordered = order_of(cards)
    at = {name: place for place, name in enumerate(ordered.names)}
    cards = sorted(cards, key=lambda card: at[card.submission])
    ahead = {name: _ahead_by_lift(name, differences) for name in ordered.names}
    return SideBySide(
        title=cards[0].eval_title if cards else "",
        cards=tuple(cards),
        ordered=ordered,
        places=_places(cards, ordered, ahead, differences),
        differences=tuple(differences),
        evidence=tuple(one for other in cards[1:] for one in _differing(cards[0], other)),
    )


def _ahead_by_lift(name: str, differences: Sequence[PairDifference]) -> set[str]:
    """Return who is surely better by the lift: the interval of the difference lies beyond 0."""
    found = set()
    for one in differences:
        low, high = one.estimate.low, one.estimate.high
        if one.second == name and low is not None and low > 0:
            found.add(one.first)
        if one.first == name and high is not None and high < 0:
            found.add(one.second)
    return found


def _places(
    cards: Sequence[Card], ordered: Ordered, ahead: Mapping[str, set[str]], differences: Sequence[PairDifference]
) -> tuple[Place, ...]:
    numbers = {one.submission: 1 + sum(_is_ahead(other, one, ordered, ahead) for other in cards) for one in cards}
    known = sorted((score for score in ordered.scores.values() if score is not None), reverse=True)
    compared = {name for one in differences if one.is_tie is not None for name in (one.first, one.second)}
    found = []
    for card in cards:
        name, score = card.submission, ordered.scores[card.submission]
        below = sum(name in others for others in ahead.values())
        has_lift = card.lift is not None and card.lift.estimate.is_defined
        lasts = sum(other.lift is not None and other.lift.estimate.is_defined for other in cards)
        found.append(
            Place(
                submission=name,
                place=numbers[name],
                is_shared=list(numbers.values()).count(numbers[name]) > 1,
                by_axes=None if score is None else 1 + known.index(score),
                by_lift=(1 + len(ahead[name]), lasts - below)
                if has_lift and (name in compared or lasts == 1)
                else None,
            )
        )
    return tuple(found)


def _is_ahead(one: Card, other: Card, ordered: Ordered, ahead: Mapping[str, set[str]]) -> bool:
    """Tell whether `one` stands before `other`: by band, then by the axes, then by a lift that is surely higher."""
    tiers = TIER[one.decision.band], TIER[other.decision.band]
    if tiers[0] != tiers[1]:
        return tiers[0] < tiers[1]
    scores = ordered.scores[one.submission], ordered.scores[other.submission]
    if scores[0] != scores[1]:
        return scores[1] is None or (scores[0] is not None and scores[0] > scores[1])
    return one.submission in ahead[other.submission]


def _differing(one: Card, other: Card) -> list[EvidenceDiffers]:
    """Return the checks that ended differently, in the order of the first card, then of the second."""
    first, second = _by_code(one), _by_code(other)
    found = []
    for code in dict.fromkeys((*first, *second)):
        ours, theirs = first.get(code), second.get(code)
        some = ours or theirs
        if some is None or (ours and theirs and ours.ending is theirs.ending):
            continue
        found.append(
            EvidenceDiffers(
                code=code,
                name=some.name,
                family=some.family,
                first=one.submission,
                first_ending=ours.ending if ours else None,
                first_claim=ours.answer.claim if ours else "",
                second=other.submission,
                second_ending=theirs.ending if theirs else None,
                second_claim=theirs.answer.claim if theirs else "",
            )
        )
    return found


def _by_code(card: Card) -> dict[str, Finding]:
    """Return one finding of each code: the worst of its answers."""
    found: dict[str, Finding] = {}
    for finding in card.findings:
        before = found.get(finding.code)
        if before is None or WORST.index(finding.ending) < WORST.index(before.ending):
            found[finding.code] = finding
    return found
