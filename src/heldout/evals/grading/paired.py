"""Compares graded submissions with each other on the final rows, in the scorer's process: no label comes out of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.estimate import Estimate
from heldout.evals.brief import OpenBrief
from heldout.evals.grading.scoring import LIMITS, QUESTION, SCORER
from heldout.sandbox import call

__all__ = ["paired_differences"]

ESTIMATES = TypeAdapter(list[Estimate])


def paired_differences(
    opened: OpenBrief, scores: Mapping[str, Path], pairs: Sequence[tuple[str, str]]
) -> list[Estimate]:
    """Return first minus second for each pair of names, above 0 where the first is better, in the metric's units.

    `scores` maps a name to the folder of what was scored of it; its predictions are of the final rows of the eval. The
    interval is clustered as the lift's and holds the variance of both sides' seeds.
    """
    if not pairs:
        return []
    asked: dict[str, Any] = {
        "question": "pairs",
        "metric": opened.brief.metric.name,
        "table": {
            "features": str(opened.file(opened.brief.data.final.path).absolute()),
            "answers": str(opened.answers_file("final").absolute()),
            "key": opened.brief.data.key,
            "target": opened.brief.data.target,
            "positive": opened.brief.data.positive,
            "cluster": opened.brief.data.cluster,
        },
        "runs": {name: _arrays(folder) for name, folder in scores.items()},
        "pairs": [list(pair) for pair in pairs],
    }
    return ESTIMATES.validate_python(call(SCORER, asked, limits=LIMITS)["differences"])


def _arrays(folder: Path) -> list[str]:
    question = json.loads((folder / QUESTION).read_text(encoding="utf-8"))
    return [str((folder / name).absolute()) for name in question["candidate"]]
