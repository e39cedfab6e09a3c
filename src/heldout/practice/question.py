"""The structured questions of a drill, the answers to them, and the keys that mark them.

A question and its key are apart, so that what is shown holds no key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Answer", "Answers", "Form", "Key", "Question", "Wanted"]

Answer = int | float | tuple[int, ...]
"""The option's place (from 0) of a choice; a number; the row or line numbers of a pick; the items' places in order.

A pick of nothing is the empty tuple: "there is none".
"""

Answers = Mapping[str, Answer]
"""The answers by the name of their question. A question without an answer earns nothing."""


class Form(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    """Name the fault, choose what to ask first: one of `options`."""
    NUMBER = "number"
    """Type a number, in `unit`."""
    PICK = "pick"
    """Pick rows or lines of the exhibit named `exhibit`; none is an answer."""
    ORDER = "order"
    """Put all of `options` in order: their places, the first thing first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `worth` is its points, which sum to 100 over a drill."""

    name: str
    ask: str
    form: Form
    worth: int
    options: tuple[str, ...] = ()
    exhibit: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A number with what it may be off: by `absolute`, or by the share `relative` of it, whichever is more."""

    value: float
    absolute: float = 0.0
    relative: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What earns the points, computed from the world.

    One of the four is given, by the question's form: `credit` holds the share of the points that each option of a
    choice earns (shape: one per option; the best is 1, the rest usually 0); `number` what is wanted; `places` the rows
    or lines; `order` the items' places. `because` is said afterwards, whatever was answered:
    the evidence by its numbers.
    """

    because: str
    credit: tuple[float, ...] = ()
    number: Wanted | None = None
    places: frozenset[int] | None = None
    order: tuple[int, ...] = ()
