"""Predicts for a table of features: `python -m forecast.predict`."""

import time

import pyarrow as pa
import pyarrow.parquet as pq

from forecast import columns, drift, places, read
from forecast.model import Model


def main() -> None:
    """Read /data/features.parquet and /model/model.json, write /out/predictions.parquet and print the metrics."""
    started = time.perf_counter()
    fitted = Model.load(places.MODEL / "model.json")
    path = places.DATA / "features.parquet"
    codes = fitted.bins.encode(read.features(path))
    predictions = {columns.KEY: read.keys(path), "prediction": pa.array(fitted.predict(codes))}
    pq.write_table(pa.table(predictions), places.OUT / "predictions.parquet")
    print(drift.metrics(fitted, codes, seconds=time.perf_counter() - started), end="")


if __name__ == "__main__":
    main()
