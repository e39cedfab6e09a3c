"""What one sentence, or two neighbours, claim about one point."""

from dataclasses import dataclass
from enum import StrEnum

from heldout.practice.answers.anchors import Found, find, is_known, known_words
from heldout.practice.answers.numbers import Number, fits, numbers
from heldout.practice.answers.polarity import Polarity, polarity, retracts
from heldout.practice.answers.structure import Structure, structure
from heldout.practice.answers.text import Sentence, sentences, tokens
from heldout.practice.answers.vocabulary import COMPARATIVES, COMPARISONS, LIMITS, STRONG_DOUBTS
from heldout.practice.point import Point

__all__ = ["Claim", "Clear", "Read", "claims_of", "partly", "reads"]

_MOST_NUMBERS = 4


class Clear(StrEnum):
    """How a claim stands."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Claim:
    """A mention of a point: how it stands, why it is doubtful (""), and the words as they were typed."""

    stands: Clear
    why: str
    said: str


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence with all that does not depend on the point."""

    sentence: Sentence
    structure: Structure
    polarity: Polarity
    numbers: tuple[Number, ...]
    retracted: bool


@dataclass(frozen=True, slots=True)
class _Match:
    """A group's places in a read sentence."""

    read: Read
    found: tuple[Found, ...]


def reads(text: str) -> tuple[Read, ...]:
    """Return the sentences of a bounded text; one that only takes back the sentence before marks that one."""
    every = sentences(text)
    return tuple(
        Read(
            sentence=one,
            structure=structure(one.tokens),
            polarity=polarity(one),
            numbers=tuple(numbers(one.tokens)),
            retracted=_ends_in_retraction(one) or (place + 1 < len(every) and retracts(every[place + 1])),
        )
        for place, one in enumerate(every)
        if one.tokens
    )


def claims_of(point: Point, read: Read, before: Read | None, after: Read | None) -> list[Claim]:
    """Return the claims of one sentence about a point; its neighbours may lend the number."""
    groups = [find(group, read.sentence.tokens) for group in point.anchors]
    if not all(groups) or read.structure is Structure.LIST:
        return _across(point, before, read) if before and read.structure is not Structure.LIST else []
    near = [one for one in (read, before, after) if one]
    clauses = sorted(set.intersection(*({read.sentence.clauses[f.start] for f in group} for group in groups)))
    parts = [[[f for f in group if read.sentence.clauses[f.start] == clause] for group in groups] for clause in clauses]
    return [_judged(point, [_Match(read, tuple(group)) for group in part], near) for part in parts or [groups]]


def partly(point: Point, read: Read) -> int:
    """Return how many groups of anchors, and the number, stand in a sentence; 0 for a list of words."""
    if read.structure is Structure.LIST:
        return 0
    words = read.sentence.tokens
    counted = {number.place for number in read.numbers}
    found = sum(any(one.start not in counted for one in find(group, words)) for group in point.anchors)
    return found + (point.number is not None and any(fits(one, point.number, words) for one in read.numbers))


def _across(point: Point, before: Read, read: Read) -> list[Claim]:
    """Return a claim that two neighbours make together; a wrong one is only doubtful."""
    if before.structure is Structure.LIST:
        return []
    first = [find(group, before.sentence.tokens) for group in point.anchors]
    second = [find(group, read.sentence.tokens) for group in point.anchors]
    if all(first) or not all(a or b for a, b in zip(first, second, strict=True)):
        return []
    matches = [_Match(read, tuple(b)) if b else _Match(before, tuple(a)) for a, b in zip(first, second, strict=True)]
    claim = _judged(point, matches, [read, before])
    if claim.stands is (Clear.AFFIRMED if point.denied else Clear.DENIED):
        return [Claim(Clear.DOUBTFUL, "it is denied across two sentences", claim.said)]
    return [claim]


def _judged(point: Point, matches: list[_Match], near: list[Read]) -> Claim:
    involved = list({id(match.read): match.read for match in matches}.values())
    said = " ".join(one.sentence.said for one in sorted(involved, key=near.index, reverse=True))
    chosen = [_Match(match.read, _asserted(match)) for match in matches]
    why = _doubt(point, chosen, involved)
    number = None
    if point.number is not None and not why:
        number, why = _numbered(point, chosen, near)
    if why:
        return Claim(Clear.DOUBTFUL, why, said)
    turns, why = _turns(chosen, number)
    if why:
        return Claim(Clear.DOUBTFUL, why, said)
    stands = Clear.DENIED if turns % 2 else Clear.AFFIRMED
    if why := _turned_doubt(point, stands, turns, chosen, number):
        return Claim(Clear.DOUBTFUL, why, said)
    return Claim(stands, "", said)


