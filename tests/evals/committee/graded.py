"""Evals with graded candidates, made without grading: a card of plain data in the place of a run."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tests.evals import tiny

from heldout.app.eval_open import Giving, open_candidate, terms_of
from heldout.core.card import Axis, Card
from heldout.core.estimate import Estimate, counted
from heldout.core.finding import Certainty, Finding, Witness, clear, problem
from heldout.core.lift import Band, Decision, LiftScale, LiftTarget
from heldout.evals.committee import rating, roster
from heldout.evals.committee.levels import LEAVES
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.report.json import to_json

WHY = "it says so in the README"
AUTHOR, ADDRESS = "Grace Brewster Hopper", "grace.hopper@navy.example.org"
FILES = {
    "README.md": f"# Delays\n\nWritten by {AUTHOR} ({ADDRESS}). Ask grace, or Hopper.\n",
    "train.py": "print('train')  # will train\n",
    "model.bin": "\0\1",
    "UPDATES.md": "## 2026-03-02 14:30\n- done: the model\n",
}


def findings() -> tuple[Finding, ...]:
    file = Witness(kind="file", where="README.md", line=3, note=f"by {AUTHOR}")
    hour = Witness(kind="time", where="2026-03-02T14:30")
    mend = problem(f"{AUTHOR} pinned nothing.", Certainty.STRONG, to_do="Pin it.", witnesses=(file, hour))
    return (
        Finding(code="REP001", name="lock", family="reproducibility", answer=mend),
        Finding(code="ARC001", name="tests", family="architecture", answer=clear("There are tests.")),
        Finding(code="LEK001", name="near-copy", family="leakage", answer=clear("No column copies the target.")),
    )


def card_for(name: str, band: Band = Band.PASS) -> Card:
    def axis(called: str, weight: float, *codes: str) -> Axis:
        return Axis(name=called, weight=weight, score=counted(0.5, n=2), codes=codes, summary=f"of {name}")

    return Card(
        eval_title="Late or not",
        submission=name,
        decision=Decision(band=band, reasons=(f"{name} is so.",), at_minimum=0.97),
        target=LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05),
        lift=None,
        metric="roc_auc",
        reported=0.8,
        reported_evaluation="on a quarter",
        supported=Estimate(value=0.7, low=0.6, high=0.8, n=100, method="t"),
        prices=(),
        axes=(axis("architecture", 0.4, "ARC001"), axis("reproducibility", 0.3, "REP001"), axis("monitoring", 0.3)),
        findings=findings(),
        reproducibility="bitwise",
        isolation="L1",
        runs=(),
        hashes={"commit": "c" * 40, "brief": "b" * 64},
        volatile=("runs[*].wall_seconds",),
        collaboration=axis("collaboration", 0.0),
    )


def new_eval(folder: Path, *names: str, bands: Mapping[str, Band] | None = None, decision: str = "") -> Workspace:
    """Write a tiny eval in which all of `names` are graded."""
    tiny.write_eval(folder, rows=60, days=10)
    (folder / "brief.toml").write_text((folder / "brief.toml").read_text() + decision)
    workspace = Workspace(folder=folder.resolve())
    for name in names:
        opened(workspace, name)
        submitted(workspace, name)
        graded(workspace, name, (bands or {}).get(name, Band.PASS))
    return workspace


def opened(workspace: Workspace, name: str) -> CandidateRecord:
    terms = terms_of(workspace.folder)
    return open_candidate(workspace.folder, name, terms, consents=True, token=Giving.NONE).record


def submitted(workspace: Workspace, name: str, files: Mapping[str, str] = FILES) -> str:
    """Push and hand in a commit by its author."""
    record, tree = workspace.candidate(name), workspace.folder.parent / f"tree-{name}"
    for path, content in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(content)
    who = {f"GIT_{role}_{what}": said for role in ("AUTHOR", "COMMITTER") for what, said in AUTHORSHIP.items()}

    def git(*arguments: str) -> str:
        ran = subprocess.run(
            ["git", *arguments], cwd=tree, env={**os.environ, **who}, capture_output=True, text=True, check=True
        )
        return ran.stdout.strip()

    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git(
        "commit",
        "--quiet",
        "--allow-empty",
        "--message=Submission\n\nReviewed-by: Alan Turing <alan@bletchley.example>",
    )
    commit = git("rev-parse", "HEAD")
    pack = subprocess.run(
        ["git", "pack-objects", "--revs", "--stdout"], cwd=tree, input=b"HEAD\n", capture_output=True, check=True
    )
    subprocess.run(
        ["git", "unpack-objects", "-q"], cwd=record.repository, input=pack.stdout, check=True, capture_output=True
    )
    handed_in = {"commit": commit, "tag": "submission-1", "late_minutes": 0, "logs_sha256": {}}
    record.ledger.append(Kind.SUBMITTED, handed_in, actor=Role.CANDIDATE)
    return commit


AUTHORSHIP = {"NAME": AUTHOR, "EMAIL": ADDRESS, "DATE": "2024-01-01T00:00:00Z"}


def graded(workspace: Workspace, name: str, band: Band = Band.PASS, **changed: object) -> None:
    """Put a card where a grading would."""
    record = workspace.candidate(name)
    path = record.folder / "graded" / name / "card.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_json(replace(card_for(name, band), **changed)))  # type: ignore[arg-type]  # fields by name
    record.ledger.append(Kind.GRADED, {"card_sha256": "0" * 64, "band": band.value}, actor=Role.ORGANISER)


def invited(workspace: Workspace, *names: str) -> None:
    for name in names:
        roster.invite(workspace, name)


def rated(
    workspace: Workspace, rater: str, work: str, levels: str | Sequence[str] = "mid", *, final: bool = True
) -> None:
    """Fill a sheet: one level for all leaves, or one for each in their order."""
    said = [levels] * len(LEAVES) if isinstance(levels, str) else levels
    for leaf, level in zip(LEAVES, said, strict=True):
        rating.save(workspace, rater, work, leaf, level=level, reason=WHY)
    if final:
        rating.finalise(workspace, rater, work)
