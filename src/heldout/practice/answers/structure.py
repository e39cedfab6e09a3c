"""Whether words make a sentence: a list of the right words is no answer."""

import re
from enum import IntEnum

from heldout.practice.answers.vocabulary import AUXILIARIES, DETERMINERS, FUNCTION_WORDS, VERBS

__all__ = ["Structure", "structure"]

_FINITE = re.compile(r"[a-z]{3,}(?:ed|es|s)$")
_LEAST_SHARE = {"clear": 0.1, "likely": 0.2}
_PRONOUNS = frozenset(
    [
        "i",
        "we",
        "you",
        "they",
        "he",
        "she",
        "it",
        "that",
        "this",
        "there",
        "who",
        "which",
        "people",
        "nobody",
        "somebody",
        "someone",
        "everybody",
        "everyone",
        "none",
    ]
)
_SHORTEST_SEGMENT = 2.5
_SHORTEST_INDIRECT = 4
"""Words of an indirect question."""
_SPEAKERS = frozenset(["i", "we", "you", "they"])


class Structure(IntEnum):
    """How much of a sentence it is."""

    LIST = 0
    """Words without a verb, or set out by commas: never credited."""
    NOTE = 1
    """A clipped sentence: the probe asks."""
    SENTENCE = 2


def structure(words: tuple[str, ...]) -> Structure:
    """Return what a part of a text is, by its verb, its function words and its commas."""
    said = [word for word in words if word[0].isalnum() or word[0] == "'" or word == "n't"]
    small = sum(word in FUNCTION_WORDS for word in said)
    verb = _verb(said)
    if said[:1] == ["whether"] and len(said) >= _SHORTEST_INDIRECT and not _is_listed(words):
        return Structure.SENTENCE  # "Whether to ship it" answers what is to be decided, and asserts nothing
    if not verb or _is_listed(words):
        return Structure.LIST
    if small >= (1 if verb == "clear" else 2) and small >= _LEAST_SHARE[verb] * len(said):
        return Structure.SENTENCE
    has_number = any(word[0].isdigit() for word in said)
    return Structure.NOTE if verb == "clear" and (small or has_number) else Structure.LIST


def _verb(said: list[str]) -> str:
    """Return whether there is a finite verb: "clear", "likely" (a form that may be a noun), or ""."""
    likely = ""
    for place, word in enumerate(said):
        if word in AUXILIARIES and (word != "'s" or said[place - 1] in _PRONOUNS):
            return "clear"
        if place and (word in VERBS or (said[place - 1] == "never" and word not in FUNCTION_WORDS)):
            return "clear"
        following = said[place + 1] if place + 1 < len(said) else ""
        is_indirect = following == "whether" and said[place - 1] in _SPEAKERS
        if place and (following in FUNCTION_WORDS or is_indirect) and _may_be_finite(said, place):
            likely = "likely"
    # an order ("Cluster the errors by document") begins with its verb
    is_order = len(said) > 2 and said[0] not in FUNCTION_WORDS and said[1] in DETERMINERS | {"it", "by"}
    return likely or ("likely" if is_order else "")


def _may_be_finite(said: list[str], place: int) -> bool:
    """Return whether a form that may be a noun stands where a verb does: behind a subject."""
    before = said[place - 1]
    if said[place] in FUNCTION_WORDS:
        return False
    if before in _PRONOUNS or (before.endswith("s") and before not in FUNCTION_WORDS):
        return True
    has_object = said[place + 1] in DETERMINERS and before not in DETERMINERS
    if _FINITE.match(said[place]) and (before[0].isdigit() or has_object):
        return True
    has_subject = any(word in DETERMINERS for word in said[: place - 1])
    return has_subject and before not in FUNCTION_WORDS and _FINITE.match(said[place]) is not None


def _is_listed(words: tuple[str, ...]) -> bool:
    """Return whether most of it is single words between commas."""
    segments, length = [], 0
    for word in (*words, ","):
        if word == ",":
            segments.append(length)
            length = 0
        else:
            length += 1
    segments = [one for one in segments if one]
    return len(segments) >= 3 and sum(segments) / len(segments) <= _SHORTEST_SEGMENT
