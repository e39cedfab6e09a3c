"""The files of an eval: there, unchanged, with the columns that the brief speaks of. Labels are hashed, not read."""

import hashlib
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.evals.brief import OpenBrief
from heldout.evals.parquet import column_names

__all__ = ["check_columns", "verify_data", "verify_hash"]

PARTS = ("train", "feedback", "final")


def verify_data(opened: OpenBrief) -> None:
    """Hold every file of the eval to the brief: data and answers by their hashes, tables by their columns.

    Raises BadInput for the first that is missing, changed, or lacks a column.
    """
    brief = opened.brief
    for part in PARTS:
        section = getattr(brief.data, part)
        if section is None:
            continue
        verify_hash(opened.file(section.path), section.sha256, f"data.{part}")
        check_columns(opened, part)
    for part in ("feedback", "final"):
        answers = getattr(brief.answers, part)
        if answers is not None:
            verify_hash(opened.answers_file(part), answers.sha256, f"answers.{part}")


def check_columns(opened: OpenBrief, part: str) -> None:
    """Raise BadInput unless the table `part` has the columns that the brief speaks of, and a holdout no others."""
    data = opened.brief.data
    path = opened.file(getattr(data, part).path)
    names = set(column_names(path))
    needed = opened.brief.available | ({data.target} if part == "train" else set())
    if missing := sorted(needed - names):
        raise BadInput(
            f"{path.name} lacks the column {missing[0]}" + (f" (and {len(missing) - 1} more)" if missing[1:] else ""),
            where=f"data.{part}",
            expected="key, time, cluster and every column of data.known_at_prediction",
            mend="add the column, or take its name out of the brief",
        )
    extra = sorted(names - needed) if part != "train" else []
    if extra:
        raise BadInput(
            f"{path.name} has the column {extra[0]}, which the brief does not call known at prediction",
            where=f"data.{part}",
            expected="holdout features have only columns known at prediction time",
            mend="drop it from the table, or add it to data.known_at_prediction",
        )


def verify_hash(path: Path, promised: str, where: str) -> None:
    """Raise BadInput unless the file is there with the SHA-256 that the brief's key `where` promises."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(
            f"cannot read {path.name}: {error.strerror}",
            where=f"{where}: {path}",
            mend="put the file where the brief says",
        ) from None
    if found != promised:
        raise BadInput(
            f"{path.name} is not the file that the brief speaks of",
            where=f"{where}: {path}",
            expected=f"SHA-256 {promised}",
            mend=f"restore the file; its SHA-256 is now {found}",
        )
