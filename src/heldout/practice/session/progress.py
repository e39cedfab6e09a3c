"""Where a learner stands in all: families, confidence, time; each figure with its interval and n."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from heldout.core.estimate import Estimate, undefined
from heldout.practice.attempt import Attempt
from heldout.practice.drill import Family
from heldout.practice.learner.confidence import Confidence, confidence_of
from heldout.practice.learner.mastery import Standing, standings
from heldout.practice.milestone import Scored, coverage
from heldout.practice.session.words import FAMILIES
from heldout.stats.proportions import wilson
from heldout.stats.quantiles import median

__all__ = ["FamilyProgress", "Progress", "progress_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyProgress:
    """A family by its title, and how it stands; None where it was not tried."""

    title: str
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """All families in the order of the deck; `held` is the share of intervals that held what a milestone measured."""

    families: tuple[FamilyProgress, ...]
    solved: Estimate
    first_key: Estimate
    confidence: Confidence
    held: Estimate
    milestones: int
    mocks: int
    readiness: str
    hints: int
    revealed: int
    minutes: float


def progress_of(
    attempts: Sequence[Attempt],
    placement: Mapping[str, tuple[int, int]] = MappingProxyType({}),
    scored: Sequence[Scored] = (),
    mocks: int = 0,
    readiness: str = "",
) -> Progress:
    """Return where the attempts, milestones and mocks leave their learner; `readiness` is what mocks say of it."""
    known = standings(attempts, placement)
    keys = [place.first_key for one in attempts for place in one.places.values()]
    return Progress(
        families=tuple(FamilyProgress(title=FAMILIES[one], standing=known.get(one)) for one in Family),
        solved=wilson(sum(one.is_right for one in attempts), len(attempts)),
        first_key=median(keys) if keys else undefined("no question was timed", n=0, method="median"),
        confidence=confidence_of(attempts),
        held=coverage(scored),
        milestones=len(scored),
        mocks=mocks,
        readiness=readiness,
        hints=sum(one.hints for one in attempts),
        revealed=sum(one.revealed for one in attempts),
        minutes=sum(one.seconds for one in attempts) / 60,
    )
