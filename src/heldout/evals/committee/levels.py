"""What is rated: the leaves of the rubric with their anchors, and the levels that a rater can give."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from heldout.core.errors import BadInput
from heldout.evals.authoring.presets import ANCHORS, Level
from heldout.evals.brief import AXES, Brief

__all__ = [
    "CANNOT_TELL",
    "LEAVES",
    "LEVELS",
    "Leaf",
    "checked_leaf",
    "checked_level",
    "leaves_of",
    "sha256_of_rubric",
    "sha256_plain",
]

LEVELS: tuple[Level, ...] = get_args(Level)
"""Lowest first."""
LEAVES = (*AXES, "collaboration")
CANNOT_TELL = "cannot tell"
"""What a rater says who finds no ground for a level; it is no level, and is never counted as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One thing that gets a level: its weight (0 for collaboration, which has none) and what each level looks like.

    `is_preset` where the brief has no anchors, and these are the ones that `heldout eval new` would have written.
    """

    name: str
    weight: float
    anchors: Mapping[Level, str]
    is_preset: bool


def leaves_of(brief: Brief) -> tuple[Leaf, ...]:
    """Return the leaves of a brief in their order."""
    anchors = brief.rubric.anchors
    return tuple(
        Leaf(
            name=name,
            weight=getattr(brief.rubric, name, 0.0),
            anchors=ANCHORS[name] if anchors is None else getattr(anchors, name).model_dump(),
            is_preset=anchors is None,
        )
        for name in LEAVES
    )


def sha256_of_rubric(brief: Brief) -> str:
    """Return the SHA-256 of what a level means: weights and anchors. A sheet is good for one rubric."""
    return sha256_plain([[leaf.name, leaf.weight, dict(leaf.anchors)] for leaf in leaves_of(brief)])


def sha256_plain(value: Any) -> str:
    """Return the SHA-256 of plain data, whatever the order of its keys."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def checked_leaf(name: str) -> str:
    """Return the name of a leaf. Raises BadInput for any other."""
    if name not in LEAVES:
        raise BadInput(f"there is no leaf {name[:80]!r}", where="leaf", expected=", ".join(LEAVES))
    return name


def checked_level(level: str, *, may_be_unsure: bool = True) -> str:
    """Return a level, or that one cannot tell where that is an answer. Raises BadInput for anything else."""
    said = level.strip().lower().replace("_", " ")
    allowed = (*LEVELS, CANNOT_TELL) if may_be_unsure else LEVELS
    if said not in allowed:
        raise BadInput(f"there is no level {level[:80]!r}", where="level", expected=", ".join(allowed))
    return said
