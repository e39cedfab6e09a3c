"""Takes names and addresses of people out of text that raters read before the lock.

Limits, which a committee should know: nicknames, handles that resemble no name, initials, names in pictures, what
somebody writes of themselves, and a style that a reader knows are not found. A name that is also a word goes wherever
the word stands: better a hole in a sentence than a name.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from heldout.core.card import Axis, Card
from heldout.core.finding import Finding, Witness

__all__ = ["ADDRESS", "PERSON", "Identities", "masked", "masked_all"]

PERSON, ADDRESS = "[name]", "[address]"
SHORTEST_PART, SHORTEST_HANDLE, SHORTEST_NAME = 3, 3, 2
MOST_PATTERNS = 2_000
"""More than the names and addresses of a history that is kept make; the candidate's own come first."""
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
HOME = re.compile(r"(/home/|/users/|\\{1,2}users\\{1,2})[^/\\\s\"'<>|:]{1,64}", re.IGNORECASE)
"""A home folder, as it stands in logs and notebooks: its last part is somebody's."""
BETWEEN = r"[\s._,'’-]{0,3}"
"""What may stand between the parts of a name: "Ada Lovelace", "ada.lovelace", "adalovelace"."""
UNDIVIDED = {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L"}
"""Letters that no normalization takes apart into a plain one and its mark."""
OURS = {
    Card: frozenset({"metric", "reproducibility"}),
    Axis: frozenset({"name", "codes"}),
    Finding: frozenset({"code", "name", "family"}),
    Witness: frozenset({"kind"}),
}
"""What Heldout itself words: it names nobody, and an author of the same name would hide evidence from raters."""
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
    where "Will" goes. Accents, invisible signs and wide letters make no difference, nor the escapes of Python and JSON.
    A home folder names nobody either. See this module for the limits.

    >>> masked("Ada Lovelace <ada@example.org> tuned it.", Identities(candidate="c7", names=("Ada Lovelace",)))
    '[name] <[address]> tuned it.'
    """
    text = EMAIL.sub(ADDRESS, unicodedata.normalize("NFC", text))
    text = HOME.sub(rf"\1{PERSON}", text)
    for pattern in _patterns(identities):
        text = _without(pattern, text)
    return text


def masked_all(value: T, identities: Identities) -> T:
    """Return plain data or a dataclass with every text in it masked."""
    return _masked_all(value, identities)  # type: ignore[no-any-return]  # built anew from what came in


def _masked_all(value: Any, identities: Identities) -> Any:
    if isinstance(value, str):
        return type(value)(value) if type(value) is not str else masked(value, identities)
    if is_dataclass(value) and not isinstance(value, type):
        kept = OURS.get(type(value), frozenset())
        names = [field.name for field in fields(value) if field.name not in kept]
        new = {name: _masked_all(getattr(value, name), identities) for name in names}
        return replace(value, **new)
    if isinstance(value, dict):
        return {masked(str(key), identities): _masked_all(inner, identities) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_masked_all(inner, identities) for inner in value)
    return value


def _without(pattern: re.Pattern[str], text: str) -> str:
    """Return `text` with PERSON where the pattern is found once its letters are plain; the rest stays as it is."""
    if text.isascii():
        return pattern.sub(PERSON, text)
    plain, places = [], []
    for place, sign in enumerate(text):
        for letter in _plain(sign):
            plain.append(letter)
            places.append(place)
    kept, end = [], 0
    for found in pattern.finditer("".join(plain)):
        kept += [text[end : places[found.start()]], PERSON]
        end = places[found.end() - 1] + 1
    return "".join([*kept, text[end:]])


@lru_cache(maxsize=5_000)
def _plain(sign: str) -> str:
    """Return a letter without accents and width; nothing for what is invisible."""
    if sign.isascii():
        return sign
    parts = unicodedata.normalize("NFKD", UNDIVIDED.get(sign, sign))
    return "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Cf"))


@lru_cache(maxsize=200)
def _patterns(identities: Identities) -> tuple[re.Pattern[str], ...]:
    whole: dict[str, None] = {}
    parts: dict[str, None] = {}
    handles = [identities.candidate, *(_handle(address) for address in identities.addresses)]
    for handle in (handle for handle in handles if len(handle) >= SHORTEST_HANDLE):
        whole |= dict.fromkeys((re.escape("".join(map(_plain, handle))), *_in_any_order(_words(handle))))
    for name in identities.names:
        words = _words(name)
        for spelled in _spellings(words):
            whole |= dict.fromkeys(_in_any_order(spelled))
            parts |= dict.fromkeys(re.escape(word) for word in spelled if len(word) >= SHORTEST_PART)
    longest_first = sorted(list(whole)[:MOST_PATTERNS], key=len, reverse=True)
    return (*_joined(longest_first, re.IGNORECASE), *_joined(list(parts)[:MOST_PATTERNS], re.NOFLAG))


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s._,-]+", unicodedata.normalize("NFC", name).strip()) if word]


def _in_any_order(words: list[str]) -> tuple[str, ...]:
    if len("".join(words)) < SHORTEST_NAME:
        return ()
    return BETWEEN.join(map(re.escape, words)), BETWEEN.join(map(re.escape, reversed(words)))


def _spellings(words: list[str]) -> Iterator[list[str]]:
    """Yield words with plain letters, and as Python and JSON escape them, which is how claims and notebooks may."""
    yield ["".join(map(_plain, word)) for word in words]
    if not all(word.isascii() for word in words):
        yield [ascii(word)[1:-1] for word in words]
        yield [json.dumps(word)[1:-1] for word in words]


def _joined(patterns: Iterable[str], flags: re.RegexFlag) -> tuple[re.Pattern[str], ...]:
    alternatives = "|".join(patterns)
    return (re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])", flags),) if alternatives else ()


def _handle(address: str) -> str:
    """Return what stands before the @, without the number that a forge puts there."""
    return address.partition("@")[0].rpartition("+")[2].strip()
