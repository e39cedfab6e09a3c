"""Who a drill is about: companies, teams and products of invented names, drawn by the seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from heldout.practice.deck.draws import shared
from heldout.practice.drill import Difficulty

__all__ = ["Scene", "Story", "Team", "assistant_team", "feature_team", "model_team", "names", "scene_of", "story"]

One = TypeVar("One")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Generic[One]):
    """What a planted drill and its clean twin share: the names, and the generator that shuffles options."""

    company: str
    product: One
    rng: np.random.Generator


def scene_of(kind: str, seed: int, difficulty: Difficulty, products: Sequence[One]) -> Scene[One]:
    """Return the scene of a seed: the same for a planted drill and its clean twin, another one for each kind."""
    rng = shared(kind, seed, difficulty)
    return Scene(company=_one_of(rng, COMPANIES), product=_one_of(rng, products), rng=rng)


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


def story(rng: np.random.Generator) -> Story:
    """Return one of the stories by chance."""
    company, model, prefix, answers, table, harm = _one_of(rng, STORIES)
    return Story(company=company, model=model, prefix=prefix, answers=answers, table=table, harm=harm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A company, its product, and what is counted (plural) in its evaluation."""

    company: str
    product: str
    items: str


def model_team(rng: np.random.Generator) -> Team:
    """Return a team that compares two models."""
    return _drawn(rng, MODELS)


def feature_team(rng: np.random.Generator) -> Team:
    """Return a team that runs an online experiment; `items` are what its users do."""
    return _drawn(rng, FEATURES)


def assistant_team(rng: np.random.Generator) -> Team:
    """Return a team whose product people rate."""
    return _drawn(rng, ASSISTANTS)


def names(rng: np.random.Generator, count: int, of: str) -> tuple[str, ...]:
    """Return distinct names of "people", "places" or "customers"; at most 40 of them."""
    pool = NAMES[of]
    return tuple(pool[place] for place in rng.permutation(len(pool))[:count])


def _drawn(rng: np.random.Generator, teams: tuple[tuple[str, str, str], ...]) -> Team:
    company, product, items = _one_of(rng, teams)
    return Team(company=company, product=product, items=items)


def _one_of(rng: np.random.Generator, several: Sequence[One]) -> One:
    return several[int(rng.integers(len(several)))]


COMPANIES = (
    *("Aldermoor", "Brindle & Co", "Cassio", "Delphine", "Eastbank", "Fennimore", "Gorsefield", "Halden"),
    *("Inverlay", "Juniper Row", "Kestrel", "Lindqvist", "Marlow Nine", "Norrland", "Osprey", "Penhallow"),
)
STORIES = (
    ("Brightlane", "delivery-time model", "eta", "arrival estimates", "parcels", "a customer waits at the door"),
    ("Kite Bank", "card-fraud model", "fraud", "payment scores", "payments", "a payment is waved through unchecked"),
    ("Orchard Foods", "demand model", "demand", "order proposals", "sales", "a shelf stays empty"),
    ("Palisade", "claims-triage model", "triage", "claim scores", "claims", "a claim lands on the wrong desk"),
    ("Tern Air", "missed-connection model", "connect", "rebooking scores", "bookings", "a family misses its flight"),
    ("Lumen Energy", "load-forecast model", "load", "load forecasts", "meters", "power is bought at the peak price"),
    ("Fable", "ranking model", "rank", "ranked lists", "impressions", "a reader sees an empty shelf"),
    ("Harbour Health", "no-show model", "noshow", "visit scores", "visits", "a slot stays empty that someone needed"),
    ("Polder Homes", "price model", "price", "price estimates", "listings", "a seller does not learn the right price"),
    ("Mosaic Chat", "routing model", "route", "routing answers", "messages", "a message reaches the wrong team"),
)
MODELS = (
    ("Harbour Mutual", "claim router", "claims"),
    ("Northline Freight", "delay predictor", "shipments"),
    ("Kestrel Bank", "invoice reader", "invoices"),
    ("Orchard Health", "referral sorter", "referrals"),
    ("Pinewood Telecom", "ticket classifier", "tickets"),
    ("Saltmarsh Energy", "meter-fault detector", "readings"),
    ("Quarry Retail", "product matcher", "listings"),
    ("Lantern Legal", "clause finder", "contracts"),
)
FEATURES = (
    ("Bluebird Travel", "price-alert banner", "bookings"),
    ("Marigold Grocer", "basket suggestions", "orders"),
    ("Tidewater Music", "new home feed", "subscriptions"),
    ("Copperfield Jobs", "ranking of vacancies", "applications"),
    ("Fernhill Learning", "streak reminder", "finished lessons"),
    ("Oakum Marketplace", "seller badge", "purchases"),
    ("Peregrine Pay", "one-tap checkout", "payments"),
    ("Juniper Rentals", "photo-first search", "enquiries"),
)
ASSISTANTS = (
    ("Heron Support", "reply assistant", "replies"),
    ("Windmill Travel", "trip planner", "itineraries"),
    ("Granite Insurance", "letter writer", "letters"),
    ("Clover Pharmacy", "leaflet simplifier", "leaflets"),
    ("Beacon Schools", "homework tutor", "explanations"),
    ("Meridian News", "summariser", "summaries"),
    ("Rowan Council", "enquiry bot", "answers"),
    ("Sparrow Software", "code helper", "patches"),
)
NAMES = {
    "people": (
        *("Ada", "Bram", "Chidi", "Dara", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaori", "Luca"),
        *("Maren", "Nadia", "Otto", "Priya", "Quinn", "Rosa", "Sven", "Tove"),
    ),
    "places": (
        *("Aldby", "Brecken", "Corran", "Dunmore", "Elstow", "Fairlie", "Garth", "Holm", "Inver", "Jarrow"),
        *("Kelso", "Lund", "Malmo", "Narva", "Osby", "Porto", "Quimper", "Riga", "Sligo", "Tarbert"),
        *("Ulva", "Varde", "Wick", "Yarm", "Zadar", "Arden", "Bergen", "Cork", "Delft", "Exeter"),
        *("Faro", "Genk", "Hilden", "Imola", "Jena", "Kiruna", "Leeds", "Mons", "Nantes", "Oban"),
    ),
    "customers": tuple(f"customer {number:02d}" for number in range(1, 41)),
}
