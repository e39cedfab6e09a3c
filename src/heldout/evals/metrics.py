"""Which way a metric is better, how far it can go, and what a blind guess reaches."""

from dataclasses import dataclass

__all__ = ["SCALES", "MetricScale", "best_value", "chance_value", "direction_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricScale:
    """A metric's direction ("higher" or "lower"), its best value, and a blind guess's where that is a constant."""

    direction: str
    best: float
    chance: float | None = None


SCALES = {
    "roc_auc": MetricScale(direction="higher", best=1.0, chance=0.5),
    "average_precision": MetricScale(direction="higher", best=1.0),
    "accuracy": MetricScale(direction="higher", best=1.0),
    "log_loss": MetricScale(direction="lower", best=0.0),
    "brier_loss": MetricScale(direction="lower", best=0.0),
    "rmse": MetricScale(direction="lower", best=0.0),
    "mae": MetricScale(direction="lower", best=0.0),
}


def _scale(metric: str) -> MetricScale:
    if metric not in SCALES:
        raise ValueError(f"metric.name {metric} is not known; known are {', '.join(SCALES)}")
    return SCALES[metric]


def direction_of(metric: str) -> str:
    """Return "higher" or "lower". Raises ValueError for a metric that is not known."""
    return _scale(metric).direction


def best_value(metric: str) -> float:
    """Return a perfect model's value."""
    return _scale(metric).best


def chance_value(metric: str) -> float | None:
    """Return a blind guess's value, or None where it depends on the data."""
    return _scale(metric).chance
