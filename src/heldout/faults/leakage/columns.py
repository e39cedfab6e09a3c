"""Columns that know the label: copies of it, fields filled in after the outcome, columns not there in time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.core.evidence import Availability
from heldout.faults.planter import Planter, Table, World

__all__ = ["PLANTERS"]

ROWS = 4000


def _label_copy(seed: int, effect: float) -> World:
    """A text column spells the label on a share of rows, and a random class on the others."""
    rng, label, columns = _clean_table(seed)
    told = rng.random(ROWS) < effect
    columns["decision"] = np.where(np.where(told, label, rng.permutation(label)) == 1, "granted", "refused")
    return _as_world(columns, label)


def _derived_label(seed: int, effect: float) -> World:
    """A status of three values, of which two stand for the same class, is right on a share of rows."""
    rng, label, columns = _clean_table(seed)
    told = rng.random(ROWS) < effect
    stands_for = np.where(told, label, rng.permutation(label))
    reason = np.where(rng.random(ROWS) < 0.2, "withdrawn", "cancelled")
    columns["status"] = np.where(stands_for == 1, reason, "completed")
    return _as_world(columns, label)


def _numeric_copy(seed: int, effect: float) -> World:
    """A numeric label is repeated under another name on a share of rows."""
    rng, label, columns = _clean_table(seed)
    amount = np.round(np.exp(rng.normal(3 + 0.5 * label, 1.0)), 2)
    told = rng.random(ROWS) < effect
    columns["final_amount"] = np.where(told, amount, rng.permutation(amount))
    return {"profile": Table(columns=columns | {"amount": amount}, target="amount")}


def _field_filled_after(seed: int, effect: float) -> World:
    """A field that is filled now and then is, on a share of rows, filled if and only if the outcome was positive."""
    rng, label, columns = _clean_table(seed)
    filled = _after_the_outcome(rng, label, effect)
    desk = rng.choice([f"desk {i}" for i in range(40)], ROWS).astype(object)
    desk[~filled] = None
    columns["recovery_note"] = desk
    return _as_world(columns, label)


def _amount_booked_after(seed: int, effect: float) -> World:
    """An amount that is booked now and then is, on a share of rows, above zero if and only if the outcome was so."""
    rng, label, columns = _clean_table(seed)
    booked = _after_the_outcome(rng, label, effect)
    columns["booked"] = np.where(booked, np.round(np.exp(rng.normal(4, 1, ROWS)), 2), 0.0)
    return _as_world(columns, label)


def _used_too_early(seed: int, effect: float) -> World:
    """A model uses columns that are known in time, and a number of columns that are not."""
    rng = np.random.default_rng(seed)
    known = [f"known_{i}" for i in range(8)]
    late = [f"late_{i}" for i in range(round(effect))]
    used = rng.permutation(known[:6] + late)
    return {"availability": Availability(known=frozenset(known), used=tuple(map(str, used)), said_by="the brief")}


def _clean_table(seed: int) -> tuple[np.random.Generator, NDArray[np.int64], dict[str, NDArray[Any]]]:
    """Return a label of some prevalence with columns that predict it fairly: up to an AUC near .9, with gaps."""
    rng = np.random.default_rng(seed)
    label = (rng.random(ROWS) < rng.uniform(0.15, 0.5)).astype(np.int64)
    usage = np.round(rng.normal(1.8 * label, 1.0), 3)
    columns: dict[str, NDArray[Any]] = {
        "customer": np.array([f"c{i:05d}" for i in rng.permutation(ROWS)]),
        "age": rng.integers(18, 90, ROWS),
        "usage": np.where(rng.random(ROWS) < 0.1 + 0.2 * label, np.nan, usage),
        "region": rng.choice(["north", "south", "east", "west"], ROWS),
        "visits": rng.poisson(1 + label),
    }
    return rng, label, columns


def _after_the_outcome(rng: np.random.Generator, label: NDArray[np.int64], effect: float) -> NDArray[np.bool_]:
    now_and_then = rng.random(ROWS) < 0.2
    return np.where(rng.random(ROWS) < effect, label == 1, now_and_then)


def _as_world(columns: dict[str, NDArray[Any]], label: NDArray[np.int64]) -> World:
    return {"profile": Table(columns=columns | {"label": label}, target="label")}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "LEK001": (
        Planter(fault="A column spells the label.", effect="share of rows told", build=_label_copy),
        Planter(
            fault="A status of three values stands for the label.", effect="share of rows told", build=_derived_label
        ),
        Planter(fault="A column repeats a numeric label.", effect="share of rows told", build=_numeric_copy),
    ),
    "LEK002": (
        Planter(
            fault="A field is filled in after a positive outcome.",
            effect="share of rows told",
            build=_field_filled_after,
        ),
        Planter(
            fault="An amount is booked after a positive outcome.",
            effect="share of rows told",
            build=_amount_booked_after,
        ),
    ),
    "LEK003": (
        Planter(
            fault="A model uses columns that are not known when it has to predict.",
            effect="columns",
            build=_used_too_early,
        ),
    ),
}
