"""The candidate's own check before handing in: the contract, and predictions by the grader's validator."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from heldout.core.errors import BadInput, CandidateFailure
from heldout.evals.brief import open_brief
from heldout.evals.data import verify_hash
from heldout.evals.grading.program import look
from heldout.evals.grading.runs import READER, READER_LIMITS
from heldout.sandbox import call
from heldout.tools import git, wheels

__all__ = ["Checked", "check_submission"]

Rows = Literal["feedback", "final"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was checked and found in order, and what the submitter should know, a sentence each."""

    commit: str
    facts: tuple[str, ...]
    notes: tuple[str, ...]


def check_submission(
    brief: Path, submission: Path, predictions: Path | None = None, rows: Rows | None = None
) -> Checked:
    """Hold the HEAD of the repository `submission` to its contract, and `predictions` to the rows of the brief.

    `rows` are the feedback rows where the brief has them, else the final rows. Raises BadInput for the first defect.
    """
    opened = open_brief(brief)
    source = look(submission)
    assert source.repository is not None
    reported, data = source.contract.reported, opened.brief.data
    facts = ["submission.toml, its lock and its commands are in order."]
    notes = list(git.notes(submission, source.repository))
    if not wheels.is_pinned(source.repository.text(source.contract.build.lock) or ""):
        notes.append(f"{source.contract.build.lock} is not pinned by hashes, which the card will say.")
    if reported.metric != opened.brief.metric.name:
        notes.append(f"reported.metric is {reported.metric}; the brief asks for {opened.brief.metric.name}.")
    late = sorted(set(reported.features) - opened.brief.available)
    if late:
        notes.append(f"Not known at prediction time, says the brief: {', '.join(late)}.")
    if predictions is not None:
        which = rows or ("feedback" if data.feedback else "final")
        section = getattr(data, which)
        if section is None:
            raise BadInput(f"the brief has no {which} rows", expected="feedback or final", mend="choose with --rows")
        features = opened.file(section.path)
        verify_hash(features, section.sha256, f"data.{which}")
        said = _read(predictions, features, key=data.key, is_probability=opened.brief.is_classification)
        facts.append(f"{predictions.name}: {said['rows']:,} predictions for the {which} rows are in order.")
        if said["distinct"] == 1 and said["rows"] > 1:
            notes.append("All predictions are the same number.")
    return Checked(commit=source.commit, facts=tuple(facts), notes=tuple(notes))


def _read(predictions: Path, features: Path, *, key: str, is_probability: bool) -> Mapping[str, Any]:
    if not predictions.is_file():
        raise BadInput("the predictions are not there", where=str(predictions), mend="check the path")
    request = {
        "predictions": str(predictions.resolve()),
        "features": str(features),
        "key": key,
        "is_probability": is_probability,
        "array": None,
    }
    try:
        return call(READER, request, limits=READER_LIMITS, blame=CandidateFailure)
    except CandidateFailure as failure:
        raise BadInput(
            f"{predictions.name} cannot be read within the limits: {failure}", expected="see docs/guide/submission.md"
        ) from None
