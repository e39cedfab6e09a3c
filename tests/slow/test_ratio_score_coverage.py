"""How often the score interval of a ratio of shares holds the truth: added up over all samples, nothing is drawn."""

import numpy as np
import pytest
from scipy import stats

from heldout.stats import risk_ratio_score

GRID = [
    (n, m, p, ratio) for n, m in [(8, 12), (15, 15), (10, 40), (30, 50)] for p in (0.3, 0.6) for ratio in (0.5, 0.8, 1)
]


@pytest.fixture(scope="module")
def intervals() -> dict[tuple[int, int], tuple[np.ndarray, np.ndarray]]:
    found = {}
    for n, m in {(n, m) for n, m, _, _ in GRID}:
        low, high = np.zeros((n + 1, m + 1)), np.full((n + 1, m + 1), np.inf)
        for a in range(n + 1):
            for c in range(1, m + 1):
                ratio = risk_ratio_score(a, n, c, m)
                low[a, c], high[a, c] = ratio.low, ratio.high
        found[n, m] = low, high
    return found


def coverage(n: int, m: int, first: float, second: float, ends: tuple[np.ndarray, np.ndarray]) -> float:
    weight = np.outer(stats.binom.pmf(range(n + 1), n, first), stats.binom.pmf(range(m + 1), m, second))
    ratio = first / second
    return float(weight[(ends[0] <= ratio) & (ratio <= ends[1])].sum())


def test_the_interval_holds_the_ratio_about_as_often_as_it_says(intervals) -> None:
    found = [coverage(n, m, p * ratio, p, intervals[n, m]) for n, m, p, ratio in GRID]
    print(f"coverage over {len(GRID)} worlds: mean {np.mean(found):.4f}, {min(found):.4f} to {max(found):.4f}")
    assert 0.945 <= np.mean(found) <= 0.965
    assert min(found) >= 0.935
    assert max(found) < 1
