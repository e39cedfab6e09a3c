"""Deals a drill: its kind, its seed, and the coin that says whether the fault is there."""

import hashlib
from dataclasses import dataclass

import numpy as np

from heldout.practice.deck import kind_named
from heldout.practice.drill import Difficulty, Drill, Kind

__all__ = ["Dealt", "deal"]

PLANTED = 0.7
"""Share of drills that hold the fault: most, and so many clean ones that "always there" does not pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """A drill with what it takes to deal it again."""

    kind: Kind
    seed: int
    difficulty: Difficulty
    planted: bool

    def drill(self) -> Drill:
        """Return the drill itself."""
        return self.kind.build(self.seed, self.difficulty, self.planted)

    @property
    def name(self) -> str:
        """Return the kind's name, `family/name`."""
        return f"{self.kind.family}/{self.kind.name}"


def deal(name: str, seed: int, difficulty: Difficulty, planted: bool | None = None) -> Dealt:
    """Return a drill of the kind `family/name`; the seed tosses the coin where `planted` is None. Raises KeyError."""
    if planted is None:
        # apart from the drill's own draws, which start from the seed alone
        digest = hashlib.sha256(f"{name} {seed} {int(difficulty)}".encode()).digest()
        planted = bool(np.random.default_rng(list(digest[:16])).random() < PLANTED)
    return Dealt(kind=kind_named(name), seed=seed, difficulty=difficulty, planted=planted)
