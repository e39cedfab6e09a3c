"""How far a table has moved from the training table, in Prometheus's text format."""

import numpy as np

from forecast.model import Model

FLOOR = 1e-4
"""The least share of a bin, so that an empty one stays finite."""


def stability(reference: np.ndarray, code: np.ndarray) -> float:
    """The population stability index of one feature: 0 where nothing moved; above 0.25 is a large move."""
    share = np.bincount(code, minlength=len(reference)) / len(code)
    now, then = np.maximum(share, FLOOR), np.maximum(reference, FLOOR)
    return float(np.sum((now - then) * np.log(now / then)))


def metrics(fitted: Model, codes: dict[str, np.ndarray], seconds: float) -> str:
    """The lines that the node exporter's textfile collector reads."""
    lines = [
        f'forecast_feature_drift_psi{{feature="{feature}"}} {stability(fitted.shares[feature], codes[feature]):.4f}'
        for feature in fitted.bins.features
    ]
    return "\n".join([*lines, f"forecast_prediction_seconds {seconds:.3f}", ""])
