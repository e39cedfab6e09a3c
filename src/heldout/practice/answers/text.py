"""A typed text as sentences, clauses and words: bounded, whatever was typed, and with the original to quote."""

import re
import unicodedata
from dataclasses import dataclass

from heldout.practice.answers.vocabulary import AUXILIARIES, BOUNDARIES, DETERMINERS

__all__ = ["LONGEST_BYTES", "Sentence", "bounded", "sentences", "tokens"]

LONGEST_BYTES = 10_000
"""What lies beyond is not read."""
_LONGEST_SENTENCE = 1_000
"""Words of one sentence; a longer one is cut into several."""

_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|[\r\n\u2028\u2029]+|;")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|cf|approx|resp|etc|no)\.$", re.IGNORECASE)
_TOKEN = re.compile(
    r"\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|\d*\.\d+|\d+|n't\b|'[a-z]+|[^\W\d]\w*?(?=n't\b)|[^\W\d]\w*|[%,:()\"?]|--"
)
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "−": "-", "^": "",
     "—": " -- ", "‐": "-", "‑": "-", "‒": "-", "\u00ad": "",
     "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\u2009": " "}
)  # fmt: skip
_TYPED_WITHOUT = re.compile(r"\b(is|are|was|were|do|does|did|ca|wo|would|should|could|has|have|had|ai)nt\b")
_JOINED = re.compile(r"(?<=\w)-(?=[^\W\d])")
_THOUSANDS = re.compile(r"(?<!\d)(\d{1,3})((?: \d{3})+)(?!\d)")
_NON = re.compile(r"\bnon-(?=\w)")
_DASH = re.compile(r"\s[-–]\s|–(?=\D)")
_MINUS = re.compile(r"(?<![\w.,'%)-])-(?=\.?\d)")
_NEW_CLAUSE = DETERMINERS | AUXILIARIES | {"not", "only", "just", "hardly", "never", "yet", "in", "at"}
_STOPS = frozenset({",", ":", "(", ")", "--", '"'})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `said` as it was typed, its tokens, the clause of each token, and whether it asks."""

    said: str
    tokens: tuple[str, ...]
    clauses: tuple[int, ...]
    asks: bool


def bounded(text: str) -> tuple[str, bool]:
    """Return what is read of a text, and whether it was cut."""
    whole = text[: LONGEST_BYTES + 1].encode(errors="replace")
    return whole[:LONGEST_BYTES].decode(errors="ignore"), len(whole) > LONGEST_BYTES


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text that `bounded` has cut."""
    found = []
    for said in _parts(text):
        words = tokens(said)
        for start in range(0, len(words), _LONGEST_SENTENCE):
            part = words[start : start + _LONGEST_SENTENCE]
            found.append(
                Sentence(said=said, tokens=part, clauses=_clauses(part), asks=said.rstrip("\"') ").endswith("?"))
            )
    return tuple(found)


def tokens(text: str) -> tuple[str, ...]:
    """Return the words, numbers and stops of a text, in lower case and plain letters."""
    plain = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE).casefold()[: 2 * LONGEST_BYTES]
    plain = _TYPED_WITHOUT.sub(r"\1n't", plain).replace("cannot", "can not")
    plain = _THOUSANDS.sub(lambda found: found[1] + found[2].replace(" ", ""), plain)
    plain = _MINUS.sub("minus ", plain)
    return tuple(_TOKEN.findall(_JOINED.sub(" ", _NON.sub("non", _DASH.sub(" -- ", plain)))))


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for end in _END.finditer(text):
        part = text[start : end.start()]
        if _ABBREVIATION.search(part[-12:]):
            continue
        parts.append(part.strip())
        start = end.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _clauses(words: tuple[str, ...]) -> tuple[int, ...]:
    clause, found = 0, []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        starts = (word in BOUNDARIES and not (word == "nor" and "neither" in words)) or (
            word in ("and", "or", "so") and following in _NEW_CLAUSE
        )
        clause += starts and place > 0
        found.append(clause)
        clause += word in _STOPS
    return tuple(found)
