"""A rehearsal in words, line by line: where it stands, what alerts told, what would have moved the band most."""

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from heldout.core.card import Card
from heldout.core.plural import how_many
from heldout.practice.rehearsal.alarms import Alarms
from heldout.practice.rehearsal.exercise import INTERVAL
from heldout.practice.rehearsal.moved import Moved
from heldout.practice.rehearsal.standing import EVERY, HOLDS, Budget, Standing
from heldout.report.figures import number, short
from heldout.report.markdown import escape
from heldout.report.reading import BAND_MEANING, BAND_SIGN

__all__ = ["alarm_lines", "band_lines", "clock_lines", "moved_lines", "moved_text", "standing_lines"]

SHOWN = 8


def clock_lines(standing: Standing) -> Iterator[str]:
    """Yield what was agreed, and when the clock ends."""
    ends = _local(standing.ends, standing.time_zone)
    yield f"agreed: {standing.agreed_hours:g} hours, {standing.waking} waking, {standing.time_zone}"
    left = f"{standing.left_hours:.1f} hours left, " if standing.state == "running" else ""
    yield f"clock: {standing.state}; {left}to {ends}"


def standing_lines(standing: Standing) -> Iterator[str]:
    """Yield everything of `--status`."""
    yield standing.title
    yield from clock_lines(standing)
    yield from _reminder_lines(standing)
    yield from _budget_lines(standing.budget)
    yield f"isolation: {standing.isolation}"
    yield f"alerts are judged by: {standing.promtool}"
    if standing.band:
        yield f"graded: {standing.band}, commit {standing.commit[:12]}"
    for one in standing.missing:
        yield f"missing: {one}"


def _reminder_lines(standing: Standing) -> Iterator[str]:
    said = standing.reminders
    following = f"; the next comes {_local(said.next_at, standing.time_zone)}" if said.next_at else ""
    yield f"updates: {said.written} written, {said.due} due, one every {EVERY:g} agreed hours{following}"
    if said.behind:
        yield f"reminder: an update is due. It holds {'; '.join(HOLDS)}."


def _budget_lines(budget: Budget) -> Iterator[str]:
    if budget.seconds is None:
        used = "not known: EXPERIMENTS.md names no seconds"
    else:
        unsaid = f", {budget.unsaid} of them without their seconds" if budget.unsaid else ""
        runs = how_many(budget.runs, "logged run")
        used = f"{budget.seconds:,.1f} s in {runs}{unsaid}, at most {budget.longest:,.1f} s in one"
    yield f"compute so far: {used}"
    yield (
        f"budget of one command of one run: {budget.wall_seconds:g} s, {budget.cpu_seconds:g} CPU s, "
        f"{budget.memory_mb} MB. {budget.backup_plan}"
    )


def alarm_lines(found: Alarms) -> Iterator[str]:
    """Yield what alerts told and what they told in vain."""
    yield f"judge: {found.judge}"
    for where, why in found.refused:
        yield f"refused: {where}: {why}"
    for topic in found.untold:
        yield f"no alert reads a metric of {topic}"
    for name in found.apart:
        yield f"not judged: {name} reads none of the described metrics"
    if not found.was_run:
        yield "the rules were parsed, and not run: promtool decides what fires, and it is not installed here"
        return
    for one in found.told:
        at = f"{one.stretch.topic}, {one.stretch.what} from {_clock(one.stretch.begin)} to {_clock(one.stretch.end)}"
        after = "no alert" if one.after is None else f"{one.alert} after {one.after:.0f} min"
        yield f"{one.ending}: {at}: {after}; {one.within} min are allowed"
    for wrong in found.false_alarms:
        at = _clock(round(wrong.stretch.begin + wrong.after))
        yield f"false alarm: {wrong.alert} at {at}, {wrong.stretch.topic}: {wrong.stretch.what}"
    told = sum(one.ending == "in time" for one in found.told)
    yield (
        f"told in time: {told} of {len(found.told)}; "
        f"false alarms: {len(found.false_alarms)} in {found.harmless} harmless stretches"
    )


def band_lines(card: Card) -> Iterator[str]:
    """Yield the band, why, and what the card says in short; the page has the rest."""
    yield f"{card.submission}: {card.eval_title}"
    yield f"{BAND_SIGN[card.decision.band]} {card.decision.band.value}: {BAND_MEANING[card.decision.band]}"
    yield from card.decision.reasons
    supported = "nothing" if card.supported is None else short(card.supported)
    yield f"reported {card.metric}: {number(card.reported)}; supported: {supported}; class: {card.reproducibility}"
    yield f"isolation: {card.isolation}"


def moved_lines(moved: Sequence[Moved]) -> Iterator[str]:
    """Yield the ranked list."""
    if not moved:
        yield "nothing: the target is reached, and all checks that were answered are clear"
    for place, one in enumerate(moved[:SHOWN], start=1):
        yield f"{place}. {one.kind}, {_share(one)}: {one.what}"
        if one.to_do:
            yield f"   to do: {one.to_do}"
    if len(moved) > SHOWN:
        yield f"and {len(moved) - SHOWN} more, in moved.md"


def moved_text(card: Card, moved: Sequence[Moved]) -> str:
    """Return the list as Markdown."""
    parts = [
        "# What would have moved the band most",
        f"{escape(card.submission)}, {escape(card.eval_title)}: {card.decision.band.value}. The band is that of lift "
        "and reproducibility class; people read the rest. Shares of different kinds are not compared.",
        "| | moves | share | what | to do |\n|---|---|---|---|---|\n"
        + "\n".join(
            f"| {place} | {one.kind} | {_share(one)} | {escape(one.what)} | {escape(one.to_do)} |"
            for place, one in enumerate(moved, start=1)
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _share(one: Moved) -> str:
    if one.share is None:
        return one.share_of if one.kind == "beside" else "share unknown"
    return f"{100 * one.share:.0f} % {one.share_of}"


def _local(at: dt.datetime, time_zone: str) -> str:
    return at.astimezone(ZoneInfo(time_zone)).strftime("%a %d %b %H:%M %Z")


def _clock(minute: int) -> str:
    hours, minutes = divmod(int(minute * INTERVAL / 60), 60)
    return f"{hours:02d}:{minutes:02d}"
