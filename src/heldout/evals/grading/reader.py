"""The reading process: makes a predictions file that nobody trusts into an array, within limits, without labels."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from heldout.evals.predictions import read_keys, read_predictions
from heldout.sandbox import serve

__all__ = ["answer"]


def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the predictions, in the features' order, as an array file; raises BadInput for what breaks the schema."""
    keys = read_keys(Path(request["features"]), request["key"])
    values = read_predictions(
        Path(request["predictions"]), key=request["key"], keys=keys, is_probability=request["is_probability"]
    )
    if request["array"]:
        np.save(request["array"], values, allow_pickle=False)
    return {"rows": int(values.size), "distinct": int(np.unique(values).size)}


if __name__ == "__main__":
    serve(answer)
