"""The process that holds the list of planted leaks: it sees rows and facts that the reader wrote, and no submission."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.repository import Repository
from heldout.evals.grading.rescue_facts import Facts, facts_of
from heldout.evals.grading.rescue_judging import judged
from heldout.evals.planted import read_key
from heldout.evals.talk.findings import Fault
from heldout.sandbox import serve

__all__ = ["answer"]

ROWS, FACTS = TypeAdapter(tuple[Fault, ...] | None), TypeAdapter(Facts)


def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the counts of a rescue, and for the organiser what was told of each planted leak and each row."""
    key = read_key(Path(request["planted"]))
    found = facts_of(_project(key.project))
    rows, facts = ROWS.validate_python(request["rows"]), FACTS.validate_python(request["facts"])
    rescue, told = judged(key, found, rows, facts, request.get("gave_up", ""))
    return {"rescue": asdict(rescue), "told": told}


def _project(files: Mapping[str, str]) -> Repository:
    commands = {phase: {"command": ["python", f"{phase}.py"]} for phase in ("train", "predict")}
    return Repository(
        commit="", files={path: text.encode() for path, text in sorted(files.items())}, submission=commands
    )


if __name__ == "__main__":
    serve(answer)
