"""What `heldout eval new` is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.core.lift import LiftScale
from heldout.evals.authoring.presets import Kind, Level

__all__ = ["EvalAsked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalAsked:
    """What was asked of a new eval, in the words of the command; None and empty where presets or the table decide.

    `known` are columns known at prediction time, `baseline` the folder of a submission. `feedback` and `final` are
    shares of the rows, `minimum` and `target_lift` lifts on `scale`.
    """

    data: Path
    target: str
    scale: LiftScale
    objective: str
    title: str | None = None
    positive: str | None = None
    key: str | None = None
    time: str | None = None
    entity: str | None = None
    cluster: str | None = None
    horizon: str | None = None
    embargo: str | None = None
    known: Sequence[str] = ()
    metric: str | None = None
    baseline: Path | None = None
    minimum: float | None = None
    target_lift: float | None = None
    hours: float | None = None
    kind: Kind = "lift"
    level: Level = "mid"
    feedback: float = 0.2
    final: float = 0.2
    seed: int | None = None
    null_texts: Sequence[str] = ()
