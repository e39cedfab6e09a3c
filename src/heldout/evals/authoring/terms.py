"""What an organiser decides about an eval, with presets where nothing was said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from heldout.core.lift import LiftScale, LiftTarget
from heldout.evals.authoring.presets import Kind, Level
from heldout.evals.brief import Brief

__all__ = ["Terms", "Window", "terms_in", "toml_value"]

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


def terms_in(brief: Brief) -> Terms:
    """Return what a brief that is there already says, in the words of an organiser who decides about it."""
    data = brief.data
    return Terms(
        title=brief.eval.title,
        objective=brief.eval.objective,
        kind=brief.eval.kind,
        level=brief.eval.level,
        key=data.key,
        time=data.time,
        cluster=data.cluster,
        target=data.target,
        positive=data.positive,
        rows_without_label=data.rows_without_label,
        known=data.known_at_prediction,
        metric=brief.metric.name,
        direction=brief.metric.direction,
        lift=brief.lift_target,
        window=Window(hours=brief.window.hours, cadence=brief.cadence.hours),
        epsilon=brief.reproducibility.epsilon,
        has_feedback=data.feedback is not None,
    )


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
