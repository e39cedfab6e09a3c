"""Questions made together with their keys, and a drill assembled from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from heldout.practice.deck.orders import shuffled, shuffled_steps
from heldout.practice.drill import Drill, Feedback, Shown
from heldout.practice.exhibit import Exhibit
from heldout.practice.point import Point
from heldout.practice.question import Form, Key, Question, Wanted

__all__ = ["Asked", "Verdicts", "assembled", "choice", "first", "number", "order", "pick"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and its key."""

    question: Question
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What may be said of a claim: the fault's verdict, the clean twin's, and others that are wrong of both."""

    fault: str
    clean: str
    others: tuple[str, ...]

    def asked(self, rng: np.random.Generator, ask: str, worth: int, planted: bool, because: str) -> Asked:
        """Return the question named "verdict"."""
        options = {self.fault: float(planted), self.clean: float(not planted), **dict.fromkeys(self.others, 0.0)}
        return choice(rng, "verdict", ask, worth, options=options, because=because)

    def right(self, planted: bool) -> str:
        """Return the verdict that is right."""
        return self.fault if planted else self.clean


def choice(
    rng: np.random.Generator, name: str, ask: str, worth: int, *, options: Mapping[str, float], because: str
) -> Asked:
    """Return a choice among the texts of `options`, which give the credit of each, in an order drawn by `rng`."""
    offered, credit = shuffled(rng, options)
    return Asked(
        question=Question(name=name, ask=ask, form=Form.CHOICE, worth=worth, options=offered),
        key=Key(credit=credit, because=because),
    )


def first(rng: np.random.Generator, worth: int, options: Sequence[str], because: str) -> Asked:
    """Return the question named "first": what to ask first, of which the first of `options` is right."""
    credit = {option: float(place == 0) for place, option in enumerate(options)}
    return choice(rng, "first", "What would you ask first?", worth, options=credit, because=because)


def number(name: str, ask: str, worth: int, unit: str, *, wanted: Wanted, because: str) -> Asked:
    """Return a question that wants a number."""
    return Asked(
        question=Question(name=name, ask=ask, form=Form.NUMBER, worth=worth, unit=unit),
        key=Key(number=wanted, because=because),
    )


def pick(name: str, ask: str, worth: int, exhibit: str, *, places: Iterable[int], because: str) -> Asked:
    """Return a question that wants rows or lines of an exhibit, by their numbers from 1; none is an answer."""
    return Asked(
        question=Question(name=name, ask=ask, form=Form.PICK, worth=worth, exhibit=exhibit),
        key=Key(places=frozenset(int(place) for place in places), because=because),
    )


def order(rng: np.random.Generator, ask: str, worth: int, steps: Sequence[str], because: str) -> Asked:
    """Return the question named "steps", which wants them in order; they are given in their right order."""
    options, places = shuffled_steps(rng, steps)
    return Asked(
        question=Question(name="steps", ask=ask, form=Form.ORDER, worth=worth, options=options),
        key=Key(order=places, because=because),
    )


def assembled(
    *,
    situation: str,
    exhibits: tuple[Exhibit, ...],
    asked: tuple[Asked, ...],
    points: tuple[Point, ...],
    feedback: Feedback,
    world: Mapping[str, object] | None = None,
) -> Drill:
    """Return the drill, its questions and keys apart."""
    return Drill(
        shown=Shown(situation=situation, exhibits=exhibits, questions=tuple(one.question for one in asked)),
        keys={one.question.name: one.key for one in asked},
        points=points,
        feedback=feedback,
        world=world or {},
    )
