"""`EVAL/committee/decisions.json`: all decisions of an eval with how they came about, for the organiser alone."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.evals.committee.adjudication import Settled
from heldout.evals.committee.decision import Decided
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import state_of
from heldout.evals.record.whole_file import write_whole
from heldout.evals.record.workspace import Workspace

__all__ = ["FILE", "SCHEMA", "decision_plain", "leave_out", "read_decisions", "write_decisions"]

FILE, SCHEMA = "decisions.json", "heldout.decisions.v1"


def write_decisions(workspace: Workspace, decided: Iterable[Decided]) -> Path:
    """Put decisions in the place of earlier ones on the same works, and return the file."""
    with Place(workspace=workspace).alone():
        plain = {one["work"]: one for one in read_decisions(workspace)}
        plain |= {one.work: {**decision_plain(one), "locked": _locked(workspace)} for one in decided}
        return _write(workspace, plain.values())


def read_decisions(workspace: Workspace) -> tuple[dict[str, Any], ...]:
    """Return the decisions under the present lock as plain data; those of a lock that was taken back are none.

    Raises BadInput where the file is damaged.
    """
    path = Place(workspace=workspace).folder / FILE
    lock = _locked(workspace)
    try:
        known = json.loads(path.read_bytes())["decisions"] if path.is_file() else []
        return tuple(one for one in known if one["locked"] == lock)
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "the decisions cannot be read",
            where=str(path),
            expected="the JSON that `heldout eval decide` wrote",
            mend="remove the file, and run heldout eval decide EVAL: it is made of the ledgers",
        ) from None


def leave_out(workspace: Workspace, candidate: str) -> None:
    """Take the decision on a candidate out of the file; one that cannot be read goes as a whole."""
    with Place(workspace=workspace).alone():
        path = Place(workspace=workspace).folder / FILE
        if not path.is_file():
            return
        try:
            _write(workspace, [one for one in read_decisions(workspace) if one["candidate"] != candidate])
        except BadInput:
            path.unlink()


def decision_plain(decided: Decided) -> dict[str, Any]:
    """Return a decision as plain data: bands by their names, levels with how each came about."""
    given = decided.rulings.override
    return {
        "work": decided.work,
        "candidate": decided.candidate,
        "band": decided.band.value,
        "by_rule": decided.ruled.band.value,
        "lift_band": decided.lift_band.value,
        "reproducibility": decided.reproducibility,
        "level": decided.ruled.level,
        "levels": {leaf: _leaf(one) for leaf, one in decided.leaves.items()},
        "mean": decided.ruled.mean,
        "score": decided.ruled.score,
        "multiplier": decided.rulings.multiplier,
        "multiplier_by": decided.rulings.multiplier_by,
        "multiplier_reason": decided.rulings.multiplier_reason,
        "deductions": [asdict(one) for one in decided.rulings.deductions],
        "override": None if given is None else {**asdict(given), "band": given.band.value},
        "reasons": list(decided.ruled.reasons),
    }


def _leaf(one: Settled) -> dict[str, Any]:
    edits = [{**asdict(edit), "role": edit.role.value, "at": edit.at.isoformat()} for edit in one.edits]
    return {"level": one.level, "how": one.how, "given": dict(one.given), "edits": edits}


def _locked(workspace: Workspace) -> str:
    lock = state_of(workspace).lock
    return "" if lock is None else lock.at.isoformat()


def _write(workspace: Workspace, decisions: Iterable[dict[str, Any]]) -> Path:
    path = Place(workspace=workspace).folder / FILE
    ordered = sorted(decisions, key=lambda one: str(one["work"]))
    write_whole(path, (json.dumps({"schema": SCHEMA, "decisions": ordered}, indent=1) + "\n").encode())
    return path
