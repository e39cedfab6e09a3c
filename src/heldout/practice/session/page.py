"""The page of a learner's progress: self-contained, for the learner alone."""

from collections.abc import Sequence

from heldout.practice.attempt import Attempt
from heldout.practice.plan import Plan
from heldout.practice.session import after, pictures
from heldout.practice.session import progress_shown as shown
from heldout.practice.session.progress import Progress
from heldout.report.html import render

__all__ = ["progress_page"]

LATEST = 20
"""Attempts that count for what is said of late."""


def progress_page(progress: Progress, plan: Plan | None, attempts: Sequence[Attempt]) -> str:
    """Return the page: where the learner stands, in pictures and as a table, and what to do next."""
    latest, before = attempts[-LATEST:], attempts[:-LATEST]
    seen = after.seen_in(latest, before) if latest else None
    return render(
        "progress.html",
        progress=progress,
        plan=plan,
        latest=len(latest),
        untried=[one.title for one in progress.families if one.standing is None],
        pattern=after.pattern_said(seen, latest) if seen else "",
        hesitation=after.hesitation_said(seen.hesitation) if seen else "",
        command=after.command_of(seen.next) if seen and seen.next else "",
        why=after.next_said(seen.next) if seen and seen.next else "",
        confidence=shown.confidence_said(progress.confidence),
        milestones=shown.milestones_said(progress),
        plan_answer=shown.plan_said(plan),
        share=shown.share_said,
        seconds=shown.seconds_said,
        solved_svg=pictures.solved_chart(progress.families),
        seconds_svg=pictures.seconds_chart(progress.families),
        reliability_svg=pictures.reliability_chart(progress.confidence),
        plan_svg=pictures.plan_chart(plan) if plan else None,
    )
