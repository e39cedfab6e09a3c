"""Tells what alerts were worth on an exercise: told in time, too late or not at all, and the false alarms."""

from collections.abc import Sequence
from dataclasses import dataclass

from heldout.practice.rehearsal.exercise import INTERVAL, RECOVERY, TOPICS, Exercise, Stretch
from heldout.tools.promtool import Played, PlayedAlert

__all__ = ["Alarms", "FalseAlarm", "Told", "alarms", "windows_of"]

STEM = "model_request_seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A bad stretch: the alert that fired first, after how many minutes, and whether that was in time."""

    stretch: Stretch
    alert: str
    after: float | None
    within: int

    @property
    def ending(self) -> str:
        """One of "in time", "too late" and "missed"."""
        if self.after is None:
            return "missed"
        return "in time" if self.after <= self.within else "too late"


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarm:
    """An alert that fired where nothing was wrong, so many minutes after the stretch began."""

    stretch: Stretch
    alert: str
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """What was judged. `harmless` counts the stretches in which nothing was wrong, and that an alert was tried on.

    `untold` are topics that no alert reads a metric of; `apart` alerts that read none of the described metrics.
    """

    judge: str
    was_run: bool
    told: tuple[Told, ...]
    false_alarms: tuple[FalseAlarm, ...]
    harmless: int
    untold: tuple[str, ...]
    apart: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def is_clean(self) -> bool:
        """True where everything was told in time and nothing else; without promtool, where the rules were read."""
        if self.refused or self.untold:
            return False
        return not self.false_alarms and all(one.ending == "in time" for one in self.told)


def windows_of(exercise: Exercise) -> tuple[tuple[float, float], ...]:
    """Return the stretches as windows in seconds; a bad one is followed until alerts have to be silent again."""
    return tuple(
        (one.begin * INTERVAL, (one.end + (RECOVERY if one.is_bad else 0)) * INTERVAL) for one in exercise.stretches
    )


def alarms(exercise: Exercise, played: Played) -> Alarms:
    """Return what the alerts of a played exercise told, and what they told in vain."""
    topics = {alert: _topics(alert) for alert in played.alerts}
    told: list[Told] = []
    wrong: list[FalseAlarm] = []
    harmless = 0
    for at, stretch in enumerate(exercise.stretches):
        mine = [alert for alert in played.alerts if stretch.topic in topics[alert]]
        fired = sorted(
            (seconds / INTERVAL, alert.name) for alert in mine for place, seconds in alert.fired if place == at
        )
        if stretch.is_bad:
            within = next(one.within for one in TOPICS if one.topic == stretch.topic)
            first = fired[0] if fired and fired[0][0] <= stretch.end - stretch.begin else None
            after, name = first or (None, "")
            told.append(Told(stretch=stretch, alert=name, after=after, within=within))
            continue
        judged = [alert for alert in mine if not _meets_bad(exercise, stretch, topics[alert])]
        harmless += bool(judged)
        names = {alert.name for alert in judged}
        wrong += [FalseAlarm(stretch=stretch, alert=name, after=after) for after, name in fired if name in names]
    read = {topic for mine in topics.values() for topic in mine}
    return Alarms(
        judge=played.judge,
        was_run=played.was_run,
        told=tuple(told) if played.was_run else (),
        false_alarms=tuple(wrong),
        harmless=harmless if played.was_run else 0,
        untold=tuple(one.topic for one in TOPICS if one.topic not in read),
        apart=tuple(alert.name for alert, mine in topics.items() if not mine),
        refused=played.refused,
    )


def _topics(alert: PlayedAlert) -> frozenset[str]:
    """Return the topics whose metrics an alert reads; a histogram's parts are one metric."""
    read = {STEM + "_bucket" if name.startswith(STEM) else name for name in alert.metrics}
    return frozenset(one.topic for one in TOPICS if one.name in read)


def _meets_bad(exercise: Exercise, stretch: Stretch, topics: Sequence[str] | frozenset[str]) -> bool:
    """Tell whether something is wrong meanwhile for another topic that the same alert reads."""
    return any(
        one.is_bad
        and one.topic in topics
        and one.topic != stretch.topic
        and one.begin < stretch.end
        and stretch.begin < one.end + RECOVERY
        for one in exercise.stretches
    )
