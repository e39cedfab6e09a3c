"""What a learner has mastered, by family and by kind: the chance that it is known, accuracy, speed, hesitation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from heldout.core.estimate import Estimate, undefined
from heldout.practice.attempt import Attempt, Round
from heldout.practice.learner.tracing import known_by_family, known_by_kind

__all__ = ["Hesitation", "Standing", "hesitation_of", "standings", "standings_by_kind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hesitation:
    """The question that took longest to begin: seconds until its first key, in which drill and round."""

    kind: str
    round: Round
    question: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a family or a kind stands.

    `known` is the chance by knowledge tracing over all rounds; `accuracy` the share of rounds solved with Wilson's
    interval, `by_round` the same for each round; `seconds` and `first_key` are medians: seconds of a speed round, and
    seconds until the first key of a question. `slowest` is the question that took longest to begin.
    """

    name: str
    known: float
    accuracy: Estimate
    by_round: Mapping[Round, Estimate]
    seconds: Estimate
    first_key: Estimate
    slowest: Hesitation | None


def standings(
    attempts: Iterable[Attempt], placement: Mapping[str, tuple[int, int]] = MappingProxyType({})
) -> dict[str, Standing]:
    """Return how each family stands that was tried, in the order in which they were first met."""
    tried = tuple(attempts)
    known = known_by_family(tried, placement)
    return {name: _standing(name, known[name], found) for name, found in _by(tried, "family").items()}


def standings_by_kind(attempts: Iterable[Attempt]) -> dict[str, Standing]:
    """Return how each kind stands that was tried, in the order in which they were first met."""
    tried = tuple(attempts)
    known = known_by_kind(tried)
    return {name: _standing(name, known[name], found) for name, found in _by(tried, "kind").items()}


def hesitation_of(attempts: Iterable[Attempt]) -> Hesitation | None:
    """Return the question that took longest to begin; None where no question was timed."""
    timed = [
        Hesitation(kind=one.kind, round=one.round, question=name, seconds=place.first_key)
        for one in attempts
        for name, place in one.places.items()
    ]
    return max(timed, key=lambda one: one.seconds, default=None)


def _by(attempts: tuple[Attempt, ...], what: str) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = {}
    for one in attempts:
        found.setdefault(getattr(one, what), []).append(one)
    return found


def _standing(name: str, known: float, attempts: list[Attempt]) -> Standing:
    speed = [one.seconds for one in attempts if one.round is Round.SPEED]
    keys = [place.first_key for one in attempts for place in one.places.values()]
    rounds = {one: [attempt for attempt in attempts if attempt.round is one] for one in Round}
    return Standing(
        name=name,
        known=known,
        accuracy=_share(attempts),
        by_round={one: _share(found) for one, found in rounds.items() if found},
        seconds=_median(speed, "no speed round yet"),
        first_key=_median(keys, "no question was timed"),
        slowest=hesitation_of(attempts),
    )


def _share(attempts: list[Attempt]) -> Estimate:
    from heldout.stats.proportions import wilson

    return wilson(sum(one.is_right for one in attempts), len(attempts))


def _median(seconds: list[float], reason: str) -> Estimate:
    from heldout.stats.quantiles import median

    return median(seconds) if seconds else undefined(reason, n=0, method="median")
