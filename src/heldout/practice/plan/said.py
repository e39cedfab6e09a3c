"""The plan in words: one page of Markdown, and rows for a terminal."""

import datetime as dt
from collections import Counter

from heldout.core.time_zone import zone_named
from heldout.practice.attempt import Round
from heldout.practice.plan.fortnight import Day, Plan
from heldout.practice.plan.frame import REVISITS
from heldout.practice.plan.work import Item, Work

__all__ = ["HEADINGS", "as_markdown", "as_rows", "said_of_item"]

HEADINGS = ("day", "date", "time", "work", "most of it")
SHOWN = 3
COUNTED = {
    Round.SPEED: ("drill", "drills"),
    Round.EXPLANATION: ("explanation", "explanations"),
    Round.BLANK_FILE: ("blank file", "blank files"),
}


def said_of_item(item: Item) -> str:
    """Return an item in one line, which names the family of a drill: its kind would give the fault away.

    >>> said_of_item(Item(work=Work.MOCK, minutes=35, why="", number=2))
    '35 min: mock 2'
    """
    if item.work is Work.MOCK:
        return f"{item.minutes} min: mock {item.number}"
    if item.work is Work.MILESTONE:
        return f"{item.minutes} min: milestone of day {item.number}, {item.why}"
    return f"{item.minutes} min: {item.family.replace('_', ' ')}, {item.round} ({item.work}; {item.why})"


def as_rows(plan: Plan) -> tuple[tuple[str, ...], ...]:
    """Return a row for each of the fourteen days, in the columns HEADINGS."""
    return tuple(
        (f"{day.number}{' ←' if day.date == plan.today else ''}", f"{day.date:%a %d %b}", *_cells(plan, day))
        for day in plan.days
    )


def as_markdown(plan: Plan) -> str:
    """Return the plan on one page."""
    terms = plan.terms
    lines = [
        f"# Fortnight from {terms.start:%A, %d %B %Y}",
        "",
        f"Level {terms.level}, {terms.hours:g} h a day from {terms.begins:%H:%M} ({terms.zone}), in blocks of at most "
        "50 minutes with breaks of 10. A fault comes back two and five days after it was first met. As it stands on "
        f"{plan.today:%d %B}: what comes is laid out anew after each day.",
        "",
        f"| {' | '.join(HEADINGS)} |",
        "|---:|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in as_rows(plan)),
        "",
        "| family | known | share of the time |",
        "|---|---:|---:|",
        *(
            f"| {family.replace('_', ' ')} | {_known(plan, family)} | {plan.need[family]:.0%} |"
            for family in _by_need(plan)
        ),
    ]
    if plan.left_out:
        lines += ["", *(f"- {sentence}" for sentence in plan.left_out)]
    return "\n".join(lines) + "\n"


def _by_need(plan: Plan) -> list[str]:
    return sorted(plan.need, key=lambda family: -plan.need[family])


def _known(plan: Plan, family: str) -> str:
    return f"{plan.known[family]:.0%}" if family in plan.known else "not seen yet"


def _cells(plan: Plan, day: Day) -> tuple[str, str, str]:
    if day.is_rest and not day.did:
        return "", "rest", ""
    if day.is_past:
        done = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in day.did.items())
        return "", f"done: {done}" if done else "missed", ""
    begins, ends = day.blocks[0].begins, day.blocks[-1].ends
    time = f"{_clock(plan, begins)}–{_clock(plan, ends)}"
    sittings = [f"{block.item.work} ({block.item.minutes} min)" for block in day.blocks if not block.item.kind]
    rounds = Counter(block.item.round for block in day.blocks if block.item.round)
    counted = [f"{count} {COUNTED[one][count > 1]}" for one in Round if (count := rounds[one])]
    revisits = ["revisits first"] if day.number in REVISITS else []
    families = Counter(block.item.family for block in day.blocks if block.item.kind)
    most = ", ".join(family.replace("_", " ") for family, _ in families.most_common(SHOWN))
    return time, ", ".join(sittings + counted + revisits), most


def _clock(plan: Plan, at: dt.datetime) -> str:
    return f"{at.astimezone(zone_named(plan.terms.zone)):%H:%M}"
