"""What turns, reports or doubts the words of a sentence, token by token."""

from dataclasses import dataclass

from heldout.practice.answers import vocabulary as v
from heldout.practice.answers.text import Sentence

__all__ = ["Polarity", "polarity", "retracts"]

_FALSE = tuple((word,) for word in ["alarm", "alarms", "positive", "positives", "negative", "negatives"])
_NOUN_REACH = 4
_REPORT_REACH = 4
_RETRACTION_REACH = 8


@dataclass(frozen=True, slots=True)
class Polarity:
    """Per token: how many negations of its clause stand before it, whether one holds its noun alone, whether somebody
    else says it, and whether it is doubtful; `after` is "yes" or "perhaps" where "is not there" follows
    it in its clause; `turning` are places of words that may turn the claim; `negators` counts all of the sentence.
    """

    negations: tuple[int, ...]
    noun: tuple[bool, ...]
    reported: tuple[bool, ...]
    doubtful: tuple[bool, ...]
    after: tuple[str, ...]
    turning: frozenset[int]
    negators: int


def polarity(sentence: Sentence) -> Polarity:
    """Return what each token of a sentence stands under."""
    words, clauses = sentence.tokens, sentence.clauses
    claim, noun, used = _negators(words)
    return Polarity(
        negations=_before(words, clauses, claim),
        noun=_reached(clauses, noun),
        reported=_reported(words),
        doubtful=_doubtful(sentence),
        after=_after(words, clauses, claim),
        turning=frozenset(place for place in range(len(words)) if place not in used and _may_turn(words, place)),
        negators=len(claim) + len(noun),
    )


def _may_turn(words: tuple[str, ...], place: int) -> bool:
    return words[place] in v.DOUBTS | v.STRONG_DOUBTS and not (
        words[place] == "false" and words[place + 1 : place + 2] in _FALSE
    )


def retracts(sentence: Sentence) -> bool:
    """Return whether a sentence only takes back the one before it ("That is wrong.", "They are not.")."""
    return len(sentence.tokens) <= _RETRACTION_REACH and _is_retraction(sentence.tokens)


def _is_retraction(words: tuple[str, ...]) -> bool:
    said = [word for word in words if word not in (",", '"', "--", ":")]
    if not said or len(said) > _RETRACTION_REACH:
        return False
    if said[0] in v.TURNS | {"and"}:
        said = said[1:]
    if len(said) > 1 and said[0] == "no":
        said = said[1:]
    denials = sum(word in ("not", "n't", "never") for word in said)
    opens = bool(said) and (
        said[0] in ("that", "this", "it", "they", "which", "he", "she", "i", "we") or len(said) == 1
    )
    if not opens:
        return False
    if not v.RETRACTIONS.isdisjoint(said):
        return denials % 2 == 0
    rest = [
        word
        for word in said[1:]
        if word not in v.AUXILIARIES | {"not", "n't", "never", "so", "true", "right", "the", "case", "correct"}
    ]
    return denials == 1 and not rest


def _negators(words: tuple[str, ...]) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """Return the places of what turns a claim, of what turns a noun, and of all words of both."""
    claim: set[int] = set()
    noun: set[int] = set()
    used: set[int] = set()
    place = 0
    while place < len(words):
        for phrases, into in ((v.IDLE_NEGATIONS, None), (v.NOUN_NEGATORS, noun), (v.PHRASAL_NEGATORS, claim)):
            found = next((one for one in phrases if words[place : place + len(one)] == one), None)
            if found:
                used |= set(range(place, place + len(found)))
                if into is not None:
                    into.add(place + len(found) - 1)
                place += len(found)
                break
        else:
            if words[place] in v.NEGATORS and not _is_idle(words, place):
                claim.add(place)
            place += 1
    return frozenset(claim), frozenset(noun), frozenset(used)


def _is_idle(words: tuple[str, ...], place: int) -> bool:
    """Return whether it is a "No, ..." or the second half of "neither ... nor"."""
    if words[place] == "nor":
        return "neither" in words[:place]
    return (
        words[place] == "no"
        and words[place + 1 : place + 2] == (",",)
        and (place == 0 or words[place - 1] in (",", "--"))
    )


