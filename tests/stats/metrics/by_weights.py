"""The interval that a slow oracle gives: its derivative by the weight of each row, summed in clusters."""

import numpy as np
from scipy import special, stats


def derivative(oracle, weight, step=1e-5):
    """How far each row moves `oracle(weight)`, by a central difference in its weight."""
    moved = []
    for row in range(weight.size):
        up, down = weight.copy(), weight.copy()
        up[row] += step
        down[row] -= step
        moved.append(weight[row] * (oracle(up) - oracle(down)) / (2 * step))
    return np.array(moved)


def interval(oracle, weight, cluster=None, *, lowest=0.0, highest=1.0, level=0.95):
    """Value, low and high of a metric in [lowest, highest]: logit scale, log scale where highest is infinite."""
    influence, value = derivative(oracle, weight), oracle(weight)
    cluster = np.arange(weight.size) if cluster is None else cluster
    sums = np.array([influence[cluster == one].sum() for one in np.unique(cluster)])
    half = stats.t.ppf((1 + level) / 2, sums.size - 1) * np.sqrt(sums @ sums * sums.size / (sums.size - 1))
    if np.isinf(highest):
        return value, value * np.exp(-half / value), value * np.exp(half / value)
    width = highest - lowest
    share = (value - lowest) / width
    ends = special.expit(special.logit(share) + np.array([-1, 1]) * half / width / (share * (1 - share)))
    return value, *(lowest + width * ends)


def parts(estimate):
    """Value, low and high of an Estimate."""
    return estimate.value, estimate.low, estimate.high
