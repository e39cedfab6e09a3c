import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.stats.calibration import brier_decomposition, scaled_brier
from heldout.stats.sample import BadSample

SCORES = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=40)


def rows(drawn):
    return np.array([y for _, y in drawn], float), np.array([p / 10 for p, _ in drawn])


def world(seed, n=500):
    rng = np.random.default_rng(seed)
    score = rng.random(n)
    return (rng.random(n) < score**1.5).astype(float), score


@given(SCORES)
def test_the_parts_add_up_to_the_brier_score_by_distinct_scores(drawn):
    label, score = rows(drawn)
    parts = brier_decomposition(label, score)
    assert parts.brier == pytest.approx(np.mean((score - label) ** 2))
    assert parts.within_bins == pytest.approx(0, abs=1e-12)
    assert parts.reliability >= 0
    assert -1e-12 <= parts.resolution <= parts.uncertainty + 1e-12
    assert (parts.skill is None) == (label.min() == label.max())


@given(SCORES)
def test_calling_the_other_class_positive_changes_no_part(drawn):
    label, score = rows(drawn)
    one, other = brier_decomposition(label, score), brier_decomposition(1 - label, 1 - score)
    for part in ("brier", "reliability", "resolution", "uncertainty"):
        assert getattr(one, part) == pytest.approx(getattr(other, part), abs=1e-12)


def test_parts_in_bins_are_those_of_a_plain_loop():
    label, score = world(0)
    parts = brier_decomposition(label, score, bins=10)
    reliability = resolution = 0.0
    for low in np.arange(10) / 10:
        inside = (score >= low) & (score < low + 0.1)
        reliability += inside.sum() * (score[inside].mean() - label[inside].mean()) ** 2
        resolution += inside.sum() * (label[inside].mean() - label.mean()) ** 2
    assert parts.reliability == pytest.approx(reliability / 500)
    assert parts.resolution == pytest.approx(resolution / 500)
    assert parts.within_bins == pytest.approx(parts.brier - parts.reliability + parts.resolution - parts.uncertainty)
    assert parts.bins == 10


def test_with_midpoints_the_score_is_that_of_the_midpoints_as_cran_verification_has_it():
    label, score = world(1)
    middle = np.minimum(np.floor(score * 10), 9) / 10 + 0.05
    parts = brier_decomposition(label, score, bins=10, representative="midpoint")
    assert parts.brier == pytest.approx(np.mean((middle - label) ** 2))
    assert parts.within_bins == pytest.approx(0, abs=1e-12)
    assert parts.reliability == pytest.approx(brier_decomposition(label, middle).reliability)


def test_the_correction_takes_out_what_small_bins_add_to_reliability():
    plain, corrected = [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        score = rng.integers(1, 10, 90) / 10
        label = (rng.random(90) < score).astype(float)
        plain.append(brier_decomposition(label, score).reliability)
        corrected.append(brier_decomposition(label, score, bias_corrected=True).reliability)
    assert np.mean(plain) > 0.01
    assert abs(np.mean(corrected)) < 0.002


def test_corrected_parts_still_add_up():
    label, score = world(2)
    parts = brier_decomposition(label, np.round(score, 1), bias_corrected=True)
    assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(parts.brier)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_row_order_changes_nothing(strategy):
    label, score = world(3)
    order = np.random.default_rng(0).permutation(500)
    one = brier_decomposition(label, score, bins=7, strategy=strategy)
    other = brier_decomposition(label[order], score[order], bins=7, strategy=strategy)
    assert one.reliability == pytest.approx(other.reliability)
    assert one.resolution == pytest.approx(other.resolution)


def test_the_scaled_score_is_the_skill_and_its_interval_covers():
    label, score = world(4)
    assert scaled_brier(label, score).value == pytest.approx(brier_decomposition(label, score).skill)
    big_label, big_score = world(99, 400_000)
    truth = scaled_brier(big_label, big_score).value
    covered = 0
    for seed in range(300):
        interval = scaled_brier(*world(seed, 300))
        covered += interval.low <= truth <= interval.high
    assert 0.91 < covered / 300 < 0.985


def test_the_scaled_score_counts_clusters_and_knows_no_constant_label():
    label, score = world(5)
    wide = scaled_brier(np.repeat(label, 9), np.repeat(score, 9), np.repeat(np.arange(500), 9))
    once = scaled_brier(label, score)
    assert (wide.low, wide.high) == pytest.approx((once.low, once.high))
    assert "one class" in scaled_brier([1, 1], [0.5, 0.6]).undefined_because


@pytest.mark.parametrize(
    ("label", "score", "more", "says"),
    [
        ([0, 1], [0.5, 1.5], {}, "no probability"),
        ([0, 1], [0.5, float("nan")], {}, "not finite"),
        ([0, 2], [0.5, 0.5], {}, "neither 0 nor 1"),
        ([0], [0.5, 0.5], {}, "1 labels and 2 scores"),
        ([], [], {}, "empty"),
        ([0, 1], [[0.5, 0.5]], {}, "score has 2 axes"),
        ([0, 1], [0.5, 0.5], {"bins": 0}, "no number of bins"),
        ([0, 1], [0.5, 0.5], {"bins": 2.5}, "no number of bins"),
        ([0, 1], [0.5, 0.5], {"bins": [0, 0.7, 0.3, 1]}, "edges"),
        ([0, 1], [0.5, 0.5], {"bins": 3, "strategy": "kmeans"}, "no strategy"),
        ([0, 1], [0.5, 0.5], {"representative": "median"}, "no representative"),
        ([0, 1], [0.5, 0.5], {"representative": "midpoint"}, "no midpoint"),
        ([0], [0.5], {"bias_corrected": True}, "two rows"),
    ],
)
def test_what_is_no_sample_is_refused(label, score, more, says):
    with pytest.raises(BadSample, match=says):
        brier_decomposition(label, score, **more)
