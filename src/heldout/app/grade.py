"""Grades a submission, and writes its card where people find it."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from heldout.app.files import replace_texts
from heldout.core.card import Card
from heldout.core.errors import BadInput, InfrastructureFailure
from heldout.evals.grading.grade import Case, Grading, grade, prepare
from heldout.evals.grading.journal import open_journal
from heldout.report.html import card_page
from heldout.report.json import to_json
from heldout.report.markdown import card_text
from heldout.sandbox import OWN_CODE, probe

__all__ = ["BASIS", "STATE", "TOLD", "Graded", "grade_submission", "graded_case", "opening_seed"]

STATE = ".heldout"
"""The folder below --out that holds the journal, the runs and the environments."""

TOLD = "rescue.json"
"""Beside the card of a rescue: what became of each planted leak, which names them, and so is the organiser's alone."""


BASIS = "basis.json"
"""Beside a card: where in the grading folder its evidence lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A card, the files that show it, by kind: "html", "json", "markdown", and the folders that it rests on."""

    card: Card
    files: dict[str, Path]
    grading: Grading


def grade_submission(
    brief: Path,
    submission: Path,
    *,
    out: Path,
    seed: int | None = None,
    progress: Callable[[str], None] = lambda _line: None,
) -> Graded:
    """Grade the git repository `submission` under `brief` and write `out`/NAME/card.{html,json,md}.

    What was finished before, in `out`, is used again; baseline runs and environments are shared by all submissions
    that are graded there. Without `seed` the grader's seed is drawn once for `out`. Raises BadInput before anything is
    written where eval or submission break their contract, InfrastructureFailure where no sandbox works.
    """
    if submission.resolve().name == STATE:
        raise BadInput(f"a submission cannot be called {STATE}: the grader's own folder is", mend="rename its folder")
    return graded_case(prepare(brief, submission), out=out, seed=seed, progress=progress)


def graded_case(
    case: Case,
    *,
    out: Path,
    seed: int | None = None,
    is_own: bool = False,
    progress: Callable[[str], None] = lambda _line: None,
) -> Graded:
    """Grade what was prepared; see `grade_submission`.

    `is_own` says that the code is that of whoever grades: where no sandbox works it then runs without one, and the
    card says so.
    """
    isolation = probe()
    if isolation.level == 0 and is_own:
        isolation = replace(OWN_CODE, explanation=f"{OWN_CODE.explanation} {isolation.explanation}")
    elif isolation.level == 0:
        raise InfrastructureFailure(f"{isolation.explanation} To mend: {isolation.remedy}")
    out = out.absolute()  # programs run elsewhere, and find their files by these paths
    with open_journal(out / STATE) as journal:
        grading = grade(case, journal, isolation=isolation, seed=opening_seed(out / STATE, seed), progress=progress)
        card = grading.card
        files = _write(card, out / card.submission)
        if grading.told:
            told = json.dumps(grading.told, indent=1) + "\n"
            (private,) = replace_texts(out / card.submission, {TOLD: told})
            private.chmod(0o600)
        replace_texts(out / card.submission, {BASIS: json.dumps(_basis(grading, case.candidate.commit, out))})
        journal.note("card", submission=card.submission, band=card.decision.band.value)
    return Graded(card=card, files=files, grading=grading)


def _basis(grading: Grading, commit: str, out: Path) -> dict[str, str | None]:
    score = None if grading.score is None else str(grading.score.relative_to(out))
    return {"commit": commit, "tree": str(grading.tree.relative_to(out)), "score": score}


def opening_seed(folder: Path, seed: int | None) -> int:
    """Return `seed`, or the grader's seed of the folder of a journal, drawn once."""
    if seed is not None:
        return seed
    opening = folder / "opening.json"
    if not opening.is_file():
        replace_texts(folder, {opening.name: json.dumps({"seed": secrets.randbits(31)})})
    drawn: int = json.loads(opening.read_text(encoding="utf-8"))["seed"]
    return drawn


def _write(card: Card, folder: Path) -> dict[str, Path]:
    texts = {"card.html": card_page(card), "card.json": to_json(card), "card.md": card_text(card)}
    return dict(zip(("html", "json", "markdown"), replace_texts(folder, texts), strict=True))
