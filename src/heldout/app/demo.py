"""The use case of `heldout demo`: writes the flights eval and three submissions, and grades each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from heldout.app.files import replace_texts
from heldout.app.grade import Graded, grade_submission
from heldout.demo import write_eval, write_submissions
from heldout.report.html import cards_page
from heldout.report.json import to_json

__all__ = ["SEED", "Demonstrated", "demonstrate"]

SEED = 2013
"""The grader's seed of the demo: fixed, so that everybody's cards show the same numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstrated:
    """The graded submissions, and the pages that show them together, by kind: "html", "json"."""

    graded: tuple[Graded, ...]
    files: dict[str, Path]


def demonstrate(
    out: Path,
    *,
    seed: int = SEED,
    with_variants: bool = False,
    progress: Callable[[str], None] = lambda _line: None,
) -> Demonstrated:
    """Write the eval to `out`/eval and the submissions to `out`/submissions, and grade them into `out`/cards.

    Three of them, or six `with_variants`. What an earlier, interrupted demo finished in `out` is used again. Raises
    BadInput when the extra `demo` is not installed, InfrastructureFailure where no sandbox works.
    """
    brief = out / "eval" / "brief.toml"
    if brief.is_file():  # it is written last, so the eval is whole
        progress(f"going on in {out}: its eval and submissions are used as they are")
    else:
        progress("writing the eval: 336,776 flights of 2013")
        brief = write_eval(out / "eval")
    submissions = write_submissions(out / "submissions", with_variants=with_variants)
    graded = tuple(
        grade_submission(brief, submission, out=out / "cards", seed=seed, progress=progress)
        for submission in submissions
    )
    cards = [one.card for one in graded]
    links = {card.submission: f"{card.submission}/card.html" for card in cards}
    html, json = replace_texts(out / "cards", {"index.html": cards_page(cards, links), "cards.json": to_json(cards)})
    return Demonstrated(graded=graded, files={"html": html, "json": json})
