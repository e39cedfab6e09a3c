"""The page of a learner's progress: self-contained, for the learner alone."""

from collections.abc import Sequence

from heldout.practice.attempt import Attempt
from heldout.practice.plan import Plan
from heldout.practice.session import pictures
from heldout.practice.session.after import hesitation_of, pattern_of, remedy_of
from heldout.practice.session.standing import Standing
from heldout.practice.session.standing_shown import confidence_said, plan_said, seconds_said, share_said
from heldout.report.html import render

__all__ = ["progress_page"]

LATEST = 20
"""Attempts that count for what is said of late."""


def progress_page(standing: Standing, plan: Plan | None, attempts: Sequence[Attempt]) -> str:
    """Return the page: where the learner stands, in pictures and as a table, and what to do next."""
    latest = attempts[-LATEST:]
    return render(
        "progress.html",
        standing=standing,
        plan=plan,
        pattern=pattern_of(latest) if latest else "",
        hesitation=hesitation_of(latest, attempts) if latest else "",
        remedy=remedy_of(latest) if latest else None,
        latest=len(latest),
        confidence=confidence_said(standing),
        plan_answer=plan_said(plan),
        share=share_said,
        seconds=seconds_said,
        solved_svg=pictures.solved_chart(standing.families),
        seconds_svg=pictures.seconds_chart(standing.families),
        reliability_svg=pictures.reliability_chart(standing),
        plan_svg=pictures.plan_chart(plan) if plan else None,
    )
