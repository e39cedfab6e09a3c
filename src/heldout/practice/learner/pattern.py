"""After a session: where the points went, where the hesitation was, and the one drill that removes it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from heldout.practice.attempt import Attempt, Round
from heldout.practice.drill import Difficulty
from heldout.practice.learner.mastery import Hesitation, hesitation_of
from heldout.practice.learner.tracing import PRIOR, known_by_family, known_by_kind

__all__ = ["Loss", "Next", "Pattern", "forms_of", "pattern_of"]

FormsOf = Callable[[Attempt], Mapping[str, str]]
LEAST_PLACES = 3
"""Questions of a form, or drills of a family, from which a loss is called a pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """The points lost of those that could be earned, over `n` questions of a form or drills of a family."""

    name: str
    lost: float
    worth: float
    n: int

    @property
    def share(self) -> float:
        """Return the share that was lost; `worth` is above 0."""
        return self.lost / self.worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The one drill that comes next, and why."""

    kind: str
    round: Round
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a session shows; `form` and `family` are the largest losses, None where nothing stands out."""

    form: Loss | None
    family: Loss | None
    forms: tuple[Loss, ...]
    families: tuple[Loss, ...]
    hesitation: Hesitation | None
    next: Next | None


def pattern_of(
    session: Sequence[Attempt], before: Iterable[Attempt], kinds: Mapping[str, tuple[str, ...]], forms: FormsOf
) -> Pattern:
    """Return the pattern of a session; `before` holds the attempts of earlier ones, `kinds` the syllabus.

    `forms` names the form of each question of an attempt (`forms_of` builds its drill again). A loss stands out from
    LEAST_PLACES on, where it is larger than the session's own share lost. The next drill is of the family that lost
    most (the least known one where all were alike): the kind of it that is least known, in the round where it went
    wrong the last time.
    """
    by_form, by_family = _by_form(session, forms), _by_family(session)
    family = _standing_out(by_family)
    return Pattern(
        form=_standing_out(by_form),
        family=family,
        forms=by_form,
        families=by_family,
        hesitation=hesitation_of(session),
        next=_next(session, [*before, *session], kinds, family),
    )


def forms_of(attempt: Attempt) -> dict[str, str]:
    """Return the form of each question of an attempt's drill, built again from its seed; {} without its kind."""
    from heldout.practice.deck import kind_named

    try:
        kind = kind_named(attempt.kind)
    except KeyError:  # the kind has left the deck since
        return {}
    drill = kind.build(attempt.seed, Difficulty(attempt.difficulty), attempt.planted)
    return {one.name: one.form.value for one in drill.shown.questions}


def _by_form(session: Sequence[Attempt], forms: FormsOf) -> tuple[Loss, ...]:
    lost: defaultdict[str, float] = defaultdict(float)
    worth: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for one in session:
        known = forms(one) if one.round is Round.SPEED else {}
        for name, place in one.places.items():
            form = known.get(name, one.round.value)
            lost[form] += place.worth - place.points
            worth[form] += place.worth
            count[form] += 1
    return _ranked(lost, worth, count)


def _by_family(session: Sequence[Attempt]) -> tuple[Loss, ...]:
    lost: defaultdict[str, float] = defaultdict(float)
    count = Counter(one.family for one in session)
    for one in session:
        lost[one.family] += 100 - (0.0 if one.revealed else one.score)
    return _ranked(lost, Counter({family: 100 * n for family, n in count.items()}), count)


def _ranked(lost: Mapping[str, float], worth: Mapping[str, float], count: Mapping[str, int]) -> tuple[Loss, ...]:
    found = [Loss(name=name, lost=lost[name], worth=worth[name], n=n) for name, n in count.items() if worth[name]]
    return tuple(sorted(found, key=lambda one: (-one.share, one.name)))


def _standing_out(losses: tuple[Loss, ...]) -> Loss | None:
    """Return the largest loss of those seen often enough; None where it is not above the share lost by all."""
    total = sum(one.worth for one in losses)
    usual = sum(one.lost for one in losses) / total if total else 0.0
    enough = [one for one in losses if one.n >= LEAST_PLACES and one.share > usual]
    return enough[0] if enough else None


def _next(
    session: Sequence[Attempt], every: list[Attempt], kinds: Mapping[str, tuple[str, ...]], family: Loss | None
) -> Next | None:
    known = known_by_family(every)
    met = list(dict.fromkeys(one.family for one in session if kinds.get(one.family)))
    if not met:
        return None
    name = family.name if family and family.name in met else min(met, key=lambda one: known[one])
    by_kind = known_by_kind(every)
    kind = min(kinds[name], key=lambda one: (by_kind.get(one, PRIOR), one))
    wrong = [one.round for one in every if one.kind == kind and not one.is_right]
    lost = f"{family.share:.0%} of the points lost in {family.n} drills" if family and family.name == name else ""
    because = f"{name}: {lost or 'the least known of what this session held'}"
    return Next(kind=kind, round=wrong[-1] if wrong else Round.SPEED, because=because)
