import numpy as np
import pytest
from scipy import special

from heldout.stats import METRICS, BadSample, clustered_standard_error, score_estimate
from heldout.stats.metrics.cells import RATIOS, f_ratio, ratio_named, unseen


@pytest.mark.parametrize("name", [*RATIOS, "f1", "f_beta:2"])
def test_the_gradient_of_a_ratio_is_its_derivative_by_each_cell(name):
    ratio, cells = ratio_named(name), np.array([[40.0, 7.0, 5.0, 12.0]])
    _, (gradient,) = ratio.of(cells)
    for place in range(4):
        step = np.eye(4)[place] * 1e-4
        (up,), (down,) = ratio.of(cells + step)[0], ratio.of(cells - step)[0]
        assert gradient[place] == pytest.approx((up - down) / 2e-4, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("name", [*RATIOS, "f1"])
def test_a_ratio_over_nothing_has_no_value(name):
    assert np.isnan(ratio_named(name).of(np.zeros((1, 4)))[0]).all()


@pytest.mark.parametrize("beta", [0, -1, float("inf"), float("nan")])
def test_a_beta_that_is_none_is_refused(beta):
    with pytest.raises(BadSample, match="no beta"):
        f_ratio(beta)


def test_what_is_unseen_is_the_variance_of_a_share_with_one_more_of_either_kind():
    cells = np.array([[90.0, 0, 0, 10], [90, 0, 10, 0], [80, 10, 5, 5]])
    share = 11 / 12
    assert unseen(RATIOS["recall"], cells) == pytest.approx([share * (1 - share) / 10, share * (1 - share) / 10, 0])


def flat_world(wrong=0):
    """400 negative rows, one in eight called positive, and 10 positive ones of which `wrong` are called negative."""
    label = np.repeat([0, 1], [400, 10])
    called = np.where(np.arange(410) % 8 == 0, 1, 0)
    called[400:] = np.arange(10) >= wrong
    return label, called.astype(float)


def test_a_class_that_is_always_called_right_does_not_narrow_the_interval_of_balanced_accuracy():
    flat, other = (score_estimate("balanced_accuracy", *flat_world(wrong)) for wrong in (0, 1))
    assert flat.high - flat.low > 0.7 * (other.high - other.low)
    label, called = flat_world()
    influence = METRICS["balanced_accuracy"].influence(label, called)
    variance = clustered_standard_error(influence) ** 2 + 11 / 144 / 10 / 4
    share = flat.value
    half = special.stdtrit(409, 0.975) * np.sqrt(variance) / (share * (1 - share))
    assert flat.high == pytest.approx(special.expit(special.logit(share) + half), rel=1e-9)


def test_a_class_that_is_always_called_right_counts_by_its_clusters():
    label, called = flat_world()
    rows = np.repeat(np.arange(410), 3)
    once = score_estimate("balanced_accuracy", label, called)
    thrice = score_estimate("balanced_accuracy", label[rows], called[rows], rows)
    naive = score_estimate("balanced_accuracy", label[rows], called[rows])
    assert thrice.high - thrice.low == pytest.approx(once.high - once.low, rel=0.15)
    assert naive.high - naive.low < 0.6 * (once.high - once.low)


def test_balanced_accuracy_covers_where_a_small_class_is_often_called_right():
    rng, covered, worlds = np.random.default_rng(0), 0, 400
    for _ in range(worlds):
        label = np.repeat([0, 1], [190, 10])
        called = np.where(rng.random(200) < np.where(label == 1, 0.9, 0.05), 1.0, 0.0)
        estimate = score_estimate("balanced_accuracy", label, called)
        covered += estimate.low <= (0.9 + 0.95) / 2 <= estimate.high
    assert covered / worlds > 0.92  # .67 without what is unseen
