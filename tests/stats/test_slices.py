import numpy as np
import pytest

from heldout.stats import METRICS, BadSample, score_estimate
from heldout.stats.slices import slice_contrast


def world(seed, n=2000, ratio=1.0):
    rng = np.random.default_rng(seed)
    inside = rng.random(n) < 0.3
    label = rng.normal(size=n)
    return label, label + rng.normal(size=n) * np.where(inside, ratio, 1.0), inside


@pytest.mark.parametrize("metric", METRICS)
def test_both_sides_are_scored_as_they_are_alone(metric):
    rng = np.random.default_rng(0)
    label, score = rng.integers(0, 2, 300).astype(float), rng.random(300)
    label += METRICS[metric].task == "regression"  # a percentage of 0 does not exist
    inside = np.arange(300) < 120
    contrast = slice_contrast(metric, label, score, inside)
    assert contrast.inside == score_estimate(metric, label[inside], score[inside])
    assert contrast.outside == score_estimate(metric, label[~inside], score[~inside])
    perfect = METRICS[metric].perfect
    errors = [abs(perfect - side.value) for side in (contrast.inside, contrast.outside)]
    assert contrast.error_ratio.value == pytest.approx(errors[0] / errors[1])
    turned = slice_contrast(metric, label, score, ~inside)
    assert turned.error_ratio.low == pytest.approx(1 / contrast.error_ratio.high)


def test_the_ratio_covers_the_planted_one_and_its_test_keeps_its_level():
    covered = rejected = 0
    for seed in range(300):
        contrast = slice_contrast("mean_absolute_error", *world(seed, ratio=1.25))
        covered += contrast.error_ratio.low <= 1.25 <= contrast.error_ratio.high
        rejected += contrast.p_above(1.25) <= 0.05
    assert 0.92 < covered / 300 < 0.98
    assert rejected / 300 < 0.085


def test_rows_outside_may_be_named_and_clusters_may_lie_on_both_sides():
    label, score, inside = world(1)
    outside = ~inside & (np.arange(2000) % 2 == 0)
    some = slice_contrast("mean_absolute_error", label, score, inside, outside=outside)
    assert some.outside.n == outside.sum()
    nine = [np.repeat(x, 9) for x in (label, score, inside)]
    wide = slice_contrast("mean_absolute_error", *nine, cluster=np.repeat(np.arange(2000), 9))
    assert wide.log_standard_error == pytest.approx(
        slice_contrast("mean_absolute_error", label, score, inside).log_standard_error
    )


@pytest.mark.parametrize(
    ("label", "inside", "says"),
    [
        ([0, 1] * 30, [False] * 60, "no rows"),
        ([0, 1] * 30, [True] * 9 + [False] * 51, "are needed"),
        ([1] * 30 + [0, 1] * 15, [True] * 30 + [False] * 30, "one class"),
    ],
)
def test_a_side_without_a_score_leaves_the_ratio_undefined(label, inside, says):
    contrast = slice_contrast("roc_auc", label, np.arange(60) * 7 % 60, inside)
    assert says in contrast.error_ratio.undefined_because
    assert contrast.p_above(1.2) is None


def test_masks_that_fit_no_rows_are_refused():
    with pytest.raises(BadSample, match="inside has shape"):
        slice_contrast("accuracy", [0, 1], [0.1, 0.2], [0, 2])
    with pytest.raises(BadSample, match="inside the slice and outside"):
        slice_contrast("accuracy", [0, 1], [0.1, 0.2], [True, False], outside=[True, True])
    with pytest.raises(BadSample, match="no metric"):
        slice_contrast("auc", [0, 1], [0.1, 0.2], [True, False])
