"""`EVAL/committee/decisions.json`: all decisions of an eval with how they came about, for the organiser alone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole
from heldout.evals.committee.adjudication import Settled
from heldout.evals.committee.decision import Decided
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import DECISIONS, state_of
from heldout.evals.record.workspace import Workspace

__all__ = ["SCHEMA", "decision_plain", "leave_out", "read_decisions", "write_decisions"]

SCHEMA = "heldout.decisions.v1"


def write_decisions(workspace: Workspace, decided: Iterable[Decided]) -> Path:
    """Put decisions in the place of earlier ones on the same candidates, and return the file.

    Its caller is alone (`Place.alone`), and decided under the present lock.
    """
    plain = read_decisions(workspace)
    plain |= {one.candidate: {**decision_plain(one), "locked": _locked(workspace)} for one in decided}
    return _write(workspace, plain)


def read_decisions(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Return the decisions by candidate under the present lock, as plain data; of an earlier lock there are none.

    Raises BadInput where the file is damaged.
    """
    path = Place(workspace=workspace).folder / DECISIONS
    lock = _locked(workspace)
    try:
        known = json.loads(path.read_bytes())["candidates"] if path.is_file() else {}
        return {name: one for name, one in known.items() if one["locked"] == lock}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            "the decisions cannot be read",
            where=str(path),
            expected="the JSON that `heldout eval decide` wrote",
            mend="remove the file, and run heldout eval decide EVAL: it is made of the ledgers",
        ) from None


def leave_out(workspace: Workspace, candidate: str) -> None:
    """Take the decision on a candidate out of the file; one that cannot be read goes as a whole."""
    with Place(workspace=workspace).alone():
        path = Place(workspace=workspace).folder / DECISIONS
        if not path.is_file():
            return
        try:
            _write(workspace, {name: one for name, one in read_decisions(workspace).items() if name != candidate})
        except BadInput:
            path.unlink()


def decision_plain(decided: Decided) -> dict[str, Any]:
    """Return a decision as plain data: bands by their names, `levels` by leaf, and in `leaves` how each came about."""
    given = decided.rulings.override
    return {
        "work": decided.work,
        "candidate": decided.candidate,
        "band": decided.band.value,
        "by_rule": decided.ruled.band.value,
        "lift_band": decided.lift_band.value,
        "reproducibility": decided.reproducibility,
        "level": decided.ruled.level,
        "levels": decided.levels,
        "leaves": {leaf: _leaf(one) for leaf, one in decided.leaves.items()},
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
    return {"how": one.how, "given": dict(one.given), "edits": edits}


def _locked(workspace: Workspace) -> str:
    lock = state_of(workspace).lock
    return "" if lock is None else lock.at.isoformat()


def _write(workspace: Workspace, decisions: Mapping[str, Any]) -> Path:
    path = Place(workspace=workspace).folder / DECISIONS
    plain = {"schema": SCHEMA, "candidates": dict(sorted(decisions.items()))}
    write_whole(path, (json.dumps(plain, indent=1) + "\n").encode())
    return path
