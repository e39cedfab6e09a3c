"""The use case of `heldout eval walkthrough`: the sheets on a graded submission, written where somebody finds them."""

from dataclasses import dataclass
from pathlib import Path

from heldout.app.files import replace_texts
from heldout.core.errors import BadInput
from heldout.core.walkthrough import Walkthrough
from heldout.evals.bundle.layout import LIST
from heldout.evals.record.workspace import CandidateRecord
from heldout.evals.walkthrough import walkthrough
from heldout.report.json import to_json
from heldout.report.walkthrough import interviewer_page, interviewer_text, practice_page, practice_text

__all__ = ["Sheets", "bundle_of", "write_sheets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """A walkthrough, and the files that show it: the interviewer's, and those for the candidate."""

    sheet: Walkthrough
    interviewer: tuple[Path, ...]
    practice: tuple[Path, ...]


def bundle_of(record: CandidateRecord) -> Path:
    """Return the sealed bundle of a candidate's last grading. Raises BadInput where there is none."""
    folder = record.folder / "bundles" / "sealed"
    if not (folder / LIST).is_file():
        raise BadInput(
            f"{record.name} has no bundle yet",
            where=str(folder),
            expected="a graded candidate",
            mend="heldout eval grade EVAL NAME",
        )
    return folder


def write_sheets(bundle: Path, out: Path) -> Sheets:
    """Ask of a bundle what it raises, and write the sheets to `out`/interviewer.* and `out`/practice.*.

    Raises BadInput for what is no bundle or damaged, and for a folder `out` inside of the bundle.
    """
    if out.resolve().is_relative_to(bundle.resolve()):
        raise BadInput(
            "the sheets would lie in the bundle", where=str(out), expected="a folder outside", mend="name it by --out"
        )
    sheet = walkthrough(bundle)
    kept = {
        "interviewer.html": interviewer_page(sheet),
        "interviewer.json": to_json(sheet),
        "interviewer.md": interviewer_text(sheet),
    }
    given = {"practice.html": practice_page(sheet), "practice.md": practice_text(sheet)}
    paths = replace_texts(out, {**kept, **given})
    return Sheets(sheet=sheet, interviewer=paths[: len(kept)], practice=paths[len(kept) :])
