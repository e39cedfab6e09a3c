import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from tests.stats.histogram.samples import SHAPES, adversarial, by_pairs, shaped

from heldout.stats.histogram import auc_histogram
from heldout.stats.histogram.auc import auc_levels
from heldout.stats.histogram.binary_scores import BinaryScores
from heldout.stats.histogram.levels import exact_levels
from heldout.stats.metrics.roc_auc import auc_delong, delong_covariance, roc_auc
from heldout.stats.sample import BadSample, Undefined

every_shape = pytest.mark.parametrize("shape", SHAPES)
every_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])
binned = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@every_shape
@every_dtype
def test_the_value_lies_within_the_tolerance_and_within_the_stated_bound(shape, dtype):
    label, score = shaped(shape, dtype=dtype)
    exact = roc_auc_score(label, score)
    for tolerance in (1e-3, 1e-6):
        levels, swapped = auc_levels(BinaryScores.of(label, score), tolerance)
        bound = levels.auc_slack().sum()
        value = 1 - levels.auc() if swapped else levels.auc()
        assert bound <= tolerance
        assert abs(value - exact) <= bound + 1e-12
        assert auc_histogram(label, score, tolerance=tolerance).value == value


@every_shape
@every_dtype
def test_the_exact_form_is_exact(shape, dtype):
    label, score = shaped(shape, dtype=dtype)
    assert roc_auc(label, score) == pytest.approx(roc_auc_score(label, score), abs=1e-12)


@every_shape
def test_the_interval_is_that_of_the_exact_form(shape):
    label, score = shaped(shape)
    fast, exact = auc_histogram(label, score), auc_delong(label, score)
    if exact.low is None:
        assert fast.undefined_because == exact.undefined_because
    else:
        assert fast.high - fast.low == pytest.approx(exact.high - exact.low, rel=1e-5)


@pytest.mark.parametrize("shape", ["ordinary", "saturated", "tied"])
def test_delongs_variance_is_that_of_the_placements(shape):
    label, score = shaped(shape, n=20_000)
    levels, _ = auc_levels(BinaryScores.of(label, score), 0.0)
    assert levels.delong_variance() == pytest.approx(delong_covariance(label, [score])[0, 0], rel=1e-10)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_larger_class_may_be_either(share):
    rng = np.random.default_rng(1)
    label = rng.random(200_000) < share
    score = rng.normal(label)
    exact = roc_auc_score(label, score)
    assert auc_histogram(label, score).value == pytest.approx(exact, abs=1e-6)
    assert roc_auc(label, score) == pytest.approx(exact, abs=1e-12)


@binned
@given(adversarial(), st.sampled_from([0.0, 1e-6, 1e-2, 1.0]))
def test_the_bound_holds_for_scores_made_to_fool_the_bins(few_rows_are_many, sample, tolerance):
    label, score = sample
    levels, swapped = auc_levels(BinaryScores.of(label, score), tolerance)
    value = 1 - levels.auc() if swapped else levels.auc()
    bound = levels.auc_slack().sum()
    assert bound <= tolerance
    assert abs(value - by_pairs(label, score.astype(np.float64))) <= bound + 1e-12


@binned
@given(adversarial())
def test_binned_and_sorted_levels_give_one_variance(few_rows_are_many, sample):
    data = BinaryScores.of(*sample)
    if min(data.positives, data.n - data.positives) < 2:
        return
    levels, _ = auc_levels(data, 0.0)
    assert levels.delong_variance() == pytest.approx(exact_levels(data).delong_variance(), rel=1e-9, abs=1e-18)


def test_swapped_labels_mirror_the_auc():
    label, score = shaped("saturated")
    assert roc_auc(~label, score) == pytest.approx(1 - roc_auc(label, score), abs=1e-15)
    one, other = auc_histogram(label, score), auc_histogram(~label, score)
    assert other.value == pytest.approx(1 - one.value, abs=1e-15)
    assert other.low == pytest.approx(1 - one.high, abs=1e-12)


@every_shape
def test_row_order_does_not_matter(shape):
    label, score = shaped(shape)
    order = np.random.default_rng(2).permutation(label.size)
    assert roc_auc(label[order], score[order]) == roc_auc(label, score)
    assert auc_histogram(label[order], score[order]).value == pytest.approx(auc_histogram(label, score).value, abs=2e-6)


