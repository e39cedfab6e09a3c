"""The scoring process: the only one that holds labels. It meets a submission as arrays of numbers, never as a program.

Each function takes and returns plain data, and runs in a process of its own (`sandbox.own`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from heldout.core.estimate import Estimate
from heldout.core.lift import Lift, LiftScale, LiftTarget
from heldout.evals.answers import read_answers
from heldout.evals.grading.rows import Rows
from heldout.evals.predictions import read_keys
from heldout.sandbox import serve
from heldout.stats import METRICS, decide, paired_lift, reproducibility_class, score_estimate
from heldout.stats.difference import interval_difference

__all__ = ["answer"]

Plain = Mapping[str, Any]
DELTA_SHARE = 0.25
"""The default bound of the between-run SD, as a share of the minimum lift in metric units."""


def answer(request: Plain) -> Plain:
    """Answer what `request` asks for: "lift", "prices", "interim", "pairs", or "row_hashes", which promise labels."""
    questions = {"lift": _lift, "prices": _prices, "interim": _interim, "pairs": _pairs, "row_hashes": _row_hashes}
    return questions[request["question"]](request)


def _lift(request: Plain) -> Plain:
    rows = Rows(request["table"])
    metric = request["metric"]
    scale = LiftScale(request["target"]["scale"])
    target = LiftTarget(**{**request["target"], "scale": scale})
    candidate, baseline = rows.runs(request["candidate"]), rows.runs(request["baseline"])
    lift = paired_lift(rows.label, candidate, baseline, metric=metric, scale=scale, cluster=rows.cluster)
    reruns = rows.runs(request["reruns"])
    values = [METRICS[metric].value(rows.label, run) for run in reruns]
    delta = request["delta"]
    rerun = reproducibility_class(
        reruns,
        values,
        epsilon=request["epsilon"],
        delta=_default_delta(lift, target) if delta is None else delta,
        lowest=request["lowest"],
        same_bytes=request["same_bytes"],
        failure=request["failure"],
    )
    decision = decide(lift, target, rerun.reproducibility, rerun.lowest)
    return {
        "lift": asdict(lift),
        "rerun": asdict(rerun),
        "decision": asdict(decision),
        "rows": int(rows.known.size),
        "scored": int(rows.known.sum()),
        "ignores_seed": bool(len(candidate) > 1 and (candidate == candidate[0]).all()),
    }


def _interim(request: Plain) -> Plain:
    """Compare runs on the feedback rows: the improvement over the best in metric units, the lift on its scale."""
    rows = Rows(request["table"])
    ours = rows.runs(request["candidate"])
    compared = {"improvement": ("best", LiftScale.ABSOLUTE), "lift": ("baseline", LiftScale(request["scale"]))}
    return {
        name: asdict(
            paired_lift(
                rows.label,
                ours,
                rows.runs(request[other]),
                metric=request["metric"],
                scale=scale,
                cluster=rows.cluster,
                coverage_worlds=0,
            )
        )
        for name, (other, scale) in compared.items()
    }


def _pairs(request: Plain) -> Plain:
    """Compare submissions with each other on the rows that all predicted: first against second, in metric units."""
    rows = Rows(request["table"])
    runs = {name: rows.runs(paths) for name, paths in request["runs"].items()}
    differences = [
        paired_lift(
            rows.label,
            runs[first],
            runs[second],
            metric=request["metric"],
            scale=LiftScale.ABSOLUTE,
            cluster=rows.cluster,
            coverage_worlds=0,
        ).estimate
        for first, second in request["pairs"]
    ]
    return {"differences": [asdict(difference) for difference in differences]}


def _default_delta(lift: Lift, target: LiftTarget) -> float:
    """Return a quarter of the minimum lift in the metric's own units, at the baseline's score."""
    base = lift.baseline.value
    if base is None:
        return 0.0
    room = {
        LiftScale.ABSOLUTE: 1.0,
        LiftScale.RELATIVE: base,
        LiftScale.ERROR_REDUCTION: abs(METRICS[lift.metric].perfect - base),
    }
    return DELTA_SHARE * target.minimum * room[lift.scale]


def _prices(request: Plain) -> Plain:
    """Score the cells of the pricing and the differences asked for, first minus second, in metric units.

    Two cells on the same rows are compared pair by pair, two others by their intervals.
    """
    metric = request["metric"]
    sign = 1.0 if METRICS[metric].higher_is_better else -1.0
    rows = {name: Rows(table) for name, table in request["tables"].items()}
    cells = request["cells"]
    runs = {name: rows[cell["table"]].runs([cell["predictions"]]) for name, cell in cells.items()}
    scores = {
        name: score_estimate(metric, rows[cell["table"]].label, runs[name], rows[cell["table"]].cluster)
        for name, cell in cells.items()
    }
    differences: dict[str, Estimate] = {}
    for name, (first, second) in request["differences"].items():
        table = cells[first]["table"]
        if table == cells[second]["table"]:
            differences[name] = paired_lift(
                rows[table].label,
                runs[first],
                runs[second],
                metric=metric,
                scale=LiftScale.ABSOLUTE,
                cluster=rows[table].cluster,
                coverage_worlds=0,
            ).estimate
        else:
            differences[name] = interval_difference(scores[first], scores[second], sign=sign)
    return {
        "scores": {name: asdict(score) for name, score in scores.items()},
        "differences": {name: asdict(difference) for name, difference in differences.items()},
    }


def _row_hashes(request: Plain) -> Plain:
    """Return the salted hash of each row's id and label, in the order of the features."""
    table, salt = request["table"], request["salt"]
    keys = read_keys(Path(table["features"]), table["key"])
    answers = read_answers(
        Path(table["answers"]), keys, key=table["key"], target=table["target"], positive=table["positive"]
    )
    rows = zip(keys.to_pylist(), answers.label.tolist(), strict=True)
    return {"rows": [hashlib.sha256(f"{salt}\0{key}\0{label!r}".encode()).hexdigest() for key, label in rows]}


if __name__ == "__main__":
    serve(answer)
