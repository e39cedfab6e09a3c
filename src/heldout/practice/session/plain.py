"""The plan and a learner's progress as data that JSON can hold."""

from typing import Any

from heldout.core.time_zone import zone_named
from heldout.practice.mock.subject import plain
from heldout.practice.plan import Block, Day, Plan, plain_terms
from heldout.practice.session.progress import Progress
from heldout.practice.session.words import told

__all__ = ["plain_day", "plain_plan", "plain_progress"]


def plain_plan(plan: Plan) -> dict[str, Any]:
    """Return the fourteen days, each with its blocks in the plan's zone."""
    return {
        "terms": plain_terms(plan.terms),
        "today": plan.today.isoformat(),
        "days": [_day(plan, day) for day in plan.days],
        "need": dict(plan.need),
        "known": dict(plan.known),
        "left_out": list(plan.left_out),
    }


def plain_day(plan: Plan) -> dict[str, Any]:
    """Return what today holds; `day` is None outside the fortnight."""
    day = plan.on(plan.today)
    return {"today": plan.today.isoformat(), "day": None if day is None else _day(plan, day)}


def plain_progress(progress: Progress) -> Any:
    """Return where a learner stands."""
    return plain(progress)


def _day(plan: Plan, day: Day) -> dict[str, Any]:
    return {
        "number": day.number,
        "date": day.date.isoformat(),
        "rest": day.is_rest,
        "missed": day.is_missed,
        "did": dict(day.did),
        "blocks": [_block(plan, block) for block in day.blocks],
    }


def _block(plan: Plan, block: Block) -> dict[str, Any]:
    item = block.item
    return {
        "begins": block.begins.astimezone(zone_named(plan.terms.zone)).isoformat(),
        "minutes": item.minutes,
        "what": told(item),
        "work": item.work.value,
        "family": item.family,
        "round": None if item.round is None else item.round.value,
        "difficulty": item.difficulty,
        "why": item.why,
        "done": block.done,
    }
