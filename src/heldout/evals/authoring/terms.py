"""What an organiser decides about an eval, with presets where nothing was said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from heldout.core.lift import LiftScale, LiftTarget
from heldout.evals.authoring.presets import Kind, Level

__all__ = ["Terms", "Window", "toml_value"]

Value = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours that a candidate has, and hours between updates."""

    hours: float
    cadence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that a brief says but for hashes. `known` are the columns known at prediction time, without key and target.

    `rows_without_label` says in a sentence what became of rows that have none. `epsilon` is in the predictions' units.
    """

    title: str
    objective: str
    kind: Kind
    level: Level
    key: str
    time: str | None
    cluster: str | None
    target: str
    positive: Value | None
    rows_without_label: str
    known: Sequence[str]
    metric: str
    direction: str
    lift: LiftTarget
    window: Window
    epsilon: float
    has_feedback: bool

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns of the holdout's features: key, time, cluster and what is known, each once."""
        named = (self.key, self.time, self.cluster, *self.known)
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def scale(self) -> LiftScale:
        """The scale of the lift."""
        return self.lift.scale


def toml_value(value: Value | Sequence[str]) -> str:
    r"""Return a value as TOML writes it.

    >>> toml_value('a "b"\n'), toml_value(True), toml_value(0.02), toml_value(["x", "y"])
    ('"a \\"b\\"\\n"', 'true', '0.02', '["x", "y"]')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        # a JSON string is a TOML string but for DEL, which TOML wants escaped
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(map(toml_value, value))}]"
