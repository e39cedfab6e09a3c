"""How long grading took, by phase and by submission: read off the journal, so that a resumed trial tells the same."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heldout.core.brief_trial import Phase

__all__ = ["Timed", "read_timing"]

TELLS = {
    "receive": "receive",
    "environment": "build",
    "resolve": "build",
    "validation": "references measure themselves",
    "permute": "predict",
    "folds": "prices",
    "prices": "prices",
}
ONCE, OWN = "build", "references measure themselves"
"""A phase that is paid once for all submissions, and one that the trial alone pays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Wall seconds by phase, of the last whole grading by submission, and what is paid once for all submissions."""

    phases: tuple[Phase, ...]
    of: Mapping[str, float]
    shared: float


def read_timing(folder: Path) -> Timed:
    """Return what the journal in `folder` tells; a step is counted once, for the grading in which it was done."""
    steps: dict[str, dict[str, float]] = {}
    counts: dict[str, int] = {}
    of: dict[str, float] = {}
    shared = 0.0
    begun: dict[str, dt.datetime] = {}
    audit: dt.datetime | None = None
    mine, has_trained = 0.0, False
    for line in map(json.loads, (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()):
        at, event = dt.datetime.fromisoformat(line["at"]), line["event"]
        if event == "started":
            begun[line["step"]] = at
        elif event == "finished" and line["step"] in begun:
            name = TELLS.get(line["phase"], line["phase"])
            seconds = (at - begun.pop(line["step"])).total_seconds()
            steps.setdefault(name, {})[line["step"]] = seconds
            counts[name] = len(steps[name])
            shared += seconds if name == ONCE else 0.0
            mine += 0.0 if name in (ONCE, OWN) else seconds
            has_trained = has_trained or name == "train"
        elif event == "audit":
            audit = at
        elif event == "card" and audit is not None:
            seconds, audit = (at - audit).total_seconds(), None
            steps.setdefault("audit", {})[line["submission"]] = seconds
            counts["audit"] = len(steps["audit"])
            if has_trained:  # else it was graded before, and its runs were used again
                of[line["submission"]] = mine + seconds
            mine, has_trained = 0.0, False
    phases = tuple(Phase(name=name, steps=counts[name], seconds=sum(each.values())) for name, each in steps.items())
    return Timed(phases=phases, of=of, shared=shared)
