"""A question together with its key, as a kind of drill writes them down; they part when the drill is made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from heldout.practice.deck.choices import shuffled, shuffled_steps
from heldout.practice.drill import Drill, Feedback, Shown
from heldout.practice.exhibit import Exhibit
from heldout.practice.point import Point
from heldout.practice.question import Form, Key, Question, Wanted

__all__ = ["Asked", "Verdicts", "choice", "drill", "first", "number", "order", "pick", "verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and what earns its points."""

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
        return verdict(rng, ask, worth, self.right(planted), (self.fault, self.clean, *self.others), because)

    def right(self, planted: bool) -> str:
        """Return the verdict that is right."""
        return self.fault if planted else self.clean


def choice(  # noqa: PLR0917 - reads like the question
    rng: np.random.Generator, name: str, ask: str, worth: int, options: Mapping[str, float], because: str
) -> Asked:
    """Return a choice whose options, texts with the share of the points they earn, stand in an order by chance."""
    texts, credit = shuffled(rng, options.items())
    question = Question(name=name, ask=ask, form=Form.CHOICE, worth=worth, options=texts)
    return Asked(question=question, key=Key(credit=credit, because=because))


def verdict(  # noqa: PLR0917 - reads like the question
    rng: np.random.Generator,
    ask: str,
    worth: int,
    right: str,
    texts: Sequence[str],
    because: str,
    name: str = "verdict",
) -> Asked:
    """Return a choice in which one of `texts` is right and the others earn nothing."""
    return choice(rng, name, ask, worth, {text: float(text == right) for text in texts}, because)


def first(rng: np.random.Generator, worth: int, options: Sequence[str], because: str) -> Asked:
    """Return the question named "first": what to ask first, of which the first of `options` is right."""
    return verdict(rng, "What would you ask first?", worth, options[0], options, because, name="first")


def number(  # noqa: PLR0917 - reads like the question
    name: str,
    ask: str,
    worth: int,
    unit: str,
    value: float,
    because: str,
    *,
    absolute: float = 0.0,
    relative: float = 0.0,
) -> Asked:
    """Return a question for a number, which may be off by the larger of `absolute` and the share `relative` of it."""
    question = Question(name=name, ask=ask, form=Form.NUMBER, worth=worth, unit=unit)
    wanted = Wanted(value=float(value), absolute=absolute, relative=relative)
    return Asked(question=question, key=Key(number=wanted, because=because))


def pick(  # noqa: PLR0917 - reads like the question
    name: str,
    ask: str,
    worth: int,
    exhibit: str,
    places: Iterable[int],
    because: str,
) -> Asked:
    """Return a question for rows or lines, from 1, of the exhibit of that name; none is an answer."""
    question = Question(name=name, ask=ask, form=Form.PICK, worth=worth, exhibit=exhibit)
    return Asked(question=question, key=Key(places=frozenset(int(place) for place in places), because=because))


def order(  # noqa: PLR0917 - reads like the question
    rng: np.random.Generator,
    name: str,
    ask: str,
    worth: int,
    right: Sequence[str],
    because: str,
) -> Asked:
    """Return a question for an order; `right` are the items as they should stand, shown in another by chance."""
    texts, places = shuffled_steps(rng, right)
    question = Question(name=name, ask=ask, form=Form.ORDER, worth=worth, options=texts)
    return Asked(question=question, key=Key(order=places, because=because))


def drill(  # noqa: PLR0917 - reads like the question
    situation: str,
    exhibits: tuple[Exhibit, ...],
    asked: tuple[Asked, ...],
    points: tuple[Point, ...],
    feedback: Feedback,
    world: Mapping[str, object] | None = None,
) -> Drill:
    """Return the drill, its questions and its keys apart."""
    questions = tuple(one.question for one in asked)
    return Drill(
        shown=Shown(situation=situation, exhibits=exhibits, questions=questions),
        keys={one.question.name: one.key for one in asked},
        points=points,
        feedback=feedback,
        world=world or {},
    )
