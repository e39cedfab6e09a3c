"""What a rehearsal remembers between two commands, in one file that is never half written."""

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.errors import BadInput

__all__ = ["FILE", "Sitting", "State", "read_state"]

FILE = "rehearsal.json"
SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One judged attempt at the monitoring exercise: minutes taken, bad stretches told in time, false alarms."""

    minutes: float
    told: int
    of: int
    false_alarms: int
    clean: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`brief` names what is rehearsed ("flights", "orders of N rows", or a path); the rest are the agreed terms.

    `monitoring_began` is when the exercise, or its next attempt, began (ISO 8601), empty before; `sittings` are the
    attempts so far.
    """

    brief: str
    seed: int
    time_zone: str
    waking: str
    hours: float
    monitoring_began: str = ""
    sittings: tuple[Sitting, ...] = ()

    def __post_init__(self) -> None:
        if self.seed < 0 or not math.isfinite(self.hours):
            raise ValueError("a seed is not negative, and hours are finite")
        if self.monitoring_began and dt.datetime.fromisoformat(self.monitoring_began).tzinfo is None:
            raise ValueError("the exercise began at an instant with its offset")

    def written(self) -> str:
        """Return the JSON of the file."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1) + "\n"


def read_state(folder: Path) -> State:
    """Return the state of the rehearsal in `folder`. Raises BadInput where there is none, or where it is damaged."""
    path = folder / FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return _state(said)
    except FileNotFoundError:
        raise BadInput(
            "there is no rehearsal here yet",
            where=str(folder),
            expected="a folder that `heldout practice rehearse` made",
            mend="begin one: heldout practice rehearse, or name its folder with --out",
        ) from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise BadInput(
            f"{FILE} cannot be read",
            where=str(path),
            expected="what `heldout practice rehearse` wrote",
            mend="restore it; eval and work beside it are whole, and `heldout eval grade EVAL me` needs no such file",
        ) from None


def _state(said: Mapping[str, Any]) -> State:
    if said["schema"] != SCHEMA:
        raise ValueError(said["schema"])
    return _STATE.validate_python({name: value for name, value in said.items() if name != "schema"})


_STATE: TypeAdapter[State] = TypeAdapter(State)