def _turned_doubt(
    point: Point, stands: Clear, turns: int, chosen: list[_Match], number: tuple[Read, int] | None
) -> str:
    """Return why a claim cannot be taken to stand as its negators say, or nothing."""
    is_denial = stands is Clear.DENIED
    if number and is_denial is not point.denied and all(number[0] is not match.read for match in chosen):
        return "it is denied, and its number stands beside it"
    if is_denial and any(_negators(match.read, chosen) < match.read.polarity.negators for match in chosen):
        return "it is not clear what is denied"  # "not to be trusted with few clusters"
    if not is_denial and not point.denied:
        if any(_negators(match.read, chosen) > turns for match in chosen):
            return "something in it is denied"
        if word := _unknown(point, chosen):
            return f"rules cannot weigh the word “{word}”"
    return "its parts stand far apart" if not (is_denial and point.denied) and _is_spread(chosen) else ""


def _negators(read: Read, chosen: list[_Match]) -> int:
    """Return how many negators of a sentence are no anchors."""
    return read.polarity.negators - _anchored_negators(chosen, read, len(read.sentence.tokens) - 1)


def _unknown(point: Point, chosen: list[_Match]) -> str:
    """Return a word of the claim's sentences that may deny it as well as not, for all that rules know, or nothing."""
    known = known_words(point)
    said = tokens(point.says)
    for match in chosen:
        words = match.read.sentence.tokens
        limit = next((word for word in words[1:] if word in LIMITS and word not in said), "")
        if limit:
            return limit
        taken = {place for one in chosen for f in one.found for place in range(f.start, f.end + 1)}
        for place, word in enumerate(words):
            if place not in taken and word[0].isalpha() and not is_known(word, known):
                return word
    return ""


def _is_spread(chosen: list[_Match]) -> bool:
    """Return whether the groups stand in several clauses, and nothing takes the sentence back."""
    clauses = [{(id(match.read), match.read.sentence.clauses[one.start]) for one in match.found} for match in chosen]
    return not set.intersection(*clauses) and not any(match.read.retracted for match in chosen)


def _asserted(match: _Match) -> tuple[Found, ...]:
    own = tuple(one for one in match.found if not match.read.polarity.reported[one.start])
    return own or match.found


def _doubt(point: Point, chosen: list[_Match], involved: list[Read]) -> str:
    """Return why the claim cannot be taken as the writer's own and plain one, or nothing."""
    if any(one.structure is Structure.NOTE for one in involved):
        return "it is a note, not a sentence"
    last = chosen[-1]
    if all(last.read.polarity.reported[one.start] for one in last.found) and not last.read.retracted:
        return "it is said of others"
    if any(all(match.read.polarity.doubtful[one.start] for one in match.found) for match in chosen):
        return "it sounds like a question, an if or a guess"
    taken = {(id(m.read), place) for m in chosen for one in m.found for place in range(one.start, one.end + 1)}
    clauses = {(id(match.read), match.read.sentence.clauses[one.start]) for match in chosen for one in match.found}
    for one in involved:
        words = one.sentence.tokens
        for place in one.polarity.turning:
            is_near = words[place] in STRONG_DOUBTS or (id(one), one.sentence.clauses[place]) in clauses
            if is_near and (id(one), place) not in taken and words[place] not in tokens(point.says):
                return "a word in it may turn its meaning"
    return "its sides may be the other way round" if _is_swapped(point, chosen) else ""


def _is_swapped(point: Point, chosen: list[_Match]) -> bool:
    """Return whether a comparison names its sides in another order than the point does, or leaves one open.

    The first group is on the side of the comparing word on which the point has it.
    """
    said = tokens(point.says)
    words = chosen[0].read.sentence.tokens
    compared = next((place for place, word in enumerate(words) if word in COMPARISONS), None)
    wanted = next((place for place, word in enumerate(said) if word in COMPARISONS), None)
    subject = find(point.anchors[0], said)
    if compared is None or (wanted is None and COMPARISONS.isdisjoint(_anchored(chosen))):
        return False
    if words[compared] in COMPARATIVES and "than" not in words and not _anchored(chosen).isdisjoint(COMPARISONS):
        return True
    if wanted is None or not subject:
        return False
    return (chosen[0].found[0].start < compared) is not (subject[0].start < wanted)


