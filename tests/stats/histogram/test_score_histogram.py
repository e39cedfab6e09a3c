import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve
from tests.stats.histogram.samples import SHAPES, adversarial, shaped

from heldout.stats.histogram import ScoreHistogram, universal_grid
from heldout.stats.sample import BadSample, Undefined


def distance(label, score):
    below, above, _ = roc_curve(label, np.unique(score, return_inverse=True)[1], drop_intermediate=False)
    return np.abs(above - below).max()


def counts(histogram):
    return np.stack((histogram.negatives, histogram.positives))


@settings(max_examples=40, deadline=None)
@given(adversarial(), st.randoms(use_true_random=False))
def test_parts_in_any_number_and_order_merge_to_the_whole(sample, random):
    label, score = sample
    grid = universal_grid(4_096)
    whole = ScoreHistogram.of(label, score, grid)
    part_of = np.array([random.randrange(4) for _ in label])
    parts = [ScoreHistogram.of(label[part_of == p], score[part_of == p], grid) for p in np.unique(part_of)]
    random.shuffle(parts)
    merged = parts[0]
    for part in parts[1:]:
        merged = merged.merge(part)
    assert (counts(merged) == counts(whole)).all()
    assert merged.n == label.size


def test_float32_and_float64_parts_merge():
    label, score = shaped("ordinary", n=1000)
    halves = ScoreHistogram.of(label, score).merge(ScoreHistogram.of(label, score.astype(np.float64)))
    assert (counts(halves) == 2 * counts(ScoreHistogram.of(label, score))).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fit", [ScoreHistogram.of, ScoreHistogram.fitted])
def test_auc_ks_and_average_precision_lie_within_their_bounds(shape, fit):
    label, score = shaped(shape)
    histogram = fit(label, score)
    auc, ks = histogram.auc(), histogram.kolmogorov_smirnov()
    assert abs(auc.value - roc_auc_score(label, score)) <= auc.bound + 1e-12
    assert abs(ks.value - distance(label, score)) <= ks.bound + 1e-12
    precision = histogram.average_precision()
    bound = float(precision.method.split("within ")[1]) if "within" in precision.method else 0
    assert abs(precision.value - average_precision_score(label, score.astype(np.float64))) <= bound * 1.1 + 1e-12


@settings(max_examples=60, deadline=None)
@given(adversarial())
def test_ks_of_few_rows_lies_within_its_bound(sample):
    label, score = sample
    ks = ScoreHistogram.of(label, score, universal_grid(64)).kolmogorov_smirnov()
    exact = distance(label, score)
    assert ks.value - 1e-12 <= exact <= ks.value + ks.bound + 1e-12


def test_a_fitted_histogram_has_a_small_bound():
    label, score = shaped("ordinary")
    assert ScoreHistogram.fitted(label, score).auc().bound < 2e-6
    assert ScoreHistogram.of(label, score).auc().bound < 1e-4


def test_histograms_with_other_bins_do_not_merge():
    label, score = shaped("ordinary", n=100)
    with pytest.raises(BadSample, match="different bins"):
        ScoreHistogram.of(label, score).merge(ScoreHistogram.fitted(label, score))


def test_one_class_has_no_auc():
    with pytest.raises(Undefined, match="one class"):
        ScoreHistogram.of([1, 1], [0.1, 0.2]).auc()
    with pytest.raises(Undefined, match="fewer than two rows"):
        ScoreHistogram.of([1, 0, 0], [0.1, 0.2, 0.3]).delong_variance()


def test_an_empty_sample_is_refused():
    with pytest.raises(BadSample, match="empty"):
        ScoreHistogram.of([], [])
    with pytest.raises(BadSample, match="tolerance"):
        ScoreHistogram.fitted([0, 1], [0.1, 0.2], tolerance=0)
