"""python train.py: fits the model to 200,000 random flights."""

import json
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import features
import model

ROWS = 200_000


def main():
    data, out = os.environ.get("HELDOUT_DATA", "/data"), os.environ.get("HELDOUT_MODEL", "/model")
    rng = np.random.default_rng(int(os.environ.get("HELDOUT_SEED", "0")))
    table = features.read(f"{data}/train.parquet", ["late"])
    table = table.take(np.sort(rng.permutation(table.num_rows)[:ROWS]))
    known = features.learn(table)
    weights = model.fit(features.encode(table, known), table.column("late").to_numpy().astype(np.float32))
    with open(f"{out}/weights.json", "w") as file:
        json.dump({"known": known, "weights": weights.tolist()}, file)


if __name__ == "__main__":
    main()
