"""How often the readiness interval covers a learner's true mean score, and how often it calls somebody ready wrongly.

A mock's score is a weighted share of some thirty points: a learner makes each with a chance that varies from day to day
and from subject to subject. Run with `-s` for the table.
"""

import numpy as np
import pytest

from heldout.practice.mock.aim import Level
from heldout.practice.mock.readiness import BAR, FEWEST, ready_by

LEARNERS = 3000
POINTS = 30
NEAR = 0.012
"""Three standard errors of a coverage of 0.95 over LEARNERS, and rounding."""

pytestmark = pytest.mark.slow


def scores(rng: np.random.Generator, chance: float, spread: float, n: int) -> np.ndarray:
    """Return the scores of 100 of `n` mocks; `spread` is the deviation of the chance from one mock to the next."""
    share = chance * (1 - chance) / spread**2 - 1
    daily = rng.beta(chance * share, (1 - chance) * share, size=n)
    weights = rng.choice([1, 2, 3], size=(n, POINTS))
    made = rng.random((n, POINTS)) < daily[:, None]
    return np.round(100 * (weights * made).sum(axis=1) / weights.sum(axis=1), 1)


@pytest.mark.parametrize("n", [FEWEST, 5, 8])
@pytest.mark.parametrize("chance", [0.3, 0.5, 0.7, 0.85, 0.92])
@pytest.mark.parametrize("spread", [0.05, 0.12])
def test_the_interval_covers_the_true_mean(n: int, chance: float, spread: float) -> None:
    rng = np.random.default_rng([n, int(100 * chance), int(100 * spread)])
    found = [
        ready_by(list(map(float, scores(rng, chance, spread, n))), Level.SENIOR, points=POINTS).mean
        for _ in range(LEARNERS)
    ]
    covered = np.mean([one.low <= 100 * chance <= one.high for one in found])
    width = np.mean([one.high - one.low for one in found])
    print(f"n {n}, true mean {100 * chance:.0f}, spread {spread}: covers {covered:.3f}, {width:.0f} points wide")

    is_at_its_end = chance > 0.9 and spread > 0.1  # most days near 100, a few far below: eight see too few of those
    assert covered >= (0.9 if is_at_its_end else 0.95) - NEAR


@pytest.mark.parametrize("spread", [0.05, 0.12])
def test_who_is_just_below_the_bar_is_rarely_called_ready(spread: float) -> None:
    rng = np.random.default_rng(int(100 * spread))
    at_three, at_any = [], []
    for _ in range(LEARNERS):
        every = list(map(float, scores(rng, BAR / 100 - 0.001, spread, 8)))
        calls = [
            ready_by(every[:n], Level.SENIOR, points=POINTS).is_ready is True for n in range(FEWEST, len(every) + 1)
        ]
        at_three.append(calls[0])
        at_any.append(any(calls))
    print(f"spread {spread}: ready wrongly after three {np.mean(at_three):.3f}, at any look {np.mean(at_any):.3f}")

    assert np.mean(at_three) <= 0.025 + NEAR
    assert np.mean(at_any) <= 0.12
