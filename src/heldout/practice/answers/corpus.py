"""The labelled typed answers that ship with Heldout, in the batches in which they were written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files
from typing import Any

from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe, Said

__all__ = ["Label", "Typed", "labelled", "labelled_points"]

SEED = 20260707
FIRST_BATCH = 1


class Label(StrEnum):
    """What its writer meant an answer to be, before any rule read it."""

    RIGHT = "right"
    PARAPHRASED = "paraphrased"
    NEGATED = "negated"
    PARTLY = "partly right"
    OFF_TOPIC = "off topic"
    KEYWORDS = "keyword list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An answer to one point.

    Half of the first batch, by a hash, was for tuning; its other half and each later batch were held out until their
    first reading (docs/benchmarks.md has those figures), and mended the rules afterwards.
    """

    point: str
    label: Label
    text: str
    batch: int
    held_out: bool


def labelled() -> tuple[Typed, ...]:
    """Return the labelled answers, in the order of their batches."""
    return tuple(
        Typed(
            point=row["point"],
            label=Label(row["label"]),
            text=row["text"],
            batch=row["batch"],
            held_out=row["batch"] > FIRST_BATCH or bool(sha256(f"{SEED}\0{row['text']}".encode()).digest()[0] & 1),
        )
        for row in _rows("labelled.jsonl")
    )


def labelled_points() -> dict[str, tuple[Family, Point]]:
    """Return the points of the labelled answers, by name, with their family."""
    return {
        row["name"]: (
            Family(row["family"]),
            Point(
                name=row["name"],
                says=row["says"],
                anchors=tuple(tuple(group) for group in row["anchors"]),
                denied=row["denied"],
                number=None if row["number"] is None else Said(**row["number"]),
                probe=Probe(
                    ask=row["probe"]["ask"], options=tuple(row["probe"]["options"]), right=row["probe"]["right"]
                ),
            ),
        )
        for row in _rows("labelled_points.jsonl")
    }


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for line in files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