@pytest.mark.parametrize(
    "transform", [lambda z: 3 * z - 1, np.exp, lambda z: z**3, np.arctan, lambda z: -np.exp(-9 * z)]
)
def test_a_strictly_increasing_transform_changes_nothing(transform):
    label, score = shaped("logits", dtype=np.float64)
    score = np.round(score, 4)  # far enough apart to stay distinct
    moved = transform(score)
    assert np.unique(moved).size == np.unique(score).size
    assert roc_auc(label, moved) == roc_auc(label, score)
    assert auc_histogram(label, moved).value == pytest.approx(roc_auc(label, score), abs=1e-6)


def test_minus_zero_and_zero_are_tied():
    score = np.tile(np.array([0.0, -0.0], np.float32), 100_000)
    label = np.arange(200_000) % 3 == 0
    assert auc_histogram(label, score).value == 0.5
    assert roc_auc(label, score) == 0.5


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int8, np.int64, np.float32, object])
def test_labels_of_any_type_are_read_alike(kind):
    label, score = shaped("ordinary", n=5_000)
    given_label = label.astype(int).astype(kind)
    assert roc_auc(given_label, score) == roc_auc(label, score)


@pytest.mark.parametrize("kind", [np.float16, ">f8", np.longdouble, object])
def test_scores_of_any_type_are_read_alike(kind):
    label, score = shaped("tied", n=5_000)
    score = score.astype(np.float16)
    assert roc_auc(label, score.astype(kind)) == roc_auc(label, score.astype(np.float64))


def test_strided_scores_are_read_as_they_lie():
    label, score = shaped("ordinary")
    wide = np.column_stack((score, -score))
    assert auc_histogram(label, wide[:, 0]) == auc_histogram(label, score)
    assert roc_auc(label[::-1], wide[::-1, 0]) == roc_auc(label, score)


@pytest.mark.parametrize("function", [roc_auc, auc_histogram, auc_delong])
@pytest.mark.parametrize(
    ("label", "score", "says"),
    [
        ([0, 1], [0.5], "2 labels and 1 scores"),
        ([0, 1, 1], [0.5, float("nan"), 0.2], r"not finite\n  where: run 0, row 1|not finite\n  where: row 1"),
        ([0, 1], [0.5, float("inf")], "not finite"),
        ([0, float("nan")], [0.5, 0.1], "label holds a value that is not finite"),
        ([0, 2], [0.1, 0.2], r"the label 2 is neither 0 nor 1\n  where: row 1"),
        ([0, -1], [0.1, 0.2], "the label -1 is neither"),
        ([], [], "empty"),
        (["a", "b"], [0.1, 0.2], "not a number"),
        ([[0, 1]], [0.1, 0.2], "label has 2 axes"),
        ([0, 1], [[0.1, 0.2], [0.3, 0.4]], "not one run"),
    ],
)
def test_arrays_that_make_no_auc_are_refused(function, label, score, says):
    with pytest.raises(BadSample, match=says):
        function(label, score)


@pytest.mark.parametrize(
    "settings", [{"level": 0.0}, {"level": 1.0}, {"level": 95}, {"tolerance": -1.0}, {"tolerance": float("nan")}]
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(BadSample, match=r"level|tolerance"):
        auc_histogram([0, 1], [0.1, 0.2], **settings)


def test_one_class_or_one_row_has_no_auc():
    for label in ([1, 1, 1], [0]):
        found = auc_histogram(label, np.arange(len(label)))
        assert found.value is None
        assert "one class" in found.undefined_because
        with pytest.raises(Undefined, match="one class"):
            roc_auc(label, np.arange(len(label)))


def test_few_rows_of_a_class_have_a_value_and_no_interval():
    found = auc_histogram([1] * 19 + [0] * 100, -np.arange(119.0))
    assert found.value == 1
    assert found.low is None
    assert "19 rows" in found.undefined_because


@pytest.mark.parametrize("score", [np.zeros(200_000), np.arange(200_000.0)])
def test_scores_that_never_or_always_tell_the_classes_apart_leave_no_variance(score):
    found = auc_histogram(np.arange(200_000) >= 100_000, score)
    assert found.value == (0.5 if not score.any() else 1)
    assert found.low is None
    assert "same placement" in found.undefined_because


def test_the_method_says_which_form_was_used():
    assert auc_histogram(*shaped("ordinary")).method.startswith("DeLong, Wald; histogram, AUC within ")
    assert auc_histogram(*shaped("tied", n=10_000)).method == "DeLong, Wald"
    assert auc_histogram(*shaped("ordinary"), tolerance=0).method == "DeLong, Wald"
