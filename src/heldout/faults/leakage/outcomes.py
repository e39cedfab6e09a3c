"""Columns that are written when a case ends: reasons, scores, notes; stretches of time kept by how cases ended."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.faults.planter import Planter, Table, World

__all__ = ["PLANTERS"]

ROWS = 4000
MINUTES_OF_A_DAY = 1440
SECONDS_OF_A_DAY = 86_400

Columns = dict[str, NDArray[Any]]


def _reason_of_the_end(seed: int, effect: float) -> World:
    """A reason is written when a case ends, in words of its class on a share of rows, else in those of a random one."""
    rng, label, columns = _cases(seed)
    told = np.where(rng.random(ROWS) < effect, label, rng.permutation(label))
    good, bad = rng.choice(["moved", "retired", "other"], ROWS), rng.choice(["price", "service", "fraud"], ROWS)
    columns["termReason"] = np.where(told == 1, bad, good)
    return _profiled(columns, label)


def _late_arrivals(seed: int, effect: float) -> World:
    """Trains leave by a plan; whoever asks for the delay at the start sees, on a share of rows, when they came in."""
    rng = np.random.default_rng(seed)
    plan = rng.integers(300, 1300, ROWS)
    delay = np.round(rng.gamma(1.0, 12.0, ROWS) + 0.01 * (plan - 800)).astype(np.int64)
    unrelated = rng.permutation(delay)
    came = (plan + np.where(rng.random(ROWS) < effect, delay, unrelated)) % MINUTES_OF_A_DAY
    columns: Columns = {
        "sched_arr_time": plan // 60 * 100 + plan % 60,
        "arr_time": came // 60 * 100 + came % 60,
        "carriages": rng.integers(4, 13, ROWS),
    }
    table = Table(columns=columns | {"late": (delay >= 15).astype(np.int64)}, target="late")
    return {"profile": table, "schedules": table}


def _scores_of_a_model(seed: int, effect: float) -> World:
    """A table holds a risk score: its log odds part the classes by a number of standard deviations."""
    rng, label, columns = _cases(seed)
    base = label.mean()
    odds = np.log(base / (1 - base)) + effect * (rng.normal(size=ROWS) + effect * (label - 0.5))
    columns["risk_score"] = np.round(1 / (1 + np.exp(-odds)), 4)
    return _profiled(columns, label)


def _kept_by_outcome(seed: int, effect: float) -> World:
    """Cases of two years whose rate drifts; in the last share of the time only those that ended badly are recorded."""
    rng = np.random.default_rng(seed)
    moment = np.sort(rng.random(ROWS))
    label = (rng.random(ROWS) < 0.25 + 0.1 * np.sin(3 * moment)).astype(np.int64)
    label[moment > 1 - effect] = 1
    start = np.datetime64("2021-01-01T00:00", "s")
    columns: Columns = {
        "opened": start + (moment * 730 * SECONDS_OF_A_DAY).astype(np.int64),
        "amount": np.round(rng.gamma(2, 100, ROWS), 2),
        "grade": rng.choice(["a", "b", "c"], ROWS),
    }
    return {"profile": Table(columns=columns | {"label": label}, target="label")}


def _noted_rows(seed: int, effect: float) -> World:
    """A note is made on a few rows whatever happens, and on a number of rows because they ended badly."""
    rng, label, columns = _cases(seed)
    note = np.where(rng.random(ROWS) < 0.03, rng.normal(size=ROWS), np.nan)
    ended = rng.permutation(np.flatnonzero(label == 1))[: round(effect)]
    if round(effect):
        note = np.full(ROWS, np.nan)
        note[ended] = np.round(rng.normal(size=len(ended)), 3)
    columns["page"] = note
    return _profiled(columns, label)


def _cases(seed: int) -> tuple[np.random.Generator, NDArray[np.int64], Columns]:
    """Return a label of some prevalence with columns whose names and values tempt: a status, a term, an old score."""
    rng = np.random.default_rng(seed)
    label = (rng.random(ROWS) < rng.uniform(0.25, 0.5)).astype(np.int64)
    columns: Columns = {
        "marital_status": np.where(rng.random(ROWS) < 0.2 + 0.5 * label, "single", "married"),
        "previous_cancellations": rng.poisson(0.2 + 0.6 * label),
        "credit_score": np.clip(np.round(rng.normal(650 - 50 * label, 80)), 300, 850).astype(np.int64),
        "duration_in_months": rng.choice([12, 24, 36, 48], ROWS),
        "income": np.where(rng.random(ROWS) < 0.1 + 0.3 * label, np.nan, np.round(rng.gamma(3, 900, ROWS), 2)),
    }
    return rng, label, columns


def _profiled(columns: Columns, label: NDArray[np.int64]) -> World:
    return {"profile": Table(columns=columns | {"label": label}, target="label")}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "LEK004": (
        Planter(fault="A reason is written when a case ends.", effect="share of rows told", build=_reason_of_the_end),
        Planter(fault="What became of a plan stands beside it.", effect="share of rows told", build=_late_arrivals),
    ),
    "LEK007": (
        Planter(
            fault="A model's score of the label is among the features.",
            effect="standard deviations between the classes' mean log odds",
            build=_scores_of_a_model,
        ),
    ),
    "LEK008": (
        Planter(
            fault="In the last part of the time only cases of one outcome are recorded.",
            effect="share of the time",
            build=_kept_by_outcome,
        ),
    ),
    "LEK009": (Planter(fault="A note is made on rows because they ended badly.", effect="rows", build=_noted_rows),),
}
