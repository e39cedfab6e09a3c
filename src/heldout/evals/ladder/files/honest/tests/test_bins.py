import unittest

import numpy as np

from forecast import bins


def learned():
    table = {"number": np.arange(100.0) % 7, "text": np.array(["a"] * 60 + ["b"] * 38 + ["rare"] * 2, dtype=object)}
    return bins.learn(table, None)


class Bins(unittest.TestCase):
    def test_each_of_few_values_has_a_bin_of_its_own(self):
        codes = learned().encode({"number": np.arange(7.0), "text": np.array(["a"] * 7, dtype=object)})
        self.assertEqual(codes["number"].tolist(), [0, 1, 2, 3, 4, 5, 6])

    def test_what_is_missing_or_new_has_the_last_bin(self):
        table = {"number": np.array([np.nan, 3.0]), "text": np.array(["never seen", "rare"], dtype=object)}
        codes = learned().encode(table)
        self.assertEqual(codes["number"][0], learned().count("number") - 1)
        self.assertEqual(codes["text"].tolist(), [2, 2])

    def test_a_number_that_goes_along_with_time_is_left_out(self):
        order = np.arange(200.0)
        table = {"month": np.floor(order / 20), "steady": order % 5}
        self.assertEqual(bins.learn(table, order).features, ["steady"])
        self.assertEqual(bins.learn(table, None).features, ["month", "steady"])
