"""A drill's questions, written beside their keys and handed out apart; options in an order that tells nothing."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from heldout.practice.drill import Shown
from heldout.practice.point import Probe
from heldout.practice.question import Form, Key, Question, Wanted

__all__ = ["Sheet", "option", "ranking"]


class Sheet:
    """Takes questions with their keys one by one; shuffles the options of each by `rng`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._questions: list[Question] = []
        self.keys: dict[str, Key] = {}

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions in the order in which they were asked, without their keys."""
        return tuple(self._questions)

    def choice(self, name: str, ask: str, worth: int, credit: Mapping[str, float], *, because: str) -> None:
        """Ask for one of the options, each with the share of the points that it earns."""
        options = self._shuffled(credit)
        self._questions.append(Question(name=name, ask=ask, form=Form.CHOICE, worth=worth, options=options))
        self.keys[name] = Key(credit=tuple(float(credit[one]) for one in options), because=because)

    def number(
        self,
        name: str,
        ask: str,
        worth: int,
        value: float,
        *,
        unit: str,
        absolute: float = 0.0,
        relative: float = 0.0,
        because: str,
    ) -> None:
        """Ask for a number, which may be off by `absolute` or by the share `relative` of it."""
        self._questions.append(Question(name=name, ask=ask, form=Form.NUMBER, worth=worth, unit=unit))
        wanted = Wanted(value=float(value), absolute=absolute, relative=relative)
        self.keys[name] = Key(number=wanted, because=because)

    def pick(self, name: str, ask: str, worth: int, exhibit: str, places: Iterable[int], *, because: str) -> None:
        """Ask for rows or lines of an exhibit, by their numbers from 1."""
        self._questions.append(Question(name=name, ask=ask, form=Form.PICK, worth=worth, exhibit=exhibit))
        self.keys[name] = Key(places=frozenset(int(place) for place in places), because=because)

    def order(self, name: str, ask: str, worth: int, first_to_last: Sequence[str], *, because: str) -> None:
        """Ask for all items in order; they are given in their right one."""
        options = self._shuffled(first_to_last)
        self._questions.append(Question(name=name, ask=ask, form=Form.ORDER, worth=worth, options=options))
        self.keys[name] = Key(order=tuple(options.index(one) for one in first_to_last), because=because)

    def probe(self, ask: str, right: str, *wrong: str) -> Probe:
        """Return a probe whose choices are shuffled."""
        options = self._shuffled([right, *wrong])
        return Probe(ask=ask, options=options, right=options.index(right))

    def _shuffled(self, options: Iterable[str]) -> tuple[str, ...]:
        given = sorted(options)  # so that the given order, which may tell the key, leaves no trace
        return tuple(given[place] for place in self._rng.permutation(len(given)))


def option(shown: Shown, question: str, text: str) -> int:
    """Return the place of an option by its text; raises KeyError or ValueError for one that is not there."""
    return _options(shown, question).index(text)


def ranking(shown: Shown, question: str, first_to_last: Sequence[str]) -> tuple[int, ...]:
    """Return the places of all options in an order that is given by their texts."""
    options = _options(shown, question)
    return tuple(options.index(one) for one in first_to_last)


def _options(shown: Shown, question: str) -> tuple[str, ...]:
    return {one.name: one.options for one in shown.questions}[question]
