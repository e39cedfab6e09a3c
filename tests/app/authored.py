"""Tables for tests of `heldout eval new`, and evals written from them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from heldout.app.eval_asked import EvalAsked
from heldout.app.eval_new import Authored, author
from heldout.core.lift import LiftScale

ROWS = 4000


def clean(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """A clean table: 100 days, users, a number that tells something of the label, and ids that tell nothing."""
    rng = np.random.default_rng(seed)
    user = rng.integers(0, 200, rows)
    x = rng.normal(size=rows)
    chance = 1 / (1 + np.exp(-(1.2 * x + 0.5 * rng.normal(size=200)[user])))
    return pd.DataFrame(
        {
            "number": rng.permutation(10 * rows)[:rows],
            "code": [f"k{key:010x}" for key in rng.permutation(rows) * 7919 + 2**30],
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 100 * 24 * 60, rows), unit="min"),
            "user": [f"u{one}" for one in user],
            "x": x,
            "kind": rng.choice(list("abcde"), rows),
            "after": x + rng.normal(size=rows),
            "y": (rng.random(rows) < chance).astype(int),
        }
    )


def write(folder: Path, frame: pd.DataFrame, **asked: Any) -> Authored:
    """Write an eval to `folder`/eval from a frame; options as `EvalAsked`."""
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / "table.parquet")
    given = {
        "data": folder / "table.parquet",
        "target": "y",
        "scale": LiftScale.RELATIVE,
        "objective": "Say how likely y is.",
        "known": ("when", "user", "x", "kind"),
        "minimum": 0.02,
        "target_lift": 0.2,
        "seed": 1,
    }
    return author(EvalAsked(**{**given, **asked}), folder / "eval")