def _anchored(chosen: list[_Match]) -> set[str]:
    """Return the words at which the anchors were found."""
    return {match.read.sentence.tokens[one.start] for match in chosen for one in match.found}


def _turns(chosen: list[_Match], number: tuple[Read, int] | None) -> tuple[int, str]:
    """Return how often the claim is turned; or why that cannot be told."""
    ends: dict[tuple[int, int], tuple[Read, int]] = {}
    anchored = {(id(match.read), match.read.sentence.clauses[one.start]) for match in chosen for one in match.found}
    if number and (id(number[0]), number[0].sentence.clauses[number[1]]) not in anchored:
        if number[0].polarity.negations[number[1]]:
            return 0, "its number may be denied"
        number = None
    places = [(match.read, one.start) for match in chosen for one in match.found] + ([number] if number else [])
    for read, place in places:
        key = (id(read), read.sentence.clauses[place])
        ends[key] = max(ends.get(key, (read, -1)), (read, place), key=lambda each: each[1])
    turns = _turned_by_negators(list(ends.values()), chosen)
    if turns is None:
        return 0, "a part of it is denied"
    turns += sum(all(one.turned for one in match.found) for match in chosen)
    held = [all(match.read.polarity.noun[one.start] for one in match.found) for match in chosen]
    if all(held):
        turns += 1
    elif any(held):
        return turns, "a part of it is ruled out"
    read, place = list(ends.values())[-1]
    later = read.polarity.after[place]
    if later == "perhaps":
        return turns, "what follows may deny it"
    turns += later == "yes"
    turns += any(one.retracted for one, _ in ends.values())
    return turns, ""


def _turned_by_negators(ends: list[tuple[Read, int]], chosen: list[_Match]) -> int | None:
    """Return how often negators turn the claim: those of the last group's clause; None where another one's do too."""
    predicate = chosen[-1]
    counts = {
        (id(read), read.sentence.clauses[place]): read.polarity.negations[place]
        - _anchored_negators(chosen, read, place)
        for read, place in ends
    }
    if len(counts) == 1:
        return next(iter(counts.values()))
    last = [(id(predicate.read), predicate.read.sentence.clauses[one.start]) for one in predicate.found]
    is_denied_before = any(count for clause, count in counts.items() if clause not in last)
    return None if is_denied_before else counts[last[-1]]


def _anchored_negators(chosen: list[_Match], read: Read, end: int) -> int:
    """Count the negators before a place of its clause that are anchors: "few clusters" is the point."""
    clauses, negations = read.sentence.clauses, read.polarity.negations
    anchored = {n for m in chosen if m.read is read for f in m.found for n in range(f.start, f.end + 1)}
    return sum(
        clauses[place] == clauses[place + 1] == clauses[end] and negations[place + 1] > negations[place]
        for place in anchored
        if place < end
    )


def _numbered(point: Point, chosen: list[_Match], near: list[Read]) -> tuple[tuple[Read, int] | None, str]:
    """Return the place of the wanted number, the nearest sentence first, or why it is not there."""
    wanted = point.number
    assert wanted is not None
    read = chosen[-1].read
    clauses = {read.sentence.clauses[one.start] for match in chosen for one in match.found if match.read is read}
    own = [one for one in read.numbers if read.sentence.clauses[one.place] in clauses]
    for where, some in ((read, own), *((one, list(one.numbers)) for one in near)):
        if len(some) > _MOST_NUMBERS:
            return None, "it names many numbers"
        if any(_is_bound(where, one) for one in some):
            return None, "it names a bound"
        right = [one for one in some if fits(one, wanted, where.sentence.tokens)]
        if right:
            return (where, right[0].place), ""
        if some:
            break
    return None, "its number is not the one" if any(one.numbers for one in near) else "it names no number"


def _is_bound(read: Read, number: Number) -> bool:
    """Return whether a number is only said to be above or below ("far more than 0.21", "at most 5")."""
    before = read.sentence.tokens[max(number.place - 2, 0) : number.place]
    return before[-1:] in (("above",), ("below",), ("beyond",)) or before in (
        ("more", "than"), ("less", "than"), ("fewer", "than"), ("higher", "than"), ("lower", "than"), ("at", "most"),
    )  # fmt: skip


def _ends_in_retraction(sentence: Sentence) -> bool:
    last = sentence.clauses[-1] if sentence.clauses else 0
    tail = tuple(word for word, clause in zip(sentence.tokens, sentence.clauses, strict=True) if clause == last)
    part = Sentence(said="", tokens=tail, clauses=(0,) * len(tail), asks=False)
    return last > 0 and retracts(part)
