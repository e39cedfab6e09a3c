import tempfile
import unittest
from pathlib import Path

import numpy as np

from forecast import drift, model


def world(rows=4000, seed=0):
    """Rows whose outcome goes along with one column, and with no other."""
    draw = np.random.default_rng(seed)
    table = {"telling": draw.normal(size=rows), "idle": draw.choice(["a", "b"], rows).astype(object)}
    inner = 1.5 * table["telling"]
    chance = draw.random(rows) < 1 / (1 + np.exp(-inner))
    label = chance.astype(float) if model.IS_CHANCE else inner + draw.normal(size=rows)
    return table, label, draw.integers(0, 40, rows)


class Fit(unittest.TestCase):
    def test_it_finds_what_tells_of_the_outcome(self):
        table, label, group = world()
        fitted = model.fit(table, label, group, None, seed=1)
        table, label, _ = world(seed=9)
        predicted = fitted.predict(fitted.bins.encode(table))
        self.assertGreater(np.corrcoef(predicted, label)[0, 1], 0.4)

    def test_the_same_seed_gives_the_same_model_and_another_seed_another(self):
        one, again, other = (model.fit(*world(), None, seed=seed) for seed in (1, 1, 2))
        self.assertTrue(np.array_equal(one.weights, again.weights))
        self.assertEqual(one.boosted, again.boosted)
        self.assertFalse(np.array_equal(one.weights, other.weights))

    def test_rows_without_a_label_are_not_learned_from(self):
        table, label, group = world()
        label[::5] = np.nan
        self.assertTrue(np.isfinite(model.fit(table, label, group, None, seed=1).weights).all())

    def test_a_saved_model_says_the_same(self):
        table, label, group = world()
        fitted = model.fit(table, label, group, None, seed=1)
        with tempfile.TemporaryDirectory() as folder:
            fitted.save(Path(folder) / "model.json")
            read = model.Model.load(Path(folder) / "model.json")
        codes = fitted.bins.encode(table)
        self.assertTrue(np.array_equal(fitted.predict(codes), read.predict(codes)))


class Drift(unittest.TestCase):
    def test_the_training_table_has_not_moved_and_a_shifted_one_has(self):
        table, label, group = world()
        fitted = model.fit(table, label, group, None, seed=1)
        still = fitted.bins.encode(table)["telling"]
        moved = fitted.bins.encode(table | {"telling": table["telling"] + 3})["telling"]
        self.assertLess(drift.stability(fitted.shares["telling"], still), 1e-9)
        self.assertGreater(drift.stability(fitted.shares["telling"], moved), 0.25)
