"""Reads a typed explanation against the points that it has to make: a pure function, by rules alone.

A point is covered only where one plain sentence (or two neighbours) holds all its anchors, the polarity agrees and the
number, where one is asked, is within its tolerance. Whatever the rules cannot tell for certain is unclear, and the
stored probe asks. Words without a sentence earn nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from heldout.practice.answers.anchors import overlap
from heldout.practice.answers.claim import Claim, Clear, Read, claims_of, partly, reads
from heldout.practice.answers.structure import Structure
from heldout.practice.answers.text import bounded
from heldout.practice.point import Point, Probe

__all__ = ["Explanation", "Heard", "Standing", "read"]

_LONGEST_QUOTE = 300
_SHARED_WORDS = 2


class Standing(StrEnum):
    """What an answer does to a point."""

    COVERED = "covered"
    CONTRADICTED = "contradicted"
    UNCLEAR = "unclear"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A point and what the answer says of it: the sentences as typed, why, and for an unclear one its probe.

    `is_said` is true where all of the point's words are there, so that only the rules could not weigh them.
    """

    point: str
    standing: Standing
    evidence: tuple[str, ...] = ()
    why: str = ""
    probe: Probe | None = None
    is_said: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All points of an explanation, in their order; `cut` is true where the text was longer than is read."""

    heard: tuple[Heard, ...]
    cut: bool = False


def read(text: str, points: tuple[Point, ...]) -> Explanation:
    """Return for each point whether the text covers, contradicts or misses it, or whether its probe has to ask.

    Never raises, whatever the text; reads its first 10,000 bytes.
    """
    whole, cut = bounded(text)
    every = reads(whole)
    claims = [_claims(point, every) for point in points]
    covering = [
        {claim.said for claim in own if claim.stands is _right(point)}
        for point, own in zip(points, claims, strict=True)
    ]
    heard = (
        _heard(point, own, every, elsewhere=set().union(*covering[:place], *covering[place + 1 :]))
        for place, (point, own) in enumerate(zip(points, claims, strict=True))
    )
    return Explanation(heard=tuple(heard), cut=cut)


def _right(point: Point) -> Clear:
    return Clear.DENIED if point.denied else Clear.AFFIRMED


def _claims(point: Point, every: tuple[Read, ...]) -> list[Claim]:
    claims: list[Claim] = []
    for place, one in enumerate(every):
        before = every[place - 1] if place else None
        after = every[place + 1] if place + 1 < len(every) else None
        claims += claims_of(point, one, before, after)
    return claims


def _heard(point: Point, claims: list[Claim], every: tuple[Read, ...], *, elsewhere: set[str]) -> Heard:
    """Return how a point stands. What also covers another point (`elsewhere`) is no plain denial of this one."""
    right = _quotes([claim for claim in claims if claim.stands is _right(point)])
    against = [claim for claim in claims if claim.stands not in (_right(point), Clear.DOUBTFUL)]
    wrong = _quotes([claim for claim in against if not (right and claim.said in elsewhere)])
    if wrong:
        why = "the answer says both this and its denial" if right else "the answer says the opposite"
        return Heard(point=point.name, standing=Standing.CONTRADICTED, evidence=wrong + right, why=why)
    if right and against:
        why = "another sentence of it may say the opposite"
        evidence = right + _quotes(against)
        unclear = Standing.UNCLEAR
        return Heard(point=point.name, standing=unclear, evidence=evidence, why=why, probe=point.probe, is_said=True)
    if right:
        return Heard(point=point.name, standing=Standing.COVERED, evidence=right, is_said=True)
    return _unclear(point, claims, every)


def _unclear(point: Point, claims: list[Claim], every: tuple[Read, ...]) -> Heard:
    for claim in claims:
        quote = (_short(claim.said),)
        return Heard(
            point=point.name, standing=Standing.UNCLEAR, evidence=quote, why=claim.why, probe=point.probe, is_said=True
        )
    near = [one for one in every if _is_near(point, one)]
    if near:
        return Heard(
            point=point.name,
            standing=Standing.UNCLEAR,
            evidence=(_short(near[0].sentence.said),),
            why="it comes near, and does not quite say it",
            probe=point.probe,
        )
    is_list = bool(every) and all(one.structure is Structure.LIST for one in every)
    why = "words without a sentence say nothing yet" if is_list else "the answer does not speak of it"
    return Heard(point=point.name, standing=Standing.MISSING, why=why)


def _is_near(point: Point, one: Read) -> bool:
    if one.structure is Structure.LIST:
        return False
    shared = overlap(point.says, one.sentence.tokens)
    groups = len(point.anchors) + (point.number is not None)
    found = partly(point, one)
    return shared >= _SHARED_WORDS or 2 * found >= groups


def _quotes(claims: list[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_short(claim.said) for claim in claims))[:2]


def _short(said: str) -> str:
    return said if len(said) <= _LONGEST_QUOTE else said[: _LONGEST_QUOTE - 1] + "…"
