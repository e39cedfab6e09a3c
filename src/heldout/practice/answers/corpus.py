"""The labelled typed answers that ship with Heldout, half of them for tuning and half held out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files

from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe, Said

__all__ = ["Label", "Typed", "labelled", "labelled_points"]

SEED = 20260707


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
    """An answer to one point; `held_out` ones were never looked at while the rules were tuned."""

    point: str
    label: Label
    text: str
    held_out: bool


def labelled() -> tuple[Typed, ...]:
    """Return the labelled answers; a hash of the seed and the text says which half each belongs to."""
    return tuple(
        Typed(
            point=row["point"],
            label=Label(row["label"]),
            text=row["text"],
            held_out=bool(sha256(f"{SEED}\0{row['text']}".encode()).digest()[0] & 1),
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


def _rows(name: str) -> Iterator[dict[str, object]]:
    for line in files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
