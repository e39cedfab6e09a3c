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
ONCE = ("build", "references measure themselves")
"""Phases that are paid once for all submissions, or by the trial alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Wall seconds by phase, and by the submission whose grading did the steps; `shared` are those of no submission."""

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
    mine = 0.0
    for line in map(json.loads, (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()):
        at, event = dt.datetime.fromisoformat(line["at"]), line["event"]
        if event == "started":
            begun[line["step"]] = at
        elif event == "finished" and line["step"] in begun:
            name = TELLS.get(line["phase"], line["phase"])
            seconds = (at - begun.pop(line["step"])).total_seconds()
            steps.setdefault(name, {})[line["step"]] = seconds
            counts[name] = len(steps[name])
            if name in ONCE:
                shared += seconds
            else:
                mine += seconds
        elif event == "audit":
            audit = at
        elif event == "card" and audit is not None:
            seconds, audit = (at - audit).total_seconds(), None
            steps.setdefault("audit", {})[line["submission"]] = seconds
            counts["audit"] = len(steps["audit"])
            of[line["submission"]] = of.get(line["submission"], 0.0) + mine + (seconds if mine else 0.0)
            mine = 0.0
    phases = tuple(Phase(name=name, steps=counts[name], seconds=sum(each.values())) for name, each in steps.items())
    return Timed(phases=phases, of=of, shared=shared)
