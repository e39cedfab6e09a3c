"""Turns what was typed into an answer to a structured question, or into words that say how to type it."""

import re
import string

from heldout.practice.question import Answer, Form, Question

__all__ = ["Unread", "how_to", "read_answer"]

MOST_PLACES = 500
LETTERS = string.ascii_lowercase
NONE = {"none", "no", "nothing", "-", "0"}


class Unread(ValueError):
    """What was typed is no answer; its text says how to type one."""


def how_to(question: Question) -> str:
    """Say how the question is answered."""
    letters = f"a to {LETTERS[len(question.options) - 1]}" if question.options else ""
    return {
        Form.CHOICE: f"a letter, {letters}",
        Form.NUMBER: f"a number ({question.unit})" if question.unit else "a number",
        Form.PICK: f"the numbers at the left of “{question.exhibit}”, as in 3 7-9, or none",
        Form.ORDER: f"all letters, {letters}, the first thing first",
    }[question.form]


def read_answer(question: Question, text: str) -> Answer:
    """Return the answer that a text gives; raises Unread."""
    said = text.strip().lower()
    readers = {Form.CHOICE: _choice, Form.NUMBER: _number, Form.PICK: _places, Form.ORDER: _order}
    answer = readers[question.form](question, said)
    if answer is None:
        raise Unread(f"Please type {how_to(question)}.")
    return answer


def _choice(question: Question, said: str) -> int | None:
    letter = said.strip("().")
    known = LETTERS[: len(question.options)]
    return known.index(letter) if len(letter) == 1 and letter in known else None


def _number(question: Question, said: str) -> float | None:
    plain = said.replace(" ", "").replace("_", "")
    grouped = re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?%?", plain)
    if grouped:
        plain = plain.replace(",", "")
    is_percent = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%"))
    except ValueError:
        return None
    if not abs(value) < float("inf"):
        return None
    is_asked_in_percent = question.unit.startswith(("%", "percent"))
    return value / 100 if is_percent and not is_asked_in_percent else value


def _places(_: Question, said: str) -> tuple[int, ...] | None:
    if said in NONE:
        return ()
    found: set[int] = set()
    for part in re.split(r"[,\s]+", re.sub(r"\s*-\s*", "-", said)):
        ends = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
        if not ends:
            return None
        low, high = int(ends[1]), int(ends[2] or ends[1])
        if low < 1 or high < low or high - low > MOST_PLACES or len(found) > MOST_PLACES:
            return None
        found.update(range(low, high + 1))
    return tuple(sorted(found))


def _order(question: Question, said: str) -> tuple[int, ...] | None:
    letters = re.sub(r"[^a-z]", "", said)
    known = LETTERS[: len(question.options)]
    return tuple(map(known.index, letters)) if sorted(letters) == sorted(known) else None
