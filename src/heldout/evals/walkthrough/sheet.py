"""Puts all questions to a bundle, chooses those of the sheet, and works a sheet out again."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.walkthrough import NotAsked, Question, Walkthrough
from heldout.evals.bundle import Bundle, open_bundle
from heldout.evals.bundle.layout import differences, odd_parts
from heldout.evals.walkthrough.evidence import SEALED_ALONE, gather
from heldout.evals.walkthrough.question import THEMES, catalog, put

__all__ = ["FEWEST", "MOST", "ask", "chosen", "walked", "walkthrough"]

FEWEST, MOST = 6, 8
"""Questions of a sheet, where so many can be asked."""


def walkthrough(folder: Path) -> Walkthrough:
    """Return the walkthrough of a bundle; the same bundle gives the same.

    Raises BadInput where the folder is no bundle, or is not as its list says.
    """
    return walked(folder)[0]


def walked(folder: Path, kind: str = "sealed") -> tuple[Walkthrough, tuple[Question | NotAsked, ...]]:
    """Return the walkthrough of a bundle, and what came of every question of the catalog.

    With `kind` "open" a sealed bundle is asked what an open one of it could tell. Raises BadInput as `walkthrough`.
    """
    bundle = _whole(folder.absolute())
    card = bundle.card()
    evidence, missing = gather(bundle)
    if kind == "open":
        evidence = {name: one for name, one in evidence.items() if name not in SEALED_ALONE}
    answers = ask(evidence, missing)
    questions, not_asked = chosen(answers)
    sheet = Walkthrough(
        eval_title=card.eval_title,
        submission=card.submission,
        commit=bundle.commit,
        bundle="open" if kind == "open" else bundle.kind,
        card=bundle.files["card.json"],
        questions=questions,
        not_asked=not_asked,
    )
    return sheet, answers


def ask(evidence: Mapping[str, object], missing: Mapping[str, str]) -> tuple[Question | NotAsked, ...]:
    """Put every question of the catalog to evidence by its name; `missing` says why what is not there is not."""
    return tuple(put(asker, evidence, missing) for asker in catalog())


def chosen(answers: Sequence[Question | NotAsked]) -> tuple[tuple[Question, ...], tuple[NotAsked, ...]]:
    """Return the questions of a sheet, and all others with their reason.

    First what a finding calls a problem, then what figures raise, then what is asked of everybody; within each in the
    order of THEMES. One of each theme, MOST at most.
    """
    asked = [one for one in answers if isinstance(one, Question)]
    ordered = sorted(asked, key=lambda one: (one.worth.rank, THEMES.index(one.theme), one.name))
    kept: dict[str, Question] = {}
    left = [one for one in answers if isinstance(one, NotAsked)]
    for one in ordered:
        if one.theme in kept:
            left.append(
                NotAsked(name=one.name, theme=one.theme, reason=f"{kept[one.theme].name} asks about it already")
            )
        elif len(kept) == MOST:
            left.append(NotAsked(name=one.name, theme=one.theme, reason=f"{MOST} others come first"))
        else:
            kept[one.theme] = one
    return tuple(kept.values()), tuple(sorted(left, key=lambda one: (THEMES.index(one.theme), one.name)))


def _whole(folder: Path) -> Bundle:
    bundle = open_bundle(folder)
    found = odd_parts(folder) or differences(bundle)
    if found:
        raise BadInput(
            f"the bundle is damaged: {found[0]}" + (f" (and {len(found) - 1} more)" if found[1:] else ""),
            where=str(folder),
            expected="a bundle as its list says",
            mend="get it again from who made it; heldout eval verify tells all that differs",
        )
    if "card.json" not in bundle.files:
        raise BadInput("the bundle has no card", where=str(folder), expected="card.json in its list")
    return bundle
