"""Bayesian knowledge tracing: the chance that a family or a kind is known, from rights and wrongs in order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from heldout.practice.attempt import Attempt, Round

__all__ = ["CHANCES", "LEARNS", "PRIOR", "Chances", "faded", "known_by_family", "known_by_kind", "traced"]

PRIOR = 0.35
"""The chance that something is known before anything was seen of it."""
LEARNS = 0.1
"""The chance that one round teaches what was not known."""
HALF_LIFE = 10.0
"""Days without practice after which half of what was gained over the prior is no longer counted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """The chance of a right answer without knowing (`guess`), and of a wrong one although it is known (`slip`)."""

    guess: float
    slip: float


CHANCES: Mapping[Round, Chances] = MappingProxyType(
    {
        Round.SPEED: Chances(guess=0.25, slip=0.15),
        Round.EXPLANATION: Chances(guess=0.1, slip=0.15),
        Round.BLANK_FILE: Chances(guess=0.05, slip=0.2),
    }
)
"""Closed questions can be guessed; code from nothing hardly, and it fails for reasons of its own more often."""


def traced(known: float, is_right: bool, chances: Chances = CHANCES[Round.SPEED], learns: float = LEARNS) -> float:
    """Return the chance that it is known after one more answer (Corbett & Anderson 1995, UMUAI 4:253).

    >>> round(traced(0.35, True), 3), round(traced(0.35, False), 3)
    (0.682, 0.188)
    """
    if is_right:
        hit, miss = known * (1 - chances.slip), (1 - known) * chances.guess
    else:
        hit, miss = known * chances.slip, (1 - known) * (1 - chances.guess)
    after = hit / (hit + miss)
    return after + (1 - after) * learns


def faded(known: float, days: float) -> float:
    """Return the chance after `days` without practice: it goes back to the prior from above, never up.

    Knowledge tracing itself forgets nothing; that time has to enter is shown by Qiu et al. 2011 (EDM, p. 139).

    >>> round(faded(0.95, 10), 2), faded(0.1, 10)
    (0.65, 0.1)
    """
    return PRIOR + (known - PRIOR) * 0.5 ** (days / HALF_LIFE) if known > PRIOR else known


def known_by_family(
    attempts: Iterable[Attempt], placement: Mapping[str, tuple[int, int]] = MappingProxyType({})
) -> dict[str, float]:
    """Return the chance that each family is known, of those with a placement or an attempt.

    `placement` holds (right, asked) by family; the placement comes before all attempts, its wrong answers last.
    """
    known: dict[str, float] = {}
    for family, (right, asked) in placement.items():
        for number in range(asked):
            known[family] = traced(known.get(family, PRIOR), number < right)
    for one in attempts:
        known[one.family] = traced(known.get(one.family, PRIOR), one.is_right, CHANCES[one.round])
    return known


def known_by_kind(attempts: Iterable[Attempt]) -> dict[str, float]:
    """Return the chance that each kind that was tried is known."""
    known: dict[str, float] = {}
    for one in attempts:
        known[one.kind] = traced(known.get(one.kind, PRIOR), one.is_right, CHANCES[one.round])
    return known
