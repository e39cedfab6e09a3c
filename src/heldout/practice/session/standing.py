"""Where a learner stands: accuracy, speed, hesitation and confidence, each with its interval and n."""

from collections.abc import Sequence
from dataclasses import dataclass

from heldout.core.estimate import Estimate, undefined
from heldout.practice.attempt import Attempt
from heldout.practice.drill import Family
from heldout.practice.session.words import FAMILIES
from heldout.stats.calibration import ReliabilityBin, reliability_curve
from heldout.stats.means import mean_estimate
from heldout.stats.proportions import wilson
from heldout.stats.quantiles import median

__all__ = ["FamilyStanding", "Standing", "standing_of"]

BINS = 5
"""Classes of stated confidence, each a fifth wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyStanding:
    """One family: the share of its drills that were solved, and a question's seconds until the first key and in all."""

    family: str
    title: str
    solved: Estimate
    first_key: Estimate
    answered: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All families in the order of the deck, whether tried or not; `stated` is the mean confidence, `reached` what came
    of those drills, and `bins` both by class of confidence, () where none
    was stated.
    """

    families: tuple[FamilyStanding, ...]
    solved: Estimate
    first_key: Estimate
    stated: Estimate
    reached: Estimate
    bins: tuple[ReliabilityBin, ...]
    hints: int
    revealed: int
    minutes: float


def standing_of(attempts: Sequence[Attempt]) -> Standing:
    """Return where the attempts leave their learner."""
    sure = [(one.confidence, one.is_right) for one in attempts if one.confidence is not None]
    return Standing(
        families=tuple(_family(family, attempts) for family in Family),
        solved=_solved(attempts),
        first_key=_seconds([place.first_key for one in attempts for place in one.places.values()]),
        stated=mean_estimate([said for said, _ in sure]) if sure else undefined("none was stated", n=0, method="mean"),
        reached=wilson(sum(right for _, right in sure), len(sure)),
        bins=_bins(sure),
        hints=sum(one.hints for one in attempts),
        revealed=sum(one.revealed for one in attempts),
        minutes=sum(one.seconds for one in attempts) / 60,
    )


def _family(family: Family, attempts: Sequence[Attempt]) -> FamilyStanding:
    own = [one for one in attempts if one.family == family]
    places = [place for one in own for place in one.places.values()]
    return FamilyStanding(
        family=family.value,
        title=FAMILIES[family],
        solved=_solved(own),
        first_key=_seconds([place.first_key for place in places]),
        answered=_seconds([place.answered for place in places]),
    )


def _solved(attempts: Sequence[Attempt]) -> Estimate:
    return wilson(sum(one.is_right for one in attempts), len(attempts))


def _seconds(values: Sequence[float]) -> Estimate:
    return median(values) if values else undefined("no question was timed", n=0, method="median")


def _bins(sure: Sequence[tuple[float, bool]]) -> tuple[ReliabilityBin, ...]:
    if not sure:
        return ()
    found = reliability_curve(
        [float(right) for _, right in sure], [said for said, _ in sure], bins=BINS, strategy="uniform"
    )
    return tuple(one for one in found if one.rows)
