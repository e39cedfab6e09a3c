"""Where a learner stands, as a terminal shows it."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from heldout.core.estimate import Estimate
from heldout.practice.plan import Plan
from heldout.practice.session.standing import Standing

__all__ = ["confidence_said", "plan_said", "seconds_said", "share_said", "standing_shown"]


def standing_shown(standing: Standing, plan: Plan | None) -> RenderableType:
    """Return the table of families, what confidence is worth, and how far the plan is."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, side in (
        ("family", "left"),
        ("solved", "left"),
        ("n", "right"),
        ("first key", "left"),
        ("answered", "left"),
    ):
        table.add_column(name, justify="right" if side == "right" else "left", overflow="fold")
    for one in standing.families:
        table.add_row(
            one.title,
            share_said(one.solved),
            str(one.solved.n),
            seconds_said(one.first_key),
            seconds_said(one.answered),
        )
    table.add_row("all", share_said(standing.solved), str(standing.solved.n), seconds_said(standing.first_key), "")
    said = [
        confidence_said(standing),
        plan_said(plan),
        "Brackets hold 95 % intervals; seconds are medians per question.",
    ]
    return Group(table, *map(Text, said))


def confidence_said(standing: Standing) -> str:
    """Say how what was stated compares with what was reached."""
    if standing.stated.value is None or standing.reached.value is None:
        return "Confidence: none was stated yet; type a percentage when a drill asks how sure you are."
    stated, reached = f"{standing.stated.value:.0%}", share_said(standing.reached)
    return f"Confidence: {stated} on average was stated, {reached} was reached (n = {standing.reached.n})."


def plan_said(plan: Plan | None) -> str:
    """Say how far the plan is."""
    if plan is None:
        return "Plan: none yet; heldout practice today makes one."
    past = [day for day in plan.days if day.is_past]
    worked = sum(bool(day.did) for day in past)
    left = sum(block.item.minutes for day in plan.days for block in day.blocks if not block.done) / 60
    days = f"{len(past)} of {len(plan.days)} days are past, {worked} of them were worked on"
    return f"Plan: {days}; {left:.1f} hours are left."


def share_said(share: Estimate) -> str:
    """Return a share with its interval."""
    if share.value is None or share.low is None or share.high is None:
        return "–"
    return f"{share.value:.0%} [{share.low:.0%}, {share.high:.0%}]"


def seconds_said(one: Estimate) -> str:
    """Return seconds with their interval."""
    if one.value is None:
        return "–"
    ends = f" [{one.low:.0f}, {one.high:.0f}]" if one.low is not None and one.high is not None else ""
    return f"{one.value:.0f} s{ends}"
