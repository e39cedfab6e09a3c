import sys
import unittest
from pathlib import Path

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent.parent))

import features


class Encode(unittest.TestCase):
    def test_every_row_has_at_most_one_level_of_a_feature(self):
        table = pa.table({name: ["a", "b", None] for name in features.FEATURES})
        x = features.encode(table, features.learn(table))
        self.assertEqual(x.shape, (3, 1 + 2 * len(features.FEATURES)))
        self.assertEqual(x.sum(axis=1).tolist(), [1 + len(features.FEATURES)] * 2 + [1])


if __name__ == "__main__":
    unittest.main()
