"""What would have moved the band most: a ranked list, computed from a card alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from heldout.core.card import Axis, Card
from heldout.core.estimate import Estimate
from heldout.core.finding import Certainty, Ending, Finding
from heldout.stats import METRICS
from heldout.stats.in_words import amount, probability
from heldout.stats.reproducibility import REPRODUCIBILITY_CLASSES, class_rank

__all__ = ["Moved", "moved_most"]

Kind = Literal["band", "reported score", "axes", "beside"]
KINDS: tuple[Kind, ...] = ("band", "reported score", "axes", "beside")
SHARE_OF = {
    "band": "of what the brief asks",
    "reported score": "of what was reported and is not supported",
    "axes": "of what is missing on the weighted axes",
    "beside": "no weight",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One thing that would have moved the outcome.

    `kind` is what it moves: the band by the default rule, what is left of the reported score, the axes by their
    weights, or nothing by itself. `share` (0 to 1) is its part of that, in the words of `share_of`; None where it
    cannot be told.
    """

    kind: Kind
    what: str
    share: float | None
    share_of: str
    to_do: str


def moved_most(card: Card, *, lowest: str) -> tuple[Moved, ...]:
    """Return what would have moved the band, the supported score and the axes, the largest first within each.

    `lowest` is the reproducibility class that the brief asks for at least. The band comes first, because the default
    rule knows lift and class alone; shares of different kinds are not compared.
    """
    found = [*_band(card, lowest), *_prices(card), *_axes(card), *_beside(card)]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), -(one.share or 0.0))))


def _moved(kind: Kind, what: str, share: float | None, to_do: str) -> Moved:
    bounded = None if share is None else min(max(share, 0.0), 1.0)
    return Moved(kind=kind, what=what, share=bounded, share_of=SHARE_OF[kind], to_do=to_do)


def _band(card: Card, lowest: str) -> Iterator[Moved]:
    if card.lift is None:
        why = card.decision.reasons[0] if card.decision.reasons else "There is no score."
        yield _moved("band", why, 1.0, "Make both commands run from the lock, within the budget of a run.")
        return
    if card.reproducibility in REPRODUCIBILITY_CLASSES and class_rank(card.reproducibility) < class_rank(lowest):
        what = f"Two runs of one seed are “{card.reproducibility}”, and the brief asks for “{lowest}” at least."
        yield _moved("band", what, 1.0, "Draw everything from HELDOUT_SEED, fix the order of rows and threads.")
    lift, asked = card.lift.estimate, card.target
    if lift.value is None:
        yield _moved("band", f"The lift is undefined: {lift.undefined_because}.", None, "Mend what makes it so.")
        return
    at_minimum = card.decision.at_minimum
    short = (asked.target - lift.value) / asked.target if asked.target > 0 else 0.0
    unsure = 0.0 if at_minimum is None else (asked.confidence - at_minimum) / asked.confidence
    if max(short, unsure) <= 0:
        return
    target, minimum = (amount(value, asked.scale) for value in (asked.target, asked.minimum))
    sure = "unknown" if at_minimum is None else probability(at_minimum)
    what = (
        f"The lift is {amount(lift.value, asked.scale)}; the target is {target}, and the confidence that it is at "
        f"least {minimum} is {sure}."
    )
    to_do = "Find what the baseline does not know; hold it to later rows before the next hand-in."
    yield _moved("band", what, max(short, unsure), to_do)


def _prices(card: Card) -> Iterator[Moved]:
    supported = None if card.supported is None else card.supported.value
    gap = None if card.reported is None or supported is None else abs(card.reported - supported)
    for price in card.prices:
        worth = _value(price.last_in)
        share = worth / gap if worth is not None and gap else None
        what = f"{price.what} ({price.certainty}) is worth {_shown(price.last_in)} of the reported {card.metric}."
        yield _moved("reported score", what, share, "Take it out, and report what is left, with its interval.")
    yield from _unpriced(card)


def _unpriced(card: Card) -> Iterator[Moved]:
    """Yield what of the reported score is neither supported nor priced, where it is beyond the supported interval."""
    supported, reported = card.supported, card.reported
    if supported is None or reported is None or supported.value is None:
        return
    low, high = supported.low, supported.high
    if low is None or high is None:
        return
    is_beyond = reported > high if METRICS[card.metric].higher_is_better else reported < low
    if not is_beyond:
        return
    gap = abs(reported - supported.value)
    priced = sum(_value(price.last_in) or 0.0 for price in card.prices)
    what = (
        f"{card.metric} {reported:g} was reported, and {supported.value:.3f} [{low:.3f}, {high:.3f}] is supported; no "
        "price explains it."
    )
    yield _moved("reported score", what, (gap - priced) / gap, "Score once, on later rows that no choice was made on.")


def _axes(card: Card) -> Iterator[Moved]:
    lost = sum(axis.weight * (1 - (axis.score.value or 0.0)) for axis in card.axes if axis.score.value is not None)
    for axis in card.axes:
        if axis.score.value is None or not axis.score.n or not axis.weight:
            continue
        each = axis.weight / axis.score.n
        for code, finding in _unclear(card, axis):
            what = f"{axis.name}: {code} {finding.answer.claim}"
            yield _moved("axes", what, each / lost if lost else None, finding.answer.to_do)


def _beside(card: Card) -> Iterator[Moved]:
    weighted = {code for axis in card.axes if axis.weight for code in axis.codes}
    for finding in card.findings:
        if finding.is_problem_at(Certainty.STRONG) and finding.code not in weighted:
            yield _moved("beside", f"{finding.code} {finding.answer.claim}", None, finding.answer.to_do)


def _unclear(card: Card, axis: Axis) -> Iterator[tuple[str, Finding]]:
    """Yield the surest finding of each check of an axis that was answered and is not clear."""
    for code in axis.codes:
        mine = [one for one in card.findings if one.code == code and one.ending in (Ending.PROBLEM, Ending.CAUTION)]
        if mine:
            yield code, max(mine, key=lambda one: one.certainty.rank if one.certainty else 0)


def _value(estimate: Estimate) -> float | None:
    return None if estimate.value is None else abs(estimate.value)


def _shown(estimate: Estimate) -> str:
    return f"undefined ({estimate.undefined_because})" if estimate.value is None else f"{estimate.value:.3f}"
