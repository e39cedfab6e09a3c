"""Write readings of machines whose failures are planted, or score a model on the parts of a split of them.

    python scripts/machine_readings.py write readings.parquet
    python scripts/machine_readings.py score readings-split

A machine's traits tell which one it is and nothing else; how often it fails is its own, so a model that has met a
machine knows more of it than of a new one. What a model is worth on new machines is measured on 400 of them.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

FEATURES = ["load", "trait_a", "trait_b", "trait_c"]


def readings(machines: int, seed: int) -> pd.DataFrame:
    """Draw 20 readings of each machine over half a year."""
    rng = np.random.default_rng(seed)
    machine = np.repeat(np.arange(machines), 20)
    traits, own = rng.normal(size=(machines, 3)), 1.6 * rng.normal(size=machines)
    load = rng.normal(size=len(machine))
    fails = rng.random(len(machine)) < 1 / (1 + np.exp(1.0 - 0.9 * load - own[machine]))
    return pd.DataFrame(
        {
            "machine": [f"m{number:03d}" for number in machine],
            "read_at": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 181, len(machine)), unit="D"),
            "load": load.round(3),
            **{f"trait_{name}": traits[machine, i].round(3) for i, name in enumerate("abc")},
            "fails": fails.astype(int),
        }
    )


def score(folder: Path) -> None:
    """Fit on train, and print the AUC on test beside that on new machines."""
    train, test = (pd.read_parquet(folder / f"{name}.parquet") for name in ("train", "test"))
    model = RandomForestClassifier(300, min_samples_leaf=5, random_state=0).fit(train[FEATURES], train["fails"])
    new = readings(machines=400, seed=1)
    for name, rows in (("test", test), ("400 new machines", new)):
        print(f"AUC on {name}: {roc_auc_score(rows['fails'], model.predict_proba(rows[FEATURES])[:, 1]):.2f}")


if __name__ == "__main__":
    command, path = sys.argv[1], Path(sys.argv[2])
    if command == "write":
        readings(machines=200, seed=0).to_parquet(path, index=False)
    else:
        score(path)
