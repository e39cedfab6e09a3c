"""Who reports what: teams, their products and what these handle, drawn by the seed."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Team", "assistant_team", "feature_team", "model_team", "names"]


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
    company, product, items = teams[int(rng.integers(len(teams)))]
    return Team(company=company, product=product, items=items)


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
