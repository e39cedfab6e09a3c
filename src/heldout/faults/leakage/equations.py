"""Columns that make the label together, and keys of rows that were given by it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldout.faults.planter import Planter, Table, World

__all__ = ["PLANTERS"]

ROWS = 4000

Columns = dict[str, NDArray[Any]]


def _parts_of_a_total(seed: int, effect: float) -> World:
    """Two counts add up to the label on a share of rows; elsewhere one of them is that of another row."""
    rng, columns = _bookings(seed)
    walk_in, online = rng.poisson(np.exp(columns["heat"] / 10)), rng.poisson(40 * rng.gamma(4, 0.25, ROWS))
    told = rng.random(ROWS) < effect
    columns["walk_in"], columns["online"] = walk_in, np.where(told, online, rng.permutation(online))
    return _both(columns | {"guests": walk_in + online}, "guests")


def _price_per_unit(seed: int, effect: float) -> World:
    """A price is area times a unit price, written to the cent, on a share of rows; elsewhere that of another row."""
    rng, columns = _bookings(seed)
    area, unit = np.round(rng.gamma(9, 10, ROWS) + 10), np.round(rng.gamma(25, 100, ROWS))
    told = rng.random(ROWS) < effect
    columns["area"], columns["unit_price"] = area, np.where(told, unit, rng.permutation(unit))
    return _both(columns | {"price": area * unit}, "price")


def _fare_and_tip(seed: int, effect: float) -> World:
    """A total is fare, tip and one of three surcharges, on a share of rows; elsewhere the tip of another row."""
    rng, columns = _bookings(seed)
    fare, tip = np.round(3 + rng.gamma(2, 5, ROWS), 2), np.round(rng.gamma(1, 3, ROWS), 2)
    total = np.round(fare + tip + rng.choice([0.5, 1.0, 3.3], ROWS), 2)
    told = rng.random(ROWS) < effect
    columns["fare"], columns["tip"] = fare, np.where(told, tip, rng.permutation(tip))
    return _both(columns | {"total": total}, "total")


def _final_scores(seed: int, effect: float) -> World:
    """Which side's goals are more tells who wins, on a share of rows; elsewhere one side's are those of another row."""
    rng, columns = _bookings(seed)
    home, away = rng.poisson(6, ROWS), rng.poisson(5, ROWS)
    told = rng.random(ROWS) < effect
    columns["home_goals"], columns["away_goals"] = np.where(told, home, rng.permutation(home)), away
    return _both(columns | {"home_wins": (home > away).astype(np.int64)}, "home_wins")


def _keys_by_class(seed: int, effect: float) -> World:
    """Cases are numbered as they come, while the rate drifts; a share of them was numbered anew, class by class."""
    rng, columns = _bookings(seed)
    label = (rng.random(ROWS) < 0.3 + 0.2 * np.arange(ROWS) / ROWS).astype(np.int64)
    key = np.arange(ROWS, dtype=np.float64)
    again = rng.random(ROWS) < effect
    key[again] += 2.0 * ROWS * label[again]
    columns["case"] = np.array([f"c{place}" for place in np.argsort(np.argsort(key))])
    order = rng.permutation(ROWS)
    table = {name: column[order] for name, column in (columns | {"label": label}).items()}
    return {name: Table(columns=table, target="label") for name in ("profile", "row_order")}


def _bookings(seed: int) -> tuple[np.random.Generator, Columns]:
    """Return columns with equations of their own, none of which is the label's: hours make minutes, sums make sums."""
    rng = np.random.default_rng(seed)
    hours, nights, weekend = rng.integers(1, 40, ROWS), rng.integers(0, 6, ROWS), rng.integers(0, 3, ROWS)
    columns: Columns = {
        "heat": np.round(rng.normal(20, 6, ROWS), 1),
        "hours": hours,
        "minutes": hours * 60,
        "nights": nights,
        "weekend_nights": weekend,
        "all_nights": nights + weekend,
        "flag": rng.integers(0, 2, ROWS),
    }
    return rng, columns


def _both(columns: Columns, target: str) -> World:
    return {name: Table(columns=columns, target=target) for name in ("profile", "identities")}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "LEK005": (
        Planter(fault="Two columns add up to the label.", effect="share of rows", build=_parts_of_a_total),
        Planter(fault="The product of two columns is the label.", effect="share of rows", build=_price_per_unit),
        Planter(fault="Two columns leave three values of the label over.", effect="share of rows", build=_fare_and_tip),
        Planter(fault="The larger of two columns tells the class.", effect="share of rows", build=_final_scores),
    ),
    "LEK006": (Planter(fault="Rows were numbered class by class.", effect="share of rows", build=_keys_by_class),),
}
