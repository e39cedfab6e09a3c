"""Mistakes that can be made of every kind: seeing the fault everywhere, and trusting the headline."""

from collections.abc import Callable, Sequence

from heldout.practice.deck.seen import option, order_of
from heldout.practice.deck.verdicts import Verdicts
from heldout.practice.drill import Mutant, Shown
from heldout.practice.question import Answer, Answers

__all__ = ["answered", "hurried", "seen_everywhere"]


def answered(
    shown: Shown, verdict: str, *, steps: Sequence[str] = (), first: str = "", **others: Answer
) -> dict[str, Answer]:
    """Return answers whose options are given by their texts; `others` are numbers and picks."""
    answers: dict[str, Answer] = {"verdict": option(shown, "verdict", verdict), **others}
    if steps:
        answers["steps"] = order_of(shown, "steps", steps)
    if first:
        answers["first"] = option(shown, "first", first)
    return answers


def seen_everywhere(mistake: str, solve: Callable[[Shown], Answers], verdicts: Verdicts) -> Mutant:
    """Return the mistake of one who knows the fault and sees it on the clean twin too."""
    return Mutant(
        mistake=mistake,
        answers=lambda shown: {**solve(shown), "verdict": option(shown, "verdict", verdicts.fault)},
        on_clean=("verdict",),
    )


def hurried(mistake: str, verdict: str, *, steps: Sequence[str] = (), first: str = "") -> Mutant:
    """Return the mistake of one who acts before looking: another verdict, the steps backwards, an idle question."""
    loses = ("verdict", *(("steps",) if steps else ()), *(("first",) if first else ()))
    return Mutant(
        mistake=mistake,
        answers=lambda shown: answered(shown, verdict, steps=steps[::-1], first=first),
        loses=loses,
        on_clean=loses,
    )