def _before(words: tuple[str, ...], clauses: tuple[int, ...], claim: frozenset[int]) -> tuple[int, ...]:
    """Count the negators before each token in its clause; one that ends its clause ("not, I think, ...") goes on.

    So does one that stands before all of the claim ("it is not true that ...").
    """
    counts, count, carried = [], 0, 0
    for place in range(len(words)):
        if place and clauses[place] != clauses[place - 1]:
            ends = words[place - 1] in (",", "--", "(") and place - 2 in claim and words[place - 2] != "no"
            carried += ends
            count = carried
        counts.append(count)
        count += place in claim
        carried += place in claim and _governs(words, place)
    return tuple(counts)


def _governs(words: tuple[str, ...], place: int) -> bool:
    """Return whether a negator turns all that follows: "it is not true that ...", "it is false that ..."."""
    said = words[place + 1 : place + 2]
    return words[place] == "that" or (
        said in (("true",), ("right",), ("correct",), ("the",)) and "that" in words[place : place + 4]
    )


def _reached(clauses: tuple[int, ...], noun: frozenset[int]) -> tuple[bool, ...]:
    reached = [False] * len(clauses)
    for start in noun:
        for place in range(start + 1, min(start + 1 + _NOUN_REACH, len(clauses))):
            reached[place] = reached[place] or clauses[place] == clauses[start]
    return tuple(reached)


def _reported(words: tuple[str, ...]) -> tuple[bool, ...]:
    found, quoted, until_turn = [], False, False
    for place, word in enumerate(words):
        if word == '"':
            quoted = not quoted
        if word in v.TURNS:
            until_turn = False
        found.append(quoted or until_turn)
        if (
            word in v.REPORTING
            and words[place - 1 : place] != ("to",)
            and _somebody_else(words[max(place - _REPORT_REACH, 0) : place])
        ):
            until_turn = True
        if words[place : place + 2] == ("according", "to"):
            until_turn = True
    return tuple(found)


def _somebody_else(before: tuple[str, ...]) -> bool:
    passive = "it" in before and not v.AUXILIARIES.isdisjoint(before)
    return passive or not v.PEOPLE.isdisjoint(before)


def _doubtful(sentence: Sentence) -> tuple[bool, ...]:
    """A question doubts all, a hedge its clause and what follows, a hypothesis its clause."""
    words, clauses = sentence.tokens, sentence.clauses
    hedged = min((clauses[place] for place in range(len(words)) if _hedges(words, place)), default=len(words))
    supposed = {clauses[place] for place, word in enumerate(words) if word in v.HYPOTHESES}
    supposed |= {clauses[place] for place in range(len(words)) if _supposes(words, place)}
    supposed |= set(clauses) if words[:1] == ("had",) else set()
    return tuple(sentence.asks or clause >= hedged or clause in supposed for clause in clauses)


def _supposes(words: tuple[str, ...], place: int) -> bool:
    """Return whether it "would be so, but" is not, or "would be so if" something else were."""
    return words[place] == "would" and ("if" in words or not v.TURNS.isdisjoint(words[place:]))


def _hedges(words: tuple[str, ...], place: int) -> bool:
    """Return whether a word hedges; "enough to guess the label" says what can be done, and is no guess itself."""
    if words[place] == "guess" and words[place - 1 : place] == ("to",):
        return words[place + 1 : place + 2] not in (("the",), ("a",), ("its",), ("their",), ("which",))
    return words[place] in v.HEDGES and words[place - 1 : place] not in (("no",), ("beyond",), ("without",), ("a",))


def _after(words: tuple[str, ...], clauses: tuple[int, ...], claim: frozenset[int]) -> tuple[str, ...]:
    """Say per token whether a later negator of its clause denies it: "yes", "perhaps" or ""."""
    found, said, clause = [""] * len(words), "", -1
    for place in range(len(words) - 1, -1, -1):
        if clauses[place] != clause:
            clause, said = clauses[place], ""
        if place in claim and words[place] in ("not", "n't", "never", "hardly", "nowhere"):
            said = "yes" if not v.DENIED_AFTER.isdisjoint(words[place + 1 : place + 5]) else "perhaps"
        found[place] = said
    return tuple(found)
