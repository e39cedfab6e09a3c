"""Rows that look ahead: columns with the label of a neighbouring row, and times after the moment of the prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS", "Dated"]

ROWS = 4000
HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Raw columns, each of shape (rows,), by name; the target, the time, and the entity and horizon if declared."""

    columns: Mapping[str, NDArray[Any]]
    target: str
    time: str
    entity: str | None = None
    horizon: str | None = None


def _next_label(seed: int, effect: float) -> World:
    """A column holds the label of the customer's next row on a share of rows, that of the last one on the others."""
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(ROWS // 40), 40)
    label = _persistent(rng, rng.uniform(0.6, 0.95))
    columns = _beside(rng, label)
    columns["last_state"] = _mixed(rng, _within(label, customer, 1), _within(label, customer, -1), effect)
    return _as_world(rng, columns | {"customer": customer, "label": label}, entity="customer")


def _centred_mean(seed: int, effect: float) -> World:
    """A mean over three rows is centred on the row on a share of rows, and ends with the row before on the others."""
    rng = np.random.default_rng(seed)
    amount = np.round(np.cumsum(rng.normal(0, 1, ROWS)) + rng.normal(100, 3, ROWS), 2)
    run = np.zeros(ROWS, np.int64)
    honest = np.mean([_within(amount, run, -step) for step in (1, 2, 3)], axis=0)
    centred = np.mean([_within(amount, run, step) for step in (-1, 0, 1)], axis=0)
    columns = {"load": np.round(amount + rng.normal(0, 2, ROWS), 1), "mean_3": _mixed(rng, centred, honest, effect)}
    return _as_world(rng, columns | {"amount": amount}, target="amount")


def _not_known_yet(seed: int, effect: float) -> World:
    """A column holds the label of the row before: of the hour, with a horizon of hours, or of the day before."""
    rng = np.random.default_rng(seed)
    label = _persistent(rng, 0.7)
    run = np.zeros(ROWS, np.int64)
    columns = _beside(rng, label) | {"yesterday": _within(label, run, -1), "label": label}
    return _as_world(rng, columns, horizon=f"{max(round(effect * 48), 1)}h", step=24 * HOUR if effect == 0 else HOUR)


def _closed_later(seed: int, effect: float) -> World:
    """A ticket is closed after it was asked about on a share of rows; on the others an earlier closing is kept."""
    rng = np.random.default_rng(seed)
    label = _persistent(rng, 0.5)
    moments = np.sort(rng.integers(0, 300 * 24 * HOUR, ROWS))
    before, after = (rng.integers(2 * 60, 40 * 24 * HOUR, ROWS) for _ in range(2))
    later = rng.random(ROWS) < effect
    columns = _beside(rng, label) | {
        "closed_at": _moments(np.where(later, moments + after, moments - before)),
        "due_at": _moments(moments + rng.integers(1, 30, ROWS) * 24 * HOUR),
        "logged_at": _moments(moments + rng.integers(0, 30, ROWS)),
        "day": _moments(moments // (24 * HOUR) * 24 * HOUR),
        "label": label,
    }
    world = Dated(columns=columns | {"asked_at": _moments(moments)}, target="label", time="asked_at")
    return {"event_times": world}


def _persistent(rng: np.random.Generator, stays: float) -> NDArray[np.int64]:
    """Return a label of two classes that mostly stays what it was in the row before."""
    flips = rng.random(ROWS) > stays
    return (np.cumsum(flips) % 2).astype(np.int64)


def _beside(rng: np.random.Generator, label: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Return features of the row itself, which agree with its neighbours only as far as the label persists."""
    return {
        "usage": np.round(rng.normal(1.5 * label, 1.0), 3),
        "flag": np.where(rng.random(ROWS) < 0.9, label, 1 - label),
        "region": rng.choice(["north", "south", "east"], ROWS),
    }


def _within(values: NDArray[Any], run: NDArray[np.int64], offset: int) -> NDArray[np.float64]:
    """Return the value `offset` rows further on in the same run, NaN where there is none."""
    moved = np.roll(values, -offset).astype(np.float64)
    other = np.roll(run, -offset)
    place = np.arange(len(values)) + offset
    return np.where((other == run) & (place >= 0) & (place < len(values)), moved, np.nan)


def _mixed(
    rng: np.random.Generator, fault: NDArray[np.float64], honest: NDArray[np.float64], effect: float
) -> NDArray[np.float64]:
    return np.where(rng.random(len(fault)) < effect, fault, honest)


def _moments(seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    return np.datetime64("2021-01-01", "us") + seconds.astype("m8[s]")


def _as_world(
    rng: np.random.Generator,
    columns: dict[str, NDArray[Any]],
    *,
    target: str = "label",
    entity: str | None = None,
    horizon: str | None = None,
    step: int = HOUR,
) -> World:
    """Date the rows in their order, and deal them out in another."""
    columns["ts"] = _moments(np.arange(ROWS) * step)
    order = rng.permutation(ROWS)
    shuffled = {name: column[order] for name, column in columns.items()}
    return {"neighbours": Dated(columns=shuffled, target=target, time="ts", entity=entity, horizon=horizon)}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "LEK010": (
        Planter(fault="A column holds the label of the next row.", effect="share of rows", build=_next_label),
        Planter(fault="A mean is centred on its row.", effect="share of rows", build=_centred_mean),
        Planter(fault="An earlier label is not known yet.", effect="horizon in two days", build=_not_known_yet),
    ),
    "LEK011": (Planter(fault="A row holds the time of a later event.", effect="share of rows", build=_closed_later),),
}
