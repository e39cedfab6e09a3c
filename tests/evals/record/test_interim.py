"""Interim scores: a new best beyond its error, a cap, and no climbing on noise."""

import numpy as np

from heldout.core.lift import Lift, LiftScale
from heldout.evals.record.interim import MOST_RELEASES, release
from heldout.stats import paired_lift

ROWS, DAYS = 2_000, 100


def improvement(rng: np.random.Generator, ours: float, best: float) -> Lift:
    label = rng.integers(0, 2, ROWS)
    day = np.repeat(np.arange(DAYS), ROWS // DAYS)
    noise = rng.normal(size=ROWS)
    scores = [label * effect + noise + rng.normal(0, 0.3, ROWS) for effect in (ours, best)]
    return paired_lift(label, *scores, metric="roc_auc", scale=LiftScale.ABSOLUTE, cluster=day, coverage_worlds=0)


def test_a_clear_new_best_is_released_until_the_cap() -> None:
    lift = improvement(np.random.default_rng(1), ours=1.5, best=0.5)

    assert [release(lift, releases=made).released for made in range(7)] == [True] * MOST_RELEASES + [False, False]
    assert "All 5 releases" in release(lift, releases=5).why


def test_a_worse_or_equal_submission_is_withheld_without_a_score() -> None:
    lift = improvement(np.random.default_rng(1), ours=0.5, best=1.5)

    withheld = release(lift, releases=0)

    assert not withheld.released
    assert not any(sign.isdigit() for sign in withheld.why)


def test_changes_that_are_noise_are_released_about_as_often_as_one_standard_error_is_exceeded() -> None:
    rng = np.random.default_rng(7)
    released = sum(release(improvement(rng, 1.0, 1.0), releases=0).released for _ in range(400))

    assert 0.09 < released / 400 < 0.24  # 16 % of normal draws lie above one standard error


def test_what_has_no_error_is_withheld_with_the_reason() -> None:
    label = np.array([0, 1] * 5)
    lift = paired_lift(label, label + 0.5, label * 1.0, metric="roc_auc", scale=LiftScale.ABSOLUTE)

    assert "cannot be told from noise" in release(lift, releases=0).why
