"""Fits the model to the training table: `python -m delays.train`."""

import pyarrow.parquet as pq

from delays import bins, model, places


def main() -> None:
    """Read /data/train.parquet, write /model/model.json."""
    table = pq.read_table(places.DATA / "train.parquet", columns=[*bins.FEATURES, "date", "late"], use_threads=False)
    late = table.column("late").to_numpy().astype("float32")
    day = table.column("date").cast("int32").to_numpy()
    fitted = model.fit(bins.encode(table), late, day, places.SEED)
    fitted.save(places.MODEL / "model.json")
    print(f"fitted on {table.num_rows:,} flights of {day.max() - day.min() + 1} days, seed {places.SEED}")


if __name__ == "__main__":
    main()
