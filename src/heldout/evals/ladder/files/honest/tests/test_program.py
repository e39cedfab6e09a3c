import csv
import hashlib
import json
import tempfile
import unittest
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forecast import columns, evaluate, model, places, predict, train


def rows(count=400, seed=0):
    draw = np.random.default_rng(seed)
    table = {name: draw.normal(size=count) for name in (columns.TIME, columns.CLUSTER) if name}
    table |= {name: draw.normal(size=count) for name in columns.NUMBERS}
    table |= {name: draw.choice(["a", "b"], count) for name in columns.TEXTS}
    table |= {name: [datetime(2024, 1, 1) + timedelta(hours=row) for row in range(count)] for name in columns.TIMES}
    table[columns.KEY] = [f"r{row}" for row in range(count)]
    label = draw.integers(0, 2, count)
    table[columns.TARGET] = label.astype(float)
    if columns.POSITIVE is not None:
        others = {str: "another", bool: columns.POSITIVE is False}
        other = others.get(type(columns.POSITIVE), 7 if columns.POSITIVE != 7 else 8)
        table[columns.TARGET] = [columns.POSITIVE if one else other for one in label.tolist()]
    return pa.table(table)


class Program(unittest.TestCase):
    def test_what_was_trained_predicts_and_says_which_table_it_saw(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            pq.write_table(rows(), folder / "train.parquet")
            pq.write_table(rows(seed=1).drop_columns([columns.TARGET]), folder / "features.parquet")
            with mock.patch.multiple(places, DATA=folder, MODEL=folder, OUT=folder):
                train.main()
                predict.main()
                evaluate.main()
            predicted = pq.read_table(folder / "predictions.parquet").column("prediction").to_numpy()
            said = json.loads((folder / "trained_on.json").read_text())
            self.assertEqual(said["sha256"], hashlib.sha256((folder / "train.parquet").read_bytes()).hexdigest())
            with (folder / "held_back.csv").open() as file:
                held_back = list(csv.reader(file))
        self.assertEqual(len(predicted), 400)
        self.assertTrue(np.isfinite(predicted).all())
        if model.IS_CHANCE:
            self.assertTrue(((predicted > 0) & (predicted < 1)).all())
        self.assertGreater(len(held_back), 50)

    def test_held_back_rows_are_the_latest_or_whole_groups(self):
        order, group = np.arange(100.0), np.arange(100) // 5
        self.assertEqual(np.flatnonzero(evaluate.held_back(order, group, 0)).min(), 75)
        drawn = evaluate.held_back(None, group, 0)
        self.assertFalse(set(group[drawn]) & set(group[~drawn]))


if __name__ == "__main__":
    unittest.main()
