"""Predicts for a table of features: `python -m delays.predict`."""

import time

import pyarrow as pa
import pyarrow.parquet as pq

from delays import bins, drift, places
from delays.model import Model


def main() -> None:
    """Read /data/features.parquet and /model/model.json, write /out/predictions.parquet and print the metrics."""
    started = time.perf_counter()
    fitted = Model.load(places.MODEL / "model.json")
    columns = ["flight_id", *bins.FEATURES]
    table = pq.read_table(places.DATA / "features.parquet", columns=columns, use_threads=False)
    codes = bins.encode(table)
    predictions = {"flight_id": table.column("flight_id"), "prediction": pa.array(fitted.probability(codes))}
    pq.write_table(pa.table(predictions), places.OUT / "predictions.parquet")
    print(drift.metrics(fitted, codes, seconds=time.perf_counter() - started), end="")


if __name__ == "__main__":
    main()
