"""Fits the model to the training table: `python -m delays.train`."""

import hashlib
import json

import pyarrow.parquet as pq

from delays import bins, model, places


def main() -> None:
    """Read /data/train.parquet, write /model/model.json, and beside it which table that was."""
    path = places.DATA / "train.parquet"
    table = pq.read_table(path, columns=[*bins.FEATURES, "date", "late"], use_threads=False)
    late = table.column("late").to_numpy().astype("float32")
    day = table.column("date").cast("int32").to_numpy()
    fitted = model.fit(bins.encode(table), late, day, places.SEED)
    fitted.save(places.MODEL / "model.json")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    trained_on = {"table": path.name, "sha256": digest, "rows": table.num_rows, "seed": places.SEED}
    (places.MODEL / "trained_on.json").write_text(json.dumps(trained_on, indent=1) + "\n")
    print(f"fitted on {table.num_rows:,} flights of {day.max() - day.min() + 1} days, seed {places.SEED}")


if __name__ == "__main__":
    main()
