"""Where the anchors of a point stand in a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from heldout.practice.answers.text import tokens
from heldout.practice.answers.vocabulary import FUNCTION_WORDS, NEUTRAL
from heldout.practice.point import Point

__all__ = ["Found", "find", "is_known", "known_words", "overlap"]

_PREFIXES = ("un", "in", "im", "ir", "dis", "non")
_SHORTEST_STEM = 5
_SHORTEST_MISTYPED = 7
_IDLE = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "at",
        "is",
        "are",
        "was",
        "were",
        "be",
        "has",
        "have",
        "it",
        "its",
        "that",
        "this",
        "not",
        "no",
        "and",
        "or",
        "so",
        "because",
        "by",
        "from",
        "for",
        "with",
        "as",
        "model",
        "models",
        "row",
        "rows",
        "than",
        "more",
        "only",
        "one",
        "does",
        "do",
        "all",
    ]
)
_STEM = 5


@dataclass(frozen=True, slots=True)
class Found:
    """An alternative of a group in a sentence: its first and last token, and whether a prefix turns it ("unequal")."""

    start: int
    end: int
    turned: bool


def find(alternatives: tuple[str, ...], words: tuple[str, ...]) -> list[Found]:
    """Return all places of a group's alternatives, in order."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word, []).append(place)
    found: list[Found] = []
    for alternative in alternatives:
        found += _places(_pattern(alternative), words, places)
    return sorted(set(found), key=lambda each: (each.start, each.end))


def overlap(says: str, words: tuple[str, ...]) -> int:
    """Return how many content words, by their stems, a sentence shares with what the point says."""
    return len(_stems(says) & {word[:_STEM] for word in words if word not in _IDLE and word[0].isalpha()})


@lru_cache(maxsize=4096)
def known_words(point: Point) -> frozenset[str]:
    """Return the stems of all that a point says, anchors and asks."""
    right = point.probe.options[point.probe.right] if point.probe.options else ""
    said = " ".join(
        (point.name, point.says, point.probe.ask, right, *(one for group in point.anchors for one in group))
    )
    return frozenset(word[:_STEM] for word in tokens(said.replace("*", "")))


def is_known(word: str, known: frozenset[str]) -> bool:
    """Return whether a word is one of the point's own, a small one, or one that never turns a claim."""
    return word in FUNCTION_WORDS or word in NEUTRAL or word.removesuffix("s") in NEUTRAL or word[:_STEM] in known


@lru_cache(maxsize=4096)
def _stems(says: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in tokens(says) if word not in _IDLE and len(word) > 2 and word[0].isalpha())


@lru_cache(maxsize=4096)
def _pattern(alternative: str) -> tuple[tuple[str, bool], ...]:
    """Return the words of an alternative, each with whether any ending fits."""
    words = []
    for part in alternative.split():
        bare = tokens(part.rstrip("*"))
        words += [(word, part.endswith("*") and place == len(bare) - 1) for place, word in enumerate(bare)]
    return tuple(words)


def _places(
    pattern: tuple[tuple[str, bool], ...], words: tuple[str, ...], places: dict[str, list[int]]
) -> Iterator[Found]:
    if not pattern:
        return
    for word, at in places.items():
        fit = _fit(word, *pattern[0])
        if fit is None:
            continue
        for start in at:
            end = start + len(pattern)
            if end <= len(words) and all(
                _fit(one, *wanted) is False for one, wanted in zip(words[start + 1 : end], pattern[1:], strict=True)
            ):
                yield Found(start=start, end=end - 1, turned=fit)


def _fit(word: str, wanted: str, any_ending: bool) -> bool | None:
    """Return None where a word is not the wanted one, else whether a prefix turns it."""
    if word == wanted or (any_ending and word.startswith(wanted)) or (not any_ending and _is_plural(word, wanted)):
        return False
    if len(wanted) >= _SHORTEST_STEM:
        for prefix in _PREFIXES:
            rest = word.removeprefix(prefix)
            if rest is not word and (rest == wanted or (any_ending and rest.startswith(wanted))):
                return True
    return False if _is_mistyped(word, wanted, any_ending) else None


def _is_plural(word: str, wanted: str) -> bool:
    return wanted[0].isalpha() and word in (wanted + "s", wanted + "es")


def _is_mistyped(word: str, wanted: str, any_ending: bool) -> bool:
    """Return whether one letter is missing, too many, wrong or swapped, behind the first two letters."""
    if len(wanted) < _SHORTEST_MISTYPED or abs(len(word) - len(wanted)) > 1 or word[:2] != wanted[:2] or any_ending:
        return False
    return re.sub(r"(.)\1", r"\1", word) == re.sub(r"(.)\1", r"\1", wanted) or _one_edit(word, wanted)


def _one_edit(word: str, wanted: str) -> bool:
    start = next((n for n, (a, b) in enumerate(zip(word, wanted, strict=False)) if a != b), min(len(word), len(wanted)))
    a, b = word[start:], wanted[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
