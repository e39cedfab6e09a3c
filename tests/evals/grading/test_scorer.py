from pathlib import Path

import numpy as np
import pyarrow.parquet
from tests.evals import tiny

from heldout.evals.grading.scorer import answer


def test_a_rerun_that_failed_is_the_lowest_class_and_no_crash(tmp_path: Path) -> None:
    folder = tiny.write_eval(tmp_path / "eval", rows=300, days=60).parent
    features = folder / "data" / "final.parquet"
    rows = pyarrow.parquet.read_table(features).num_rows
    for name in ("candidate", "baseline"):
        np.save(tmp_path / f"{name}.npy", np.random.default_rng(len(name)).random(rows))
    candidate, baseline = str(tmp_path / "candidate.npy"), str(tmp_path / "baseline.npy")
    said = answer(
        {
            "question": "lift",
            "metric": "roc_auc",
            "target": {"scale": "relative", "minimum": 0.02, "target": 0.05, "confidence": 0.95},
            "table": {
                "features": str(features),
                "answers": str(folder / "answers" / "final.parquet"),
                "key": "id",
                "target": "late",
                "positive": 1,
                "cluster": "day",
            },
            "candidate": [candidate],
            "baseline": [baseline],
            "reruns": [candidate],
            "same_bytes": False,
            "failure": "train (again, 1) with seed 7 ended with exit code 1",
            "epsilon": 1e-9,
            "delta": None,
            "lowest": "tolerance",
        }
    )
    assert said["rerun"]["reproducibility"] == "fails"
    assert said["rerun"]["largest_difference"] is None
    assert "exit code 1" in said["rerun"]["explanation"]
    assert said["decision"]["band"] == "fail"
