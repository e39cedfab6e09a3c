"""Who a drill is about: a company of an invented name, and the product that a kind chooses from its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from zlib import crc32

import numpy as np

from heldout.practice.drill import Difficulty

__all__ = ["COMPANIES", "Scene", "scene_of", "world_rng"]

Product = TypeVar("Product")

COMPANIES = (
    "Aldermoor",
    "Brindle & Co",
    "Cassio",
    "Delphine",
    "Eastbank",
    "Fennimore",
    "Gorsefield",
    "Halden",
    "Inverlay",
    "Juniper Row",
    "Kestrel",
    "Lindqvist",
    "Marlow Nine",
    "Norrland",
    "Osprey",
    "Penhallow",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Generic[Product]):
    """What a planted drill and its clean twin share: the names, and the generator that shuffles options."""

    company: str
    product: Product
    rng: np.random.Generator


def scene_of(seed: int, difficulty: Difficulty, products: Sequence[Product]) -> Scene[Product]:
    """Return the scene of a seed: the same for a planted drill and its clean twin, another one for each kind."""
    rng = np.random.default_rng([seed, difficulty, crc32(repr(products).encode())])
    company = COMPANIES[int(rng.integers(len(COMPANIES)))]
    return Scene(company=company, product=products[int(rng.integers(len(products)))], rng=rng)


def world_rng(seed: int, difficulty: Difficulty, planted: bool) -> np.random.Generator:
    """Return the generator of a world's numbers, another one for the clean twin."""
    return np.random.default_rng([seed, difficulty, planted])
