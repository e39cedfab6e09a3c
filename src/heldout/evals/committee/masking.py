"""Takes names and addresses of people out of text that raters read before the lock.

Limits, which a committee should know: nicknames, handles that resemble no name, initials, names in pictures, what
somebody writes of themselves, and a style that a reader knows are not found. A name that is also a word goes wherever
the word stands: better a hole in a sentence than a name.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

__all__ = ["ADDRESS", "PERSON", "Identities", "masked", "masked_all"]

PERSON, ADDRESS = "[name]", "[address]"
SHORTEST_PART, SHORTEST_HANDLE, SHORTEST_NAME = 3, 3, 2
MOST_PATTERNS = 400
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
BETWEEN = r"[\s._,'’-]{0,3}"
"""What may stand between the parts of a name: "Ada Lovelace", "ada.lovelace", "adalovelace"."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """What tells who made a work: the candidate's name in the record, and names and addresses in the history."""

    candidate: str
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def masked(text: str, identities: Identities) -> str:
    """Return `text` with every address, and every name of `identities`, replaced by ADDRESS and PERSON.

    Whole names and handles go in any case; a single part of a name goes only as it is written, so that "will" stays
    where "Will" goes. See this module for the limits.

    >>> masked("Ada Lovelace <ada@example.org> tuned it.", Identities(candidate="c7", names=("Ada Lovelace",)))
    '[name] <[address]> tuned it.'
    """
    text = EMAIL.sub(ADDRESS, unicodedata.normalize("NFC", text))
    for pattern in _patterns(identities):
        text = pattern.sub(PERSON, text)
    return text


def masked_all(value: T, identities: Identities) -> T:
    """Return plain data or a dataclass with every text in it masked."""
    return _masked_all(value, identities)  # type: ignore[no-any-return]  # built anew from what came in


def _masked_all(value: Any, identities: Identities) -> Any:
    if isinstance(value, str):
        return type(value)(value) if type(value) is not str else masked(value, identities)
    if is_dataclass(value) and not isinstance(value, type):
        new = {field.name: _masked_all(getattr(value, field.name), identities) for field in fields(value)}
        return replace(value, **new)
    if isinstance(value, dict):
        return {masked(str(key), identities): _masked_all(inner, identities) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_masked_all(inner, identities) for inner in value)
    return value


@lru_cache(maxsize=200)
def _patterns(identities: Identities) -> tuple[re.Pattern[str], ...]:
    whole: dict[str, None] = {}
    parts: dict[str, None] = {}
    for name in identities.names:
        words = [word for word in re.split(r"[\s._,-]+", unicodedata.normalize("NFC", name).strip()) if word]
        if len("".join(words)) >= SHORTEST_NAME:
            whole[BETWEEN.join(map(re.escape, words))] = None
            whole[BETWEEN.join(map(re.escape, reversed(words)))] = None
        parts |= dict.fromkeys(re.escape(word) for word in words if len(word) >= SHORTEST_PART)
    handles = [identities.candidate, *(_handle(address) for address in identities.addresses)]
    whole |= dict.fromkeys(re.escape(handle) for handle in handles if len(handle) >= SHORTEST_HANDLE)
    longest_first = sorted(whole, key=len, reverse=True)[:MOST_PATTERNS]
    return (*_joined(longest_first, re.IGNORECASE), *_joined(list(parts)[:MOST_PATTERNS], re.NOFLAG))


def _joined(patterns: Iterable[str], flags: re.RegexFlag) -> tuple[re.Pattern[str], ...]:
    alternatives = "|".join(patterns)
    return (re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])", flags),) if alternatives else ()


def _handle(address: str) -> str:
    """Return what stands before the @, without the number that a forge puts there."""
    return address.partition("@")[0].rpartition("+")[2].strip()
