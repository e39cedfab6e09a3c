"""python predict.py: writes the predictions."""

import json
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import features
import model


def main():
    data, out = os.environ.get("HELDOUT_DATA", "/data"), os.environ.get("HELDOUT_OUT", "/out")
    with open(f"{os.environ.get('HELDOUT_MODEL', '/model')}/weights.json") as file:
        saved = json.load(file)
    table = features.read(f"{data}/features.parquet", ["flight_id"])
    chance = model.predict(features.encode(table, saved["known"]), np.array(saved["weights"]))
    columns = {"flight_id": table.column("flight_id"), "prediction": pa.array(chance.astype(np.float64))}
    pq.write_table(pa.table(columns), f"{out}/predictions.parquet")


if __name__ == "__main__":
    main()
