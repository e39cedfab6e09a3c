"""The rate of late arrivals by carrier and hour, pulled to the overall rate: `python rates.py train`, `... predict`.

It draws nothing at random, so it gives the same bytes for every seed.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DATA = Path(os.environ.get("HELDOUT_DATA", "/data"))
MODEL = Path(os.environ.get("HELDOUT_MODEL", "/model"))
OUT = Path(os.environ.get("HELDOUT_OUT", "/out"))
PRIOR_FLIGHTS = 100
"""A cell's rate is taken as if it had this many more flights of the overall rate."""


def train() -> None:
    """Write the overall rate, and flights and late ones by carrier and hour."""
    table = pq.read_table(DATA / "train.parquet", columns=["carrier", "hour", "late"], use_threads=False)
    cells = table.group_by(["carrier", "hour"], use_threads=False).aggregate([("late", "sum"), ("late", "count")])
    rate = sum(cells.column("late_sum").to_pylist()) / table.num_rows
    rates = {
        f"{cell['carrier']} {cell['hour']}": (cell["late_sum"] + PRIOR_FLIGHTS * rate)
        / (cell["late_count"] + PRIOR_FLIGHTS)
        for cell in cells.to_pylist()
    }
    (MODEL / "rates.json").write_text(json.dumps({"overall": rate, "cells": rates}, indent=1, sort_keys=True) + "\n")


def predict() -> None:
    """Write each flight's rate; the overall one where carrier and hour never met."""
    saved = json.loads((MODEL / "rates.json").read_text())
    table = pq.read_table(DATA / "features.parquet", columns=["flight_id", "carrier", "hour"], use_threads=False)
    cells = zip(table.column("carrier").to_pylist(), table.column("hour").to_pylist(), strict=True)
    chance = [saved["cells"].get(f"{carrier} {hour}", saved["overall"]) for carrier, hour in cells]
    predictions = pa.table({"flight_id": table.column("flight_id"), "prediction": pa.array(chance, pa.float64())})
    pq.write_table(predictions, OUT / "predictions.parquet")


if __name__ == "__main__":
    phases: dict[str, Callable[[], None]] = {"train": train, "predict": predict}
    phases[sys.argv[1]]()
