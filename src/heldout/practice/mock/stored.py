"""Reads the stored questions, points and interruptions of mocks from their data files."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from heldout.practice.mock.aim import Aim, Dimension, Hearing, Stage
from heldout.practice.mock.subject import Fact
from heldout.practice.point import Point, Probe, Said

__all__ = ["aim_of", "facts_of", "stored", "stored_aims"]

EITHER = frozenset({"framing", "plan", "wrap", "replan"})
"""Groups in which it counts that something is said, whichever way."""


@cache
def stored(name: str) -> Mapping[str, Any]:
    """Return one of the data files beside this module: "aims", "families", "interruptions" or "themes"."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def stored_aims(group: str) -> tuple[Aim, ...]:
    """Return the aims of a group of aims.toml."""
    hearing = Hearing.EITHER if group in EITHER else Hearing.UNLESS_DENIED
    return tuple(aim_of({"hearing": hearing} | one) for one in stored("aims")[group])


def aim_of(data: Mapping[str, Any], number: Said | None = None) -> Aim:
    """Return an aim from its table; `number` is what a point about a number has to name."""
    probe = Probe(ask=data["ask"], options=tuple(data["options"]), right=data["right"])
    ways = [(data["anchors"], data.get("denied", False))]
    ways += [(data[key], key == "or_denied") for key in ("or_affirmed", "or_denied") if key in data]
    return Aim(
        points=tuple(
            Point(
                name=data["name"] if place == 0 else f"{data['name']} ({place + 1})",
                says=data["says"],
                anchors=tuple(map(tuple, anchors)),
                denied=denied,
                number=number,
                probe=probe,
            )
            for place, (anchors, denied) in enumerate(ways)
        ),
        hearing=Hearing(data.get("hearing", Hearing.STRICT)),
        stage=Stage[data["stage"].upper()],
        dimension=Dimension[data["dimension"].upper()],
    )


def facts_of(data: Mapping[str, str]) -> tuple[Fact, ...]:
    """Return what is answered when somebody asks, from texts by the names in `[about]` of aims.toml."""
    about = stored("aims")["about"]
    return tuple(Fact(about=tuple(about[name]), text=text) for name, text in data.items())
