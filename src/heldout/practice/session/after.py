"""What is said after a session: the pattern, where the hesitation was, and the one drill that removes it."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from heldout.practice.attempt import Attempt, Round
from heldout.practice.deck import kind_named
from heldout.practice.drill import Family
from heldout.practice.learner.mastery import Hesitation
from heldout.practice.learner.pattern import Loss, Next, Pattern, forms_of, pattern_of
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.question import Form
from heldout.practice.session.words import FAMILIES, counted

__all__ = ["command_of", "hesitation_said", "next_said", "pattern_said", "seen_in", "told_after"]

FORMS = {
    Form.CHOICE.value: "naming what the evidence says",
    Form.NUMBER.value: "numbers that have to be worked out",
    Form.PICK.value: "pointing at rows or lines",
    Form.ORDER.value: "the order of what to do",
    Round.EXPLANATION.value: "explanations",
    Round.BLANK_FILE.value: "blank files",
}


def told_after(attempts: Sequence[Attempt], before: int) -> tuple[RenderableType, ...]:
    """Return what is said after a session; `before` attempts were there when it began. Nothing after no attempt."""
    done = attempts[before:]
    if not done:
        return ()
    seen = seen_in(done, attempts[:before])
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="bold")
    rows.add_row("Pattern", Text(pattern_said(seen, done)))
    rows.add_row("Hesitation", Text(hesitation_said(seen.hesitation)))
    if seen.next is not None:
        rows.add_row("Next", Text(f"{command_of(seen.next)}\n{next_said(seen.next)}"))
    solved = sum(one.is_right for one in done)
    minutes = counted(round(sum(one.seconds for one in done) / 60), "minute")
    return Text(f"\nThis session: {solved} of {len(done)} solved, {minutes} of answering.", style="bold"), rows


def seen_in(done: Sequence[Attempt], before: Sequence[Attempt]) -> Pattern:
    """Return the pattern of a session after earlier ones."""
    return pattern_of(done, before, syllabus(), forms_of)


def pattern_said(seen: Pattern, done: Sequence[Attempt]) -> str:
    """Say what the lost points have in common, as far as there is enough of it."""
    said = [_loss(one, what) for one, what in ((seen.form, "questions"), (seen.family, "drills")) if one is not None]
    clean = [one for one in done if not one.planted]
    alarms = [one for one in clean if not one.is_right]
    if len(alarms) > 1 and 2 * len(alarms) > len(clean):
        said.append(f"{len(alarms)} of {len(clean)} drills without a fault went wrong: not all that is odd is a fault.")
    if said:
        return " ".join(said)
    if all(one.is_right for one in done):
        return "Nothing was lost that stands out."
    return f"Too little to tell from {counted(len(done), 'drill')}; what was lost is above."


def hesitation_said(one: Hesitation | None) -> str:
    """Say before which question the first key came last."""
    if one is None:
        return "No question was timed."
    where = f"“{_title(one.kind)}”"
    if one.round is Round.BLANK_FILE:  # its task is of the family, not of the kind that dealt it
        where = f"a blank file of {FAMILIES[Family(one.kind.partition('/')[0])]}"
    return f"{one.seconds:.0f} s before the first key at {where}, {one.question}."


def command_of(one: Next) -> str:
    """Return the command that deals the next drill."""
    asked = "" if one.round is Round.SPEED else f" --round {one.round.replace(' ', '-')}"
    return f"heldout practice drill {one.kind}{asked}"


def next_said(one: Next) -> str:
    """Say why this drill is next."""
    family, _, why = one.because.partition(": ")
    return f"{FAMILIES[Family(family)].capitalize()}: {why}."


def _loss(one: Loss, what: str) -> str:
    name = FORMS.get(one.name) or FAMILIES[Family(one.name)]
    return f"{name.capitalize()}: {one.share:.0%} of the points lost over {one.n} {what}."


def _title(kind: str) -> str:
    try:
        return kind_named(kind).title
    except KeyError:
        return kind
