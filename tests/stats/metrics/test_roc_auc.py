import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.stats import METRICS, Undefined, auc_delong, clustered_standard_error, delong_covariance, delong_test

AUC = METRICS["roc_auc"]


@st.composite
def samples(draw, scores=1):
    n = draw(st.integers(2, 40))
    label = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n).filter(lambda y: 0 < sum(y) < len(y)))
    score = st.lists(st.integers(-20, 20), min_size=n, max_size=n)
    return np.array(label), *(np.array(draw(score)) for _ in range(scores))


def by_pairs(label, score):
    gaps = score[label == 1][:, None] - score[label == 0][None, :]
    return (gaps > 0).mean() + (gaps == 0).mean() / 2


@given(samples())
def test_auc_is_the_share_of_pairs_in_order_with_ties_half(sample):
    assert AUC.value(*sample) == pytest.approx(by_pairs(*sample), rel=1e-12)


@given(samples())
def test_swapped_labels_mirror_the_auc(sample):
    label, score = sample
    assert AUC.value(1 - label, score) == pytest.approx(1 - AUC.value(label, score))
    assert AUC.influence(1 - label, score) == pytest.approx(-AUC.influence(label, score))


@given(samples())
def test_a_strictly_increasing_transform_changes_nothing(sample):
    label, score = sample
    assert AUC.value(label, np.exp(score / 7) * 3 - 1) == AUC.value(label, score)


@settings(max_examples=50)
@given(samples(scores=2), st.randoms(use_true_random=False))
def test_the_variance_of_a_difference_is_the_sum_of_variances_less_twice_the_covariance(sample, random):
    label, first, second = sample
    cluster = [random.randrange(5) for _ in label] + [0, 1]
    label, first, second = (np.append(array, [0, 1]) for array in (label, first, second))

    a, b = AUC.influence(label, first), AUC.influence(label, second)
    sums = [[part[np.equal(cluster, g)].sum() for g in set(cluster)] for part in (a, b)]
    covariance = len(sums[0]) / (len(sums[0]) - 1) * np.dot(*sums)
    both = clustered_standard_error(a, cluster) ** 2 + clustered_standard_error(b, cluster) ** 2
    assert clustered_standard_error(a - b, cluster) ** 2 == pytest.approx(both - 2 * covariance, abs=1e-12)


def test_the_iid_influence_variance_approaches_delongs():
    rng = np.random.default_rng(3)
    label = rng.integers(0, 2, 4000)
    score = label + rng.normal(0, 1, 4000)
    by_influence = clustered_standard_error(AUC.influence(label, score))
    assert by_influence == pytest.approx(np.sqrt(delong_covariance(label, score)[0, 0]), rel=1e-3)


def test_the_test_and_the_covariance_agree():
    rng = np.random.default_rng(4)
    label = rng.integers(0, 2, 200)
    scores = label + rng.normal(0, 1, (2, 200))
    covariance = delong_covariance(label, scores)
    test = delong_test(label, *scores)
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert test.covariance == pytest.approx(covariance[0, 1])
    assert test.z == pytest.approx(test.difference.value / error)
    assert test.difference.high - test.difference.low == pytest.approx(2 * 1.959964 * error, rel=1e-6)


def test_equal_scores_show_no_difference_and_no_p():
    label = [0, 1] * 30
    score = np.sin(np.arange(60))
    test = delong_test(label, score, 2 * score)
    assert (test.z, test.p_value, test.difference.value) == (None, None, 0)
    assert "no variance" in test.difference.undefined_because


def test_one_class_has_no_auc_and_few_rows_no_interval():
    assert "one class" in auc_delong([1] * 50, np.arange(50)).undefined_because
    few = auc_delong([1] * 19 + [0] * 100, np.arange(119))
    assert few.value == 0
    assert few.low is None
    assert "19 rows" in few.undefined_because
    with pytest.raises(Undefined, match="one class"):
        AUC.value([1, 1], [0.2, 0.3])
    with pytest.raises(Undefined, match="single row"):
        delong_covariance([0, 1, 1], [0.1, 0.2, 0.3])
