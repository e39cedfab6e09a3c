"""Write per-item results of two models on the demo's final rows, to compare: `python scripts/flights_results.py DIR`.

`rates.parquet` is the demo's baseline (a rate by carrier and hour), `careful.parquet` its careful submission; both were
trained on January to September and predict November and December. One row per flight: flight_id, date, origin, carrier,
late (15 minutes or more), probability, and log_loss of that prediction.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import heldout.demo
from heldout.demo import write_eval

DEMO = Path(heldout.demo.__file__).parent
PROGRAMS = {
    "rates": (DEMO / "baseline", ["rates.py", "train"], ["rates.py", "predict"]),
    "careful": (DEMO / "submissions" / "careful", ["-m", "delays.train"], ["-m", "delays.predict"]),
}


def predicted(world: Path, name: str) -> pa.Table:
    folder, train, predict = PROGRAMS[name]
    run = world / name
    for part in ("data", "model", "out"):
        (run / part).mkdir(parents=True)
    shutil.copy(world / "eval/data/train.parquet", run / "data/train.parquet")
    shutil.copy(world / "eval/data/final.parquet", run / "data/features.parquet")
    places = {f"HELDOUT_{part.upper()}": str(run / part) for part in ("data", "model", "out")}
    for command in (train, predict):
        environment = {**os.environ, **places, "HELDOUT_SEED": "2013", "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, *command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return pq.read_table(run / "out/predictions.parquet").sort_by("flight_id")


def main() -> None:
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        world = Path(scratch)
        write_eval(world / "eval")
        answers = pq.read_table(world / "eval/answers/final.parquet").sort_by("flight_id")
        features = pq.read_table(world / "eval/data/final.parquet", columns=["flight_id", "origin", "carrier"])
        for name in PROGRAMS:
            predictions = predicted(world, name)
            assert predictions.column("flight_id").equals(answers.column("flight_id"))
            late = answers.column("late").to_numpy()
            probability = predictions.column("prediction").to_numpy()
            loss = -np.log(np.where(late == 1, probability, 1 - probability))
            table = answers.join(features, "flight_id").sort_by("flight_id")
            table = table.append_column("probability", pa.array(probability)).append_column("log_loss", pa.array(loss))
            pq.write_table(table, target / f"{name}.parquet")
            print(f"{target / name}.parquet: {table.num_rows:,} flights")


if __name__ == "__main__":
    main()
