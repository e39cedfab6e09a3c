"""Mistakes that can be made of every kind: one false belief, seeing the fault everywhere, and acting before looking."""

from collections.abc import Callable, Sequence

from heldout.practice.deck.asked import Verdicts
from heldout.practice.deck.choices import option, ranked
from heldout.practice.drill import Mutant, Shown
from heldout.practice.question import Answer, Answers

__all__ = ["answered", "believing", "hurried", "seen_everywhere"]


def answered(
    shown: Shown, verdict: str, *, steps: Sequence[str] = (), first: str = "", **others: Answer
) -> dict[str, Answer]:
    """Return answers whose options are given by their texts; `others` are numbers and picks."""
    answers: dict[str, Answer] = {"verdict": option(shown, "verdict", verdict), **others}
    if steps:
        answers["steps"] = ranked(shown, "steps", steps)
    if first:
        answers["first"] = option(shown, "first", first)
    return answers


def believing(
    solve: Callable[[Shown], Answers], text: str = "", name: str = "verdict", **wrong: Callable[[Shown], Answer]
) -> Callable[[Shown], Answers]:
    """Return the answers of somebody who solves all but holds one option for right, or computes `wrong` otherwise."""

    def answers(shown: Shown) -> Answers:
        mistaken = {question: compute(shown) for question, compute in wrong.items()}
        return {**solve(shown), **({name: option(shown, name, text)} if text else {}), **mistaken}

    return answers


def seen_everywhere(mistake: str, solve: Callable[[Shown], Answers], verdicts: Verdicts) -> Mutant:
    """Return the mistake of one who knows the fault and sees it on the clean twin too."""
    return Mutant(mistake=mistake, answers=believing(solve, verdicts.fault), on_clean=("verdict",))


def hurried(mistake: str, verdict: str, *, steps: Sequence[str] = (), first: str = "") -> Mutant:
    """Return the mistake of one who acts before looking: another verdict, the steps backwards, an idle question."""
    loses = ("verdict", *(("steps",) if steps else ()), *(("first",) if first else ()))
    return Mutant(
        mistake=mistake,
        answers=lambda shown: answered(shown, verdict, steps=steps[::-1], first=first),
        loses=loses,
        on_clean=loses,
    )
