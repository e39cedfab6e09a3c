import hashlib
import json
import tempfile
import unittest
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from delays import places, predict, train


def flights(rows=400, seed=0):
    draw = np.random.default_rng(seed)
    return pa.table(
        {
            "flight_id": range(rows),
            "date": [date(2013, 1, 1) + timedelta(days=row % 40) for row in range(rows)],
            "hour": draw.integers(5, 24, rows),
            "distance": draw.integers(100, 2500, rows),
            "precip": draw.choice([0.0, 0.1, None], rows).astype(float),
            "visib": draw.uniform(0, 10, rows),
            "humid": draw.uniform(30, 100, rows),
            "carrier": draw.choice(["UA", "B6", "??"], rows),
            "origin": draw.choice(["EWR", "JFK"], rows),
            "late": draw.integers(0, 2, rows),
        }
    )


class Program(unittest.TestCase):
    def test_what_was_trained_predicts_and_says_which_table_it_saw(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            pq.write_table(flights(), folder / "train.parquet")
            pq.write_table(flights(seed=1).drop_columns(["late", "date"]), folder / "features.parquet")
            with mock.patch.multiple(places, DATA=folder, MODEL=folder, OUT=folder):
                train.main()
                predict.main()
            predicted = pq.read_table(folder / "predictions.parquet").column("prediction").to_numpy()
            said = json.loads((folder / "trained_on.json").read_text())
            self.assertEqual(said["sha256"], hashlib.sha256((folder / "train.parquet").read_bytes()).hexdigest())
        self.assertEqual(len(predicted), 400)
        self.assertTrue(((predicted > 0) & (predicted < 1)).all())


if __name__ == "__main__":
    unittest.main()
