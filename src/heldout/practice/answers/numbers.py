"""Numbers as people type them: percent or share, separators, words, fractions, "310 of 1,000"."""

from collections.abc import Iterator
from dataclasses import dataclass

from heldout.practice.answers.vocabulary import FUNCTION_WORDS
from heldout.practice.point import Said

__all__ = ["Number", "fits", "numbers"]

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 3)
}
_SCALES = {"hundred": 100, "thousand": 1000, "k": 1000, "million": 1_000_000, "m": 1_000_000}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5,
          "tenth": 10, "tenths": 10}  # fmt: skip
_PERCENT = frozenset({"%", "percent", "pct", "points", "point", "pp", "percentage"})
_POINTS = frozenset({"points", "point"})
_DOWN = frozenset(
    [
        "minus",
        "drop",
        "drops",
        "dropped",
        "fell",
        "fall",
        "falls",
        "lower",
        "less",
        "loss",
        "lost",
        "lose",
        "worse",
        "below",
        "down",
        "decrease",
        "decreased",
        "shrank",
        "negative",
        "reduced",
    ]
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number at the place of its token, with the values that it may stand for."""

    place: int
    values: tuple[float, ...]


def numbers(words: tuple[str, ...]) -> Iterator[Number]:
    """Yield the numbers of a sentence."""
    place = 0
    while place < len(words):
        value, length = _value(words, place)
        if value is None:
            place += 1
            continue
        end = place + length
        of = _total(words, end)
        values = (value / of[0],) if of else _readings(value, words, end)
        is_negative = words[place - 1 : place] == ("minus",)
        yield Number(place=place, values=tuple(-one for one in values) if is_negative else values)
        place = of[1] if of else end


def fits(number: Number, wanted: Said, words: tuple[str, ...]) -> bool:
    """Return whether a number is the wanted one, within its tolerance; a drop may be said without its sign."""
    values = [*number.values]
    if wanted.value < 0 and not _DOWN.isdisjoint(words):
        values += [-value for value in values]
    return any(abs(value - wanted.value) <= wanted.tolerance * (1 + 1e-9) for value in values)


def _readings(value: float, words: tuple[str, ...], end: int) -> tuple[float, ...]:
    is_percent = end < len(words) and (words[end] in _PERCENT or words[end : end + 2] == ("per", "cent"))
    if is_percent:  # less than a percent is no share, and points may be those of a scale
        return (value / 100,) if abs(value) < 1 and words[end] not in _POINTS else (value, value / 100)
    counts_things = end < len(words) and words[end][0].isalpha() and words[end] not in FUNCTION_WORDS
    return (value,) if abs(value) <= 1 or counts_things else (value, value / 100)


def _value(words: tuple[str, ...], place: int) -> tuple[float | None, int]:
    """Return the number that starts at a place, and how many tokens it takes; None where none does."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word[0].isdigit() or word[0] == ".":
        return _scaled(_of_digits(word), words, place + 1, 1)
    count = 1 if word in ("a", "one") else _UNITS.get(word)
    if count is not None and following in _PARTS:
        return count / _PARTS[following], 2
    if word in ("half", "third", "quarter"):
        return 1 / _PARTS[word], 1
    if word in _TENS:
        unit = _UNITS.get(following, 0)
        has_unit = 0 < unit < 10
        return _scaled(_TENS[word] + unit * has_unit, words, place + 1 + has_unit, 1 + has_unit)
    return (None, 0) if word in ("a", "one", "zero") or count is None else _scaled(count, words, place + 1, 1)


def _of_digits(word: str) -> float | None:
    try:
        return float(word.replace(",", "").replace("'", ""))
    except ValueError:
        return None


def _scaled(value: float | None, words: tuple[str, ...], end: int, length: int) -> tuple[float | None, int]:
    if value is not None and end < len(words) and words[end] in _SCALES:
        return value * _SCALES[words[end]], length + 1
    return value, length


def _total(words: tuple[str, ...], end: int) -> tuple[float, int] | None:
    """Return the whole of "3 of 10", "3 out of 10" or "one in ten", and where it ends."""
    start = (
        end + 1
        if words[end : end + 1] in (("of",), ("in",), ("/",))
        else end + 2
        if words[end : end + 2] == ("out", "of")
        else 0
    )
    if not start or start >= len(words):
        return None
    total, length = _value(words, start)
    return (total, start + length) if total and total > 1 else None
