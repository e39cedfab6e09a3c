import unittest

import pyarrow as pa

from delays import bins


def table(**given):
    row = {"hour": 8, "distance": 500, "precip": 0.0, "visib": 10.0, "humid": 60.0, "carrier": "UA", "origin": "JFK"}
    return pa.table({name: [value] for name, value in {**row, **given}.items()})


class Bins(unittest.TestCase):
    def test_a_value_on_an_edge_opens_its_bin(self):
        self.assertEqual(bins.encode(table(distance=199))["distance"][0], 0)
        self.assertEqual(bins.encode(table(distance=200))["distance"][0], 1)

    def test_what_is_missing_has_a_bin_of_its_own(self):
        without = table().set_column(2, "precip", pa.array([None], pa.float64()))
        self.assertEqual(bins.encode(without)["precip"][0], bins.count("precip") - 1)

    def test_a_carrier_that_was_never_seen_goes_where_the_missing_go(self):
        self.assertEqual(bins.encode(table(carrier="??"))["carrier"][0], bins.count("carrier") - 1)


if __name__ == "__main__":
    unittest.main()
