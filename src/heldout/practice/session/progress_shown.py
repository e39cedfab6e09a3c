"""Where a learner stands, as a terminal shows it."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from heldout.core.estimate import Estimate
from heldout.practice.learner.confidence import LEAST, Confidence, Lean
from heldout.practice.plan import Plan
from heldout.practice.session.progress import Progress

__all__ = ["confidence_said", "milestones_said", "plan_said", "progress_shown", "seconds_said", "share_said"]

NONE = "–"
LEANS = {
    Lean.OVER: "you promise more than you reach",
    Lean.UNDER: "you reach more than you promise",
    Lean.NEITHER: "no difference is seen",
}


def progress_shown(progress: Progress, plan: Plan | None) -> RenderableType:
    """Return the table of families, what confidence is worth, and how far the plan is."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("family")
    table.add_column("solved")
    for name in ("n", "known"):
        table.add_column(name, justify="right")
    table.add_column("first key")
    table.add_column("a drill")
    for one in progress.families:
        found = one.standing
        if found is None:
            table.add_row(one.title, NONE, "0", NONE, NONE, NONE)
            continue
        solved, n, known = share_said(found.accuracy), str(found.accuracy.n), f"{found.known:.0%}"
        table.add_row(one.title, solved, n, known, seconds_said(found.first_key), seconds_said(found.seconds))
    table.add_row("all", share_said(progress.solved), str(progress.solved.n), "", seconds_said(progress.first_key), "")
    said = [
        confidence_said(progress.confidence),
        milestones_said(progress),
        *([f"Readiness: {progress.readiness}"] if progress.readiness else []),
        plan_said(plan),
        "Brackets hold 95 % intervals; seconds are medians, until the first key of a question and of a speed round.",
    ]
    return Group(table, *map(Text, said))


def confidence_said(one: Confidence) -> str:
    """Say how what was promised compares with what was reached."""
    gap = one.gap
    if gap.value is None or one.brier.value is None:
        return f"Confidence: {one.n} stated; it takes {LEAST} before anything can be said."
    if gap.low is None or gap.high is None:
        return f"Confidence: promised less reached is {gap.value:+.0%}, without an interval (n = {one.n})."
    ends = f"{gap.value:+.0%} [{gap.low:+.0%}, {gap.high:+.0%}]"
    return f"Confidence: promised less reached is {ends} (n = {one.n}): {LEANS[one.lean]}."


def milestones_said(progress: Progress) -> str:
    """Say how many milestones and mocks were sat, and what the predicted intervals held."""
    held = progress.held
    sat = f"Milestones: {progress.milestones} decided; mocks: {progress.mocks} sat."
    if held.value is None:
        return sat
    return f"{sat} {share_said(held)} of the predicted intervals held what was measured; 80% was asked for."


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
        return NONE
    return f"{share.value:.0%} [{share.low:.0%}, {share.high:.0%}]"


def seconds_said(one: Estimate) -> str:
    """Return seconds with their interval."""
    if one.value is None:
        return NONE
    ends = f" [{one.low:.0f}, {one.high:.0f}]" if one.low is not None and one.high is not None else ""
    return f"{one.value:.0f} s{ends}"
