"""Marks the answers to a drill: a pure function of answers and keys."""

import math
from dataclasses import dataclass
from itertools import combinations

from heldout.practice.question import Answer, Answers, Form, Key, Question

__all__ = ["Mark", "mark", "share_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The points of each question by its name; `total` is their sum, of 100."""

    points: dict[str, float]

    @property
    def total(self) -> float:
        """Return the points earned of 100."""
        return sum(self.points.values())


def mark(questions: tuple[Question, ...], keys: dict[str, Key], answers: Answers) -> Mark:
    """Return the points of the answers; a missing answer, or one of the wrong type or out of range, earns 0."""
    return Mark(
        points={one.name: one.worth * share_of(one, keys[one.name], answers.get(one.name)) for one in questions}
    )


def share_of(question: Question, key: Key, answer: Answer | None) -> float:
    """Return the share of its points, in [0, 1], that an answer earns.

    A pick earns what it shares with the key over the union of both (Jaccard), all of it for none where there is none.
    An order earns by the share of pairs in the right order above a half: an order by chance earns nothing on average.
    """
    if answer is None:
        return 0.0
    match question.form:
        case Form.CHOICE:
            is_option = isinstance(answer, int) and 0 <= answer < len(key.credit)
            return key.credit[answer] if is_option and isinstance(answer, int) else 0.0
        case Form.NUMBER:
            return 0.0 if isinstance(answer, tuple) else _near(key, float(answer))
        case Form.PICK:
            return _overlap(key.places or frozenset(), answer)
        case Form.ORDER:
            return _in_order(key.order, answer)


def _near(key: Key, answer: float) -> float:
    wanted = key.number
    if wanted is None or not math.isfinite(answer):
        return 0.0
    slack = max(wanted.absolute, wanted.relative * abs(wanted.value))
    return float(abs(answer - wanted.value) <= slack * (1 + 1e-9))


def _overlap(places: frozenset[int], answer: Answer) -> float:
    if not isinstance(answer, tuple):
        return 0.0
    picked = frozenset(answer)
    return len(places & picked) / len(places | picked) if places | picked else 1.0


def _in_order(order: tuple[int, ...], answer: Answer) -> float:
    if not isinstance(answer, tuple) or sorted(answer) != sorted(order):
        return 0.0
    place = {item: number for number, item in enumerate(answer)}
    pairs = list(combinations(order, 2))
    right = sum(place[first] < place[second] for first, second in pairs)
    return max(2 * right / len(pairs) - 1, 0.0)
