"""Ten million items a side are compared within four gigabytes, the whole process."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

ITEMS = 10_000_000


@pytest.mark.slow
def test_ten_million_text_ids_in_another_order_are_compared_within_4_gb(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    easy = rng.normal(size=ITEMS).astype(np.float32)
    for name, shift, order in (("a", 0.0, np.arange(ITEMS)), ("b", 0.01, rng.permutation(ITEMS))):
        correct = easy[order] + shift + rng.normal(size=ITEMS).astype(np.float32) > 0
        ids = pc.binary_join_element_wise("item", pa.array(order).cast(pa.string()), "-")
        table = pa.table({"id": ids, "correct": correct, "doc": order // 50})
        pq.write_table(table, tmp_path / f"{name}.parquet")
        del table, ids, correct
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    command = [sys.executable, "-m", "heldout", "compare", "a.parquet", "b.parquet", "--cluster", "doc", "--json"]
    ran = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    found = json.loads(ran.stdout)
    assert found["items"] == ITEMS
    assert found["pairs"][0]["clusters"] == ITEMS // 50
    assert found["pairs"][0]["outcome"] == "ahead"
    assert before < peak < 4 * 2**20, "in KB"
