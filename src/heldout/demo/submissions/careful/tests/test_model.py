import tempfile
import unittest
from pathlib import Path

import numpy as np

from delays import bins, drift, evaluate, model


def world(rows=20000, seed=0):
    """Flights that are late more often in the evening and in rain, and for no other reason."""
    draw = np.random.default_rng(seed)
    codes = {name: draw.integers(0, bins.count(name) - 1, rows) for name in bins.FEATURES}
    odds = -2 + 0.1 * codes["hour"] + 0.5 * (codes["precip"] > 2)
    late = (draw.random(rows) < 1 / (1 + np.exp(-odds))).astype("float32")
    return codes, late, draw.integers(0, 50, rows)


class Fit(unittest.TestCase):
    def test_it_finds_what_makes_flights_late(self):
        fitted = model.fit(*world(), seed=1)
        self.assertGreater(fitted.weights["hour"][17], fitted.weights["hour"][1] + 0.5)
        codes, late, _ = world(seed=9)
        self.assertGreater(evaluate.auc(late, fitted.probability(codes)), 0.6)

    def test_the_same_seed_gives_the_same_model_and_another_seed_another(self):
        one, again, other = (model.fit(*world(), seed=seed) for seed in (1, 1, 2))
        self.assertEqual(one.intercept, again.intercept)
        self.assertNotEqual(one.intercept, other.intercept)

    def test_a_saved_model_says_the_same(self):
        fitted = model.fit(*world(), seed=1)
        with tempfile.TemporaryDirectory() as folder:
            fitted.save(Path(folder) / "model.json")
            read = model.Model.load(Path(folder) / "model.json")
        codes, _, _ = world(seed=9)
        self.assertTrue(np.array_equal(fitted.probability(codes), read.probability(codes)))


class Drift(unittest.TestCase):
    def test_the_training_table_has_not_moved_and_a_shifted_one_has(self):
        codes, late, day = world()
        fitted = model.fit(codes, late, day, seed=1)
        self.assertLess(drift.stability(fitted.shares["hour"], codes["hour"]), 1e-9)
        self.assertGreater(drift.stability(fitted.shares["hour"], np.minimum(codes["hour"], 5)), 0.25)


if __name__ == "__main__":
    unittest.main()
