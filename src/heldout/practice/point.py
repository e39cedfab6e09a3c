"""A point that a typed explanation has to make, and the probe that follows an unclear one. Plain data."""

from dataclasses import dataclass

__all__ = ["Point", "Probe", "Said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A number that the point has to name, within `tolerance` (absolute); a percentage may be said as a share."""

    value: float
    tolerance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A question with closed choices that follows an unclear answer; `right` is the place of the right one."""

    ask: str
    options: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of an explanation.

    `anchors`: of each group, one alternative has to be said (a lower-case word or phrase; a trailing * stands for any
    ending: "cluster*"), all groups within one sentence or two neighbouring ones. `denied` is true where the point is a
    denial ("the lift is not supported"): then an affirmed mention is the contradiction, and otherwise the denied one.
    """

    name: str
    says: str
    anchors: tuple[tuple[str, ...], ...]
    probe: Probe
    denied: bool = False
    number: Said | None = None
