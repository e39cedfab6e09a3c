import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as oracle

from heldout.stats import BadSample
from heldout.stats.metrics.operating_points import precision_at_recall, recall_at_precision


def world(seed, n=300):
    rng = np.random.default_rng(seed)
    label = rng.random(n) < 0.3
    return label, np.round(1.5 * label + rng.normal(0, 1, n), 1)


@st.composite
def scored(draw):
    label = np.array(draw(st.lists(st.integers(0, 1), min_size=2, max_size=25).filter(any)))
    return label, np.array(draw(st.lists(st.integers(0, 6), min_size=label.size, max_size=label.size)))


def curve(label, score):
    """scikit-learn's curve without its last point, where nothing is called."""
    precision, recall, threshold = oracle.precision_recall_curve(label, score)
    return list(zip(precision[:-1], recall[:-1], threshold, strict=True))


@given(scored(), st.sampled_from([0.2, 0.5, 0.75, 1.0]))
def test_the_best_recall_is_that_of_scikit_learns_curve(sample, asked):
    label, score = sample
    good = [(r, p, t) for p, r, t in curve(label, score) if p >= asked]
    got = recall_at_precision(label, score, asked)
    if not good:
        assert got.estimate.value is None
        assert f"no threshold reaches a precision of {asked:g}" in got.estimate.undefined_because
        return
    assert (got.recall, got.precision, got.threshold) == pytest.approx(max(good))
    assert got.estimate.value == got.recall


@given(scored(), st.sampled_from([0.2, 0.5, 0.75, 1.0]))
def test_the_best_precision_is_that_of_scikit_learns_curve(sample, asked):
    label, score = sample
    got = precision_at_recall(label, score, asked)
    assert (got.precision, got.recall, got.threshold) == pytest.approx(
        max((p, r, t) for p, r, t in curve(label, score) if r >= asked)
    )
    assert got.estimate.value == got.precision


@pytest.mark.parametrize("function", [recall_at_precision, precision_at_recall])
def test_the_interval_holds_the_value_repeats_and_widens_with_clusters_that_agree(function):
    label, score = world(0)
    once = function(label, score, 0.6, replicates=300)
    assert once == function(label, score, 0.6, replicates=300)
    assert once != function(label, score, 0.6, replicates=300, seed=1)
    assert 0 <= once.estimate.low < once.estimate.value < once.estimate.high <= 1
    rows = np.repeat(np.arange(300), 4)
    four = function(label[rows], score[rows], 0.6, cluster=rows, replicates=300)
    naive = function(label[rows], score[rows], 0.6, replicates=300)
    assert four.estimate.value == once.estimate.value
    assert four.estimate.high - four.estimate.low == pytest.approx(once.estimate.high - once.estimate.low, rel=0.15)
    assert naive.estimate.high - naive.estimate.low < 0.7 * (once.estimate.high - once.estimate.low)


@pytest.mark.parametrize("function", [recall_at_precision, precision_at_recall])
def test_a_strictly_increasing_transform_moves_the_threshold_alone(function):
    label, score = world(1)
    there, back = (function(label, given, 0.6, replicates=50) for given in (score, np.exp(score)))
    assert there.estimate == back.estimate
    assert back.threshold == pytest.approx(np.exp(there.threshold))


def best_recall_of_the_population(asked):
    """The recall at which the two normal tails of `world`'s kind have a precision of `asked`."""
    cut = np.linspace(-3, 4, 70_001)
    hit, false = 0.3 * stats.norm.sf(cut - 1.5), 0.7 * stats.norm.sf(cut)
    return (hit / 0.3)[hit / (hit + false) >= asked].max()


def test_the_interval_covers_the_best_recall_of_the_population():
    truth, missed = best_recall_of_the_population(0.7), 0
    for seed in range(100):
        rng = np.random.default_rng(100 + seed)
        label = rng.random(400) < 0.3
        score = 1.5 * label + rng.normal(0, 1, 400)
        estimate = recall_at_precision(label, score, 0.7, replicates=200).estimate
        missed += not estimate.low <= truth <= estimate.high
    assert missed <= 12  # 5 are expected; 13 or more would be seen once in a thousand runs


def test_what_cannot_be_known_is_undefined_with_its_reason():
    few = recall_at_precision([1] * 5 + [0] * 40, np.arange(45), 0.1)
    assert few.recall == 1
    assert "5 rows" in few.estimate.undefined_because
    label, score = world(2)
    alone = precision_at_recall(label, score, 0.5, cluster=np.zeros(300))
    assert "there is 1" in alone.estimate.undefined_because
    none = precision_at_recall(np.zeros(40), np.arange(40), 0.5)
    assert none.threshold is None
    assert "no row is positive" in none.estimate.undefined_because


@pytest.mark.parametrize("function", [recall_at_precision, precision_at_recall])
@pytest.mark.parametrize(
    ("label", "asked", "more", "says"),
    [
        ([0, 1], 0, {}, "to ask for"),
        ([0, 1], 1.2, {}, "to ask for"),
        ([0, 1], float("nan"), {}, "is nan"),
        ([0, 2], 0.5, {}, "the label 2 is neither 0 nor 1"),
        ([0, 1, 1], 0.5, {}, "3 labels and 2 scores"),
        ([0, 1], 0.5, {"level": 1}, "a number between 0 and 1"),
        ([0, 1], 0.5, {"replicates": 0}, "replicates is 0"),
    ],
)
def test_what_is_no_point_to_ask_for_is_refused(function, label, asked, more, says):
    with pytest.raises(BadSample, match=says):
        function(label, [0.2, 0.3], asked, **more)
