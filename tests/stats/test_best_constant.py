import numpy as np
import pytest

from heldout.stats.best_constant import PERFECT_CONSTANTS, best_constant
from heldout.stats.metrics import METRICS, metric_named
from heldout.stats.sample import BadSample, Undefined

LABEL = (np.arange(200) < 60).astype(float)


def value(metric, constant):
    try:
        return metric_named(metric).value(LABEL, np.full(200, constant))
    except Undefined:
        return None


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.task == "binary"])
def test_no_other_constant_is_better(name):
    better = METRICS[name].higher_is_better
    values = [found for constant in np.linspace(0, 1, 101) if (found := value(name, constant)) is not None]
    ours = value(name, best_constant(name, LABEL))
    assert ours is None or ours == pytest.approx(max(values) if better else min(values))
    assert (ours == 1) == (name in PERFECT_CONSTANTS)


def test_numbers_have_the_median_for_absolute_errors_and_else_the_mean():
    label = [0.0, 1.0, 5.0]
    assert best_constant("mean_absolute_error", label) == 1
    assert best_constant("root_mean_squared_error", label) == 2
    with pytest.raises(BadSample):
        best_constant("accuracy", [0, np.nan])
