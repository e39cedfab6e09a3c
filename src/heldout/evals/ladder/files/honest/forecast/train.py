"""Fits the model to the training table: `python -m forecast.train`."""

import hashlib
import json

from forecast import model, places, read


def main() -> None:
    """Read /data/train.parquet, write /model/model.json, and beside it which table that was."""
    path = places.DATA / "train.parquet"
    label = read.labels(path)
    fitted = model.fit(read.features(path), label, read.groups(path, len(label)), read.order(path), places.SEED)
    fitted.save(places.MODEL / "model.json")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    trained_on = {"table": path.name, "sha256": digest, "rows": len(label), "seed": places.SEED}
    (places.MODEL / "trained_on.json").write_text(json.dumps(trained_on, indent=1) + "\n")
    print(f"fitted on {len(label):,} rows, {len(fitted.bins.features)} columns, seed {places.SEED}")


if __name__ == "__main__":
    main()
