"""Reads UPDATES.md: what was done, what is next, what was assumed, a metric tied to a commit, hours as stated."""

import datetime as dt
import re
from dataclasses import dataclass

from heldout.core.repository import shown
from heldout.evals.talk.document import Entry, Field, Message, Notes, number_of, read_entries

__all__ = ["FILE", "FeedbackAnswer", "StatedMetric", "Update", "Updates", "read_updates"]

FILE = "UPDATES.md"
WHEN = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ,]{1,3}(\d{1,2}):(\d{2}))?(?!\d).*", re.ASCII)
FEEDBACK = re.compile(r"feedback\s{0,3}#?(\d{1,6})(?!\d).*", re.IGNORECASE | re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{7,64}")
HEADING = "## YYYY-MM-DD HH:MM, or ## Feedback N"
METRIC = "- metric: NAME VALUE @ COMMIT"
FIELDS = ("done", "next", "assumptions", "metric", "hours")
OTHER_NAMES = {"assumption": "assumptions", "assumed": "assumptions", "metrics": "metric", "hour": "hours"}
MOST_HOURS = 1_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedMetric:
    """A metric as its writer states it; `commit` is empty where none was given."""

    name: str
    value: float
    commit: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update. `stated_at` is its heading's time ("2026-03-02 14:30"), or the heading where that is no time."""

    stated_at: str
    done: str
    next: str
    assumptions: str
    metrics: tuple[StatedMetric, ...]
    hours: float | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAnswer:
    """What became of the feedback of a number."""

    number: int
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """Everything that UPDATES.md says, in its order, and what can be mended in it."""

    updates: tuple[Update, ...]
    answers: tuple[FeedbackAnswer, ...]
    messages: tuple[Message, ...]


def read_updates(content: bytes) -> Updates:
    """Return what the bytes of an UPDATES.md say; never raises. An entry with a defect is kept as far as it goes."""
    notes = Notes(FILE)
    entries = read_entries(
        content,
        notes,
        starts_entry=lambda title: bool(WHEN.fullmatch(title) or FEEDBACK.fullmatch(title)),
        fields=(*FIELDS, *OTHER_NAMES),
        one_line=("metric", "metrics", "hours", "hour"),
    )
    updates, answers = list[Update](), list[FeedbackAnswer]()
    for entry in entries:
        feedback = FEEDBACK.fullmatch(entry.heading)
        if feedback:
            answers.append(_answer(entry, int(feedback[1]), notes))
        elif WHEN.fullmatch(entry.heading) or entry.fields:
            updates.append(_update(entry, notes))
        else:
            notes.add(entry.line, f"{shown(entry.heading)!r} is no update, and is not recorded", expected=HEADING)
    return Updates(updates=tuple(updates), answers=tuple(answers), messages=notes.all())


def _answer(entry: Entry, number: int, notes: Notes) -> FeedbackAnswer:
    text = _together(entry.text, entry.value("done"))
    if not text:
        notes.add(entry.line, f"feedback {number} says nothing", expected="- done: what became of it")
    return FeedbackAnswer(number=number, text=text, line=entry.line)


def _update(entry: Entry, notes: Notes) -> Update:
    said = {name: entry.value(name) for name in FIELDS}
    for other, name in OTHER_NAMES.items():
        said[name] = _together(said[name], entry.value(other))
    if not said["done"]:
        taken = "; its text is taken for it" if entry.text else ""
        notes.add(entry.line, f"the update says nothing of what was done{taken}", expected="- done: ...")
    if not said["next"]:
        notes.add(entry.line, "the update does not say what is next", expected="- next: ...")
    metrics = [_metric(field, notes) for field in entry.fields if OTHER_NAMES.get(field.name, field.name) == "metric"]
    hours = [field for field in entry.fields if OTHER_NAMES.get(field.name, field.name) == "hours" and field.value]
    return Update(
        stated_at=_when(entry, notes),
        done=_together(entry.text, said["done"]),
        next=said["next"],
        assumptions=said["assumptions"],
        metrics=tuple(metric for metric in metrics if metric is not None),
        hours=_hours(hours[-1], notes) if hours else None,
        line=entry.line,
    )


def _when(entry: Entry, notes: Notes) -> str:
    found = WHEN.fullmatch(entry.heading)
    if found:
        year, month, day, hour, minute = (int(part) if part else 0 for part in found.groups())
        try:
            at = dt.datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the writer's own clock, as stated
        except ValueError as error:
            notes.add(entry.line, f"the heading is no time: {error}", expected="## YYYY-MM-DD HH:MM")
            return entry.heading
        if found[4] is None:
            notes.add(entry.line, "the heading has no time of day", expected="## YYYY-MM-DD HH:MM")
            return at.strftime("%Y-%m-%d")
        return at.strftime("%Y-%m-%d %H:%M")
    notes.add(entry.line, f"the heading {shown(entry.heading)!r} is no time", expected=HEADING)
    return entry.heading


def _metric(field: Field, notes: Notes) -> StatedMetric | None:
    said, at, commit = field.value.partition("@")
    words = [word for word in said.replace("=", " ").replace(":", " ").split() if word]
    value = number_of(words[-1]) if len(words) >= 2 else None
    if value is None:
        notes.add(field.line, f"{shown(field.value)!r} is no metric, and is not recorded", expected=METRIC)
        return None
    commit = commit.strip(" `\t").lower()
    if not COMMIT.fullmatch(commit):
        what = f"{shown(commit)!r} is no commit" if at else "the metric is tied to no commit"
        notes.add(field.line, what, expected=METRIC, mend="git rev-parse --short HEAD names it")
        commit = ""
    return StatedMetric(name=" ".join(words[:-1]).strip("`*"), value=value, commit=commit, line=field.line)


def _hours(field: Field, notes: Notes) -> float | None:
    words = field.value.lower().removesuffix("hours").removesuffix("h").strip()
    hours = number_of(words)
    if hours is None or not 0 <= hours <= MOST_HOURS:
        notes.add(field.line, f"{shown(field.value)!r} is no number of hours", expected="- hours: 3.5")
        return None
    return hours


def _together(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
