"""A tiny eval with graded candidates: ada is really graded, bea and cyd are made of her grading, dov hands nothing in.

What is made is data alone: a card under another name, with other findings, and other predictions that the real scorer
scored. So a comparison meets three submissions on the same final rows for the price of one grading.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter
from tests.evals import tiny
from tests.web.served import git, open_for, write_eval

from heldout.app.eval_grade import BASIS, grade_recorded
from heldout.app.eval_receive import catch_up
from heldout.core.card import Card
from heldout.core.finding import Ending, clear
from heldout.core.lift import Decision, Lift
from heldout.evals.cards import read_card
from heldout.evals.grading.audit import axis_again
from heldout.evals.grading.journal import sha256_of
from heldout.evals.grading.scoring import LIMITS, QUESTION, SCORER
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.report.json import to_json
from heldout.sandbox import call

NAMES = ("ada", "bea", "cyd", "dov")
LIFT, DECISION = TypeAdapter(Lift), TypeAdapter(Decision)
Noise = Callable[[np.ndarray], np.ndarray]


def write_graded(folder: Path) -> Workspace:
    """Write an eval into `folder`, open it for four, and return it."""
    (folder / "eval").mkdir()
    site, _ = open_for(write_eval(folder / "eval"), *NAMES)
    workspace = site.workspace
    ada = workspace.candidate("ada")
    tree = tiny.write_repository(folder / "tree", tiny.tree())
    git("push", "--quiet", str(ada.repository), "HEAD:refs/heads/main", "HEAD:refs/tags/submit", cwd=tree)
    catch_up(workspace, ada)
    grade_recorded(workspace, ada)
    rng = np.random.default_rng(3)
    _made(ada, workspace.candidate("bea"), lambda run: run + rng.normal(0, 0.02, run.shape), clears="ARC003")
    _made(ada, workspace.candidate("cyd"), lambda run: rng.random(run.shape), clears="")
    return workspace


def copied(workspace: Workspace, folder: Path) -> Workspace:
    """Return a copy of an eval that a test may change, without bundles, which take a while to be written anew."""
    left_out = shutil.ignore_patterns("bundles")
    return Workspace(folder=Path(shutil.copytree(workspace.folder, folder / "eval", symlinks=True, ignore=left_out)))


def _made(source: CandidateRecord, record: CandidateRecord, noise: Noise, *, clears: str) -> None:
    graded = source.folder / "graded"
    basis = json.loads((graded / source.name / BASIS).read_text())
    question = json.loads((graded / basis["score"] / QUESTION).read_text())
    score = record.folder / "graded" / "score"
    score.mkdir(parents=True)
    for side in ("candidate", "baseline", "reruns"):
        for name in question[side]:
            array = np.load(graded / basis["score"] / name)
            np.save(score / name, array if side == "baseline" else np.clip(noise(array), 0, 1))
    (score / QUESTION).write_text(json.dumps(question))
    asked = question | {side: [str(score / name) for name in question[side]] for side in ("candidate", "baseline")}
    said = call(SCORER, asked | {"reruns": 2 * asked["candidate"][:1]}, limits=LIMITS)
    card = _renamed(read_card(graded / source.name), record.name, said, clears)
    folder = record.folder / "graded" / record.name
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(to_json(card))
    (folder / BASIS).write_text(json.dumps({"commit": basis["commit"], "tree": "none", "score": "score"}))
    told = {"card_sha256": sha256_of(folder / "card.json"), "band": card.decision.band.value}
    record.ledger.append(Kind.GRADED, told, actor=Role.ORGANISER)


def _renamed(card: Card, name: str, said: dict[str, object], clears: str) -> Card:
    lift = LIFT.validate_python(said["lift"])
    findings = tuple(
        replace(finding, answer=clear("It is there.")) if finding.code == clears else finding
        for finding in card.findings
    )
    assert not clears or any(one.code == clears and one.ending is Ending.CLEAR for one in findings)
    return replace(
        card,
        submission=name,
        lift=lift,
        supported=lift.candidate,
        decision=DECISION.validate_python(said["decision"]),
        findings=findings,
        axes=tuple(axis_again(axis, findings) for axis in card.axes),
    )
