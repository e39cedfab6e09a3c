"""The process that reads a rescue's FINDINGS.md and code: foreign text, within limits, and without the key."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from heldout.evals.grading.auditor import read_files
from heldout.evals.grading.rescue_facts import facts_of
from heldout.evals.talk import findings
from heldout.evals.talk.findings import read_findings
from heldout.evals.talk.on_push import file_named
from heldout.sandbox import serve

__all__ = ["answer"]


def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the rows of FINDINGS.md below `tree`, None without the file, and the facts of the code."""
    repository = read_files(Path(request["tree"]), request["commit"])
    content = file_named(repository, findings.FILE)
    rows = None if content is None else [asdict(fault) for fault in read_findings(content).faults]
    return {"rows": rows, "facts": asdict(facts_of(repository))}


if __name__ == "__main__":
    serve(answer)
