"""The candidate's own check before handing in: all that the grader checks but what takes labels or runs."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from heldout.core.errors import BadInput, CandidateFailure
from heldout.core.finding import Ending, Finding
from heldout.core.plural import how_many
from heldout.core.repository import Repository
from heldout.engine import catalog, run
from heldout.evals.brief import Brief, open_brief
from heldout.evals.data import verify_hash
from heldout.evals.grading.audit import audit
from heldout.evals.grading.journal import open_journal
from heldout.evals.grading.program import Source, look, receive
from heldout.evals.grading.runs import READER, READER_LIMITS
from heldout.evals.talk import experiments, findings, questions, updates
from heldout.evals.talk.experiments import read_experiments
from heldout.evals.talk.findings import read_findings
from heldout.evals.talk.mlflow import read_mlflow
from heldout.evals.talk.on_push import file_named
from heldout.evals.talk.questions import read_questions
from heldout.evals.talk.updates import read_updates
from heldout.sandbox import call
from heldout.tools import git, wheels

__all__ = ["Checked", "check_submission"]

Rows = Literal["feedback", "final"]
SECRETS = "COL004"
TALK = (updates.FILE, questions.FILE, experiments.FILE)


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

    What the grader's checks of files, rules and history find, and what can be mended in updates, questions and the log
    of experiments, are notes. `rows` are the feedback rows where the brief has them, else the final rows. Raises
    BadInput for the first defect.
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
        read = _read(predictions, features, key=data.key, is_probability=opened.brief.is_classification)
        facts.append(f"{predictions.name}: {read['rows']:,} predictions for the {which} rows are in order.")
        if read["distinct"] == 1 and read["rows"] > 1:
            notes.append("All predictions are the same number.")
    facts.append(_said(source.repository, notes, is_rescue=opened.brief.eval.kind == "rescue"))
    asked, found = _found(opened.brief, source, submission)
    said = f"{asked}, of which {len(found)} found something"
    facts.append(f"Checks of files, rules and history that the grader asks too: {said}.")
    notes += [_note(finding) for finding in found]
    return Checked(commit=source.commit, facts=tuple(facts), notes=tuple(notes))


def _said(repository: Repository, notes: list[str], *, is_rescue: bool) -> str:
    """Read what the candidate wrote in files, add notes on what can be mended or is missing, and say what was read."""
    content = {name: file_named(repository, name) for name in TALK}
    said, asked = read_updates(content[updates.FILE] or b""), read_questions(content[questions.FILE] or b"")
    logged, runs = read_experiments(content[experiments.FILE] or b""), read_mlflow(repository.files)
    notes += [str(message) for each in (said, asked, logged, runs) for message in each.messages]
    if content[updates.FILE] is None:
        notes.append(f"{updates.FILE} is missing: nobody can tell how the work went.")
    if content[experiments.FILE] is None and not runs.runs:
        notes.append(f"{experiments.FILE} is missing: nobody can tell what was tried.")
    counts: dict[tuple[str, str], Sequence[object]] = {
        ("update", ""): said.updates,
        ("answer to feedback", "answers to feedback"): said.answers,
        ("question", ""): asked.questions,
        ("scope proposal", ""): asked.proposals,
        ("logged run", ""): (*logged.runs, *runs.runs),
    }
    if is_rescue:
        counts["fault found", "faults found"] = _faults(repository, notes)
    return f"Read: {', '.join(how_many(len(found), *what) for what, found in counts.items())}."


def _faults(repository: Repository, notes: list[str]) -> Sequence[object]:
    content = file_named(repository, findings.FILE)
    if content is None:
        notes.append(f"{findings.FILE} is missing: no fault of the project counts as named.")
    read = read_findings(content or b"")
    notes += map(str, read.messages)
    return read.faults


def _found(brief: Brief, source: Source, submission: Path) -> tuple[int, list[Finding]]:
    """Return how many of the grader's checks could answer without a run, and the findings that are not clear."""
    with tempfile.TemporaryDirectory(prefix="heldout-check-") as folder, open_journal(Path(folder)) as journal:
        findings = list(audit(brief, receive(journal, source), {}))
    secrets = [check for check in catalog() if check.code == SECRETS]
    findings += run(secrets, {"history": git.history(submission)})
    asked = [finding for finding in findings if finding.ending is not Ending.NO_EVIDENCE]
    codes = {finding.code for finding in asked}
    told = (Ending.PROBLEM, Ending.CAUTION, Ending.CRASHED)
    return len(codes), [finding for finding in asked if finding.ending in told]


def _note(finding: Finding) -> str:
    level = finding.ending.value if finding.certainty is None else finding.certainty.value
    witness = next((one for one in finding.answer.witnesses if one.kind == "file"), None)
    line = f":{witness.line}" if witness and witness.line else ""
    where = f" ({witness.where}{line})" if witness else ""
    return f"{finding.code} {finding.name}, {level}: {finding.answer.claim}{where}"


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
