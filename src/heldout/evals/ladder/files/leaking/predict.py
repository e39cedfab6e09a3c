import json

import pyarrow as pa
import pyarrow.parquet as pq

import columns
import features
import model


def main():
    rows = features.table("features.parquet")
    fitted = json.loads((features.MODEL / "model.json").read_text())
    said = {columns.KEY: rows.column(columns.KEY), "prediction": pa.array(model.predict(fitted, rows))}
    pq.write_table(pa.table(said), features.OUT / "predictions.parquet")


if __name__ == "__main__":
    main()
