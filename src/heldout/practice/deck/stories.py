"""Companies and products for drills, and the random numbers of one drill."""

import zlib
from dataclasses import dataclass

import numpy as np

from heldout.practice.drill import Difficulty

__all__ = ["Story", "draws", "story"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Who runs what: a company, its model in words, the prefix of its metrics, what it answers, and what it reads.

    `answers` is a plural noun for what is returned, `harm` what one missing or wrong answer costs somebody.
    """

    company: str
    model: str
    prefix: str
    answers: str
    table: str
    harm: str


STORIES = (
    ("Brightlane", "delivery-time model", "eta", "arrival estimates", "parcels", "a customer waits at the door"),
    ("Kite Bank", "card-fraud model", "fraud", "payment scores", "payments", "a payment is waved through unchecked"),
    ("Orchard Foods", "demand model", "demand", "order proposals", "sales", "a shelf stays empty"),
    ("Palisade", "claims-triage model", "triage", "claim scores", "claims", "a claim lands on the wrong desk"),
    ("Tern Air", "missed-connection model", "connect", "rebooking scores", "bookings", "a family misses its flight"),
    ("Lumen Energy", "load-forecast model", "load", "load forecasts", "meters", "power is bought at the peak price"),
    ("Fable", "ranking model", "rank", "ranked lists", "impressions", "a reader sees an empty shelf"),
    ("Harbour Health", "no-show model", "noshow", "visit scores", "visits", "a slot stays empty that someone needed"),
    ("Polder Homes", "price model", "price", "price estimates", "listings", "a seller is quoted a wrong price"),
    ("Mosaic Chat", "routing model", "route", "routing answers", "messages", "a message reaches the wrong team"),
)


def draws(kind: str, seed: int, difficulty: Difficulty) -> np.random.Generator:
    """Return the random numbers of a drill: the same with the fault and without, so that only the evidence differs."""
    return np.random.default_rng([zlib.crc32(kind.encode()), seed, difficulty])


def story(rng: np.random.Generator) -> Story:
    """Return one of the stories by chance."""
    company, model, prefix, answers, table, harm = STORIES[rng.integers(len(STORIES))]
    return Story(company=company, model=model, prefix=prefix, answers=answers, table=table, harm=harm)
