"""The use case of `heldout practice rehearse --monitoring`: thirty minutes of alert rules, judged on hidden series."""

import datetime as dt
import errno
from dataclasses import dataclass, replace
from pathlib import Path

from heldout.app.files import replace_texts
from heldout.app.practice_rehearse import Rehearsal
from heldout.core.errors import BadInput
from heldout.core.repository import Repository
from heldout.practice.rehearsal.alarms import Alarms, alarms, windows_of
from heldout.practice.rehearsal.exercise import INTERVAL, MINUTES, draw
from heldout.practice.rehearsal.state import FILE, Sitting, State
from heldout.practice.rehearsal.task import RULES, STUB, task_text
from heldout.tools import promtool

__all__ = ["Sat", "sit"]

FOLDER = "monitoring"
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sat:
    """The exercise: where its task and rules lie, minutes since it began; `alarms` where rules were judged.

    `attempt` counts from 1. Each attempt meets series of its own.
    """

    task: Path
    rules: Path
    minutes: float
    attempt: int
    alarms: Alarms | None

    @property
    def is_in_time(self) -> bool:
        """True within the minutes of the exercise."""
        return self.minutes <= MINUTES


def sit(rehearsal: Rehearsal) -> Sat:
    """Begin the exercise; once it has begun, judge the rules that were written, on series that nobody saw.

    A judged attempt is kept in the state, and the next one begins with it. Raises BadInput for rules that are too
    large, no text, or not there yet.
    """
    folder, state = rehearsal.folder / FOLDER, rehearsal.state
    now = rehearsal.workspace.now()
    rules = folder / RULES
    attempt = len(state.sittings) + 1
    if not state.monitoring_began:
        given = {} if rules.is_file() else {RULES: STUB}
        task, *_ = replace_texts(folder, {"TASK.md": task_text(), **given})
        _keep(rehearsal, replace(state, monitoring_began=now.isoformat()))
        return Sat(task=task, rules=rules, minutes=0.0, attempt=attempt, alarms=None)
    minutes = max((now - dt.datetime.fromisoformat(state.monitoring_began)) / dt.timedelta(minutes=1), 0.0)
    exercise = draw(state.seed + attempt)
    repository = Repository(commit="", files={RULES: _content(rules)})
    played = promtool.play(repository, exercise.series, windows_of(exercise), interval=INTERVAL)
    if not played.alerts and not played.refused:
        raise BadInput(
            f"no alert is written yet, {minutes:.0f} of {MINUTES} minutes after the exercise began",
            where=str(rules),
            expected="groups of Prometheus rules with an alert each for CPU, latency and drift",
            mend="write them, and run the same command again",
        )
    judged = alarms(exercise, played)
    if judged.was_run and not judged.refused:
        told = sum(one.ending == "in time" for one in judged.told)
        sitting = Sitting(
            minutes=round(minutes, 1),
            told=told,
            of=len(judged.told),
            false_alarms=len(judged.false_alarms),
            clean=judged.is_clean,
        )
        began = now.isoformat()  # of the next attempt
        _keep(rehearsal, replace(state, monitoring_began=began, sittings=(*state.sittings, sitting)))
    return Sat(task=folder / "TASK.md", rules=rules, minutes=minutes, attempt=attempt, alarms=judged)


def _keep(rehearsal: Rehearsal, state: State) -> None:
    replace_texts(rehearsal.folder, {FILE: state.written()})


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise OSError(errno.EINVAL, "they are no file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(
            f"the rules cannot be read: {error.strerror}", where=str(path), mend="write the alert rules there"
        ) from None
    if len(content) > MOST_BYTES:
        raise BadInput("the rules are too large", where=str(path), expected=f"at most {MOST_BYTES:,} bytes")
    return content
