"""What every kind of drill must hold, over few seeds in the fast tests, more in the slow ones, and 200 in the bench."""

from collections.abc import Iterator

from tests.worlds import as_evidence

from heldout.core.finding import Ending
from heldout.engine import catalog, run
from heldout.practice.drill import Difficulty, Drill, Kind, Mutant
from heldout.practice.mark import share_of
from heldout.practice.question import Answers, Form

__all__ = ["breaches"]

FULL = 100 - 1e-9


def breaches(kind: Kind, seeds: range) -> Iterator[str]:
    """Yield in words what a kind breaks of its contract; nothing for one that may enter the deck."""
    if len(kind.mutants) < 2 or not any(mutant.on_clean for mutant in kind.mutants):
        yield f"{kind.name}: at least two mutants, one of which sees the fault on the clean twin"
    for seed in seeds:
        for difficulty in Difficulty:
            yield from _of_pair(kind, seed, difficulty)


def _of_pair(kind: Kind, seed: int, difficulty: Difficulty) -> Iterator[str]:
    for planted in (True, False):
        drill = kind.build(seed, difficulty, planted)
        where = (
            f"{kind.family}/{kind.name} seed {seed}, difficulty {difficulty.value}, {'' if planted else 'not '}planted"
        )
        if repr(kind.build(seed, difficulty, planted)) != repr(drill):
            yield f"{where}: a second build differs"
        yield from (f"{where}: {what}" for what in _of_shape(drill))
        yield from (f"{where}: {what}" for what in _of_solution(kind, drill))
        for mutant in kind.mutants:
            yield from (f"{where}: {what}" for what in _of_mutant(mutant, drill, planted))
        if kind.check:
            yield from (f"{where}: {what}" for what in _of_check(kind.check, drill, planted))


def _of_shape(drill: Drill) -> Iterator[str]:
    shown = drill.shown
    names = [one.name for one in shown.questions]
    if (
        sum(one.worth for one in shown.questions) != 100
        or len(set(names)) != len(names)
        or set(names) != set(drill.keys)
    ):
        yield "points do not sum to 100, or questions and keys differ"
    exhibits = {one.name for one in shown.exhibits}
    for one in shown.questions:
        key = drill.keys[one.name]
        given = {
            Form.CHOICE: len(key.credit) == len(one.options) and max(key.credit, default=0) == 1,
            Form.NUMBER: key.number is not None,
            Form.PICK: key.places is not None and one.exhibit in exhibits,
            Form.ORDER: sorted(key.order) == list(range(len(one.options))),
        }
        if not given[one.form] or not key.because:
            yield f"{one.name}: its key does not fit its form"
    if not 1 <= len(drill.points) <= 4:
        yield "an explanation has one to four points"


def _of_solution(kind: Kind, drill: Drill) -> Iterator[str]:
    mark = drill.mark(kind.solve(drill.shown))
    if mark.total < FULL:
        yield f"the reference solution earns {mark.points}"
    if drill.mark({}).total:
        yield "no answers earn points"


def _of_mutant(mutant: Mutant, drill: Drill, planted: bool) -> Iterator[str]:
    answers: Answers = mutant.answers(drill.shown)
    for one in drill.shown.questions:
        if one.name in (mutant.loses if planted else mutant.on_clean):
            share = share_of(one, drill.keys[one.name], answers.get(one.name))
            if one.name not in answers or share >= 1 - 1e-9:
                yield f"who believes {mutant.mistake!r} loses nothing on {one.name}"


def _of_check(code: str, drill: Drill, planted: bool) -> Iterator[str]:
    check = next(one for one in catalog() if one.code == code)
    found = any(one.ending is Ending.PROBLEM for one in run([check], as_evidence(drill.world)))
    if found is not planted:
        yield f"{code} {'finds' if found else 'does not find'} it"
