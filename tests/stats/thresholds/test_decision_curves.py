import numpy as np
import pytest

from heldout.stats import BadSample
from heldout.stats.thresholds import decision_curve, expected_cost, net_benefit


def world(seed, n=600):
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 21, n) / 20
    return (rng.random(n) < score).astype(float), score


@pytest.mark.parametrize("cluster", [None, np.repeat(np.arange(60), 10)])
def test_the_curve_holds_the_net_benefit_of_each_threshold(cluster):
    label, score = world(0)
    at = [0.05, 0.3, 0.5, 0.925]
    curve = decision_curve(label, score, at, cluster=cluster)
    for place, threshold in enumerate(at):
        one = net_benefit(label, score, threshold, cluster=cluster)
        assert curve.net_benefit[place] == pytest.approx(one.net_benefit.value)
        assert curve.low[place] == pytest.approx(one.net_benefit.low)
        assert curve.high[place] == pytest.approx(one.net_benefit.high)
        assert curve.treat_all[place] == pytest.approx(one.treat_all.value)


def test_net_benefit_is_true_positives_less_weighted_false_ones():
    label, score = world(1)
    at = net_benefit(label, score, 0.2)
    assert at.true_positives == label[score >= 0.2].sum()
    assert at.false_positives == (1 - label[score >= 0.2]).sum()
    assert at.net_benefit.value == pytest.approx((at.true_positives - 0.25 * at.false_positives) / 600)
    assert at.treat_all.value == pytest.approx(label.mean() - 0.25 * (1 - label.mean()))
    assert at.over_treat_all.value == pytest.approx(at.net_benefit.value - at.treat_all.value)
    assert at.standardized == pytest.approx(at.net_benefit.value / label.mean())
    assert at.interventions_avoided == pytest.approx(at.over_treat_all.value * 4)
    assert (at.treat_none, at.positives) == (0, label.sum())


def test_a_threshold_below_every_score_is_acting_on_all():
    label, score = world(2)
    at = net_benefit(label, np.clip(score, 0.1, 1), 0.05)
    assert at.net_benefit == at.treat_all
    assert "no row moves" in at.over_treat_all.undefined_because


def test_it_is_the_expected_cost_turned_round():
    label, score = world(3)
    benefit = net_benefit(label, score, 0.2).net_benefit.value
    cost = expected_cost(label, score, 0.2, c01=4, c10=1).value
    assert benefit == pytest.approx(label.mean() - cost / 4)


def test_the_paired_difference_covers_the_truth():
    big = net_benefit(*world(99, 400_000), 0.3).over_treat_all.value
    intervals = [net_benefit(*world(seed, 200), 0.3).over_treat_all for seed in range(300)]
    assert 0.91 < np.mean([one.low <= big <= one.high for one in intervals]) < 0.985


def test_labels_without_positives_have_a_benefit_and_no_standard():
    at = net_benefit([0, 0, 0], [0.1, 0.9, 0.2], 0.5)
    assert at.net_benefit.value == pytest.approx(-1 / 3)
    assert at.standardized is None


def test_one_row_has_a_curve_without_ends():
    curve = decision_curve([1], [0.7])
    assert curve.threshold.size == 99
    assert curve.low is None


@pytest.mark.parametrize("threshold", [0, 1, -0.1, 2])
def test_thresholds_that_are_no_probabilities_are_refused(threshold):
    with pytest.raises(BadSample, match="threshold"):
        net_benefit([0, 1], [0.1, 0.9], threshold)
    with pytest.raises(BadSample, match="threshold"):
        decision_curve([0, 1], [0.1, 0.9], [0.5, threshold])


def test_scores_that_are_no_probabilities_are_refused():
    with pytest.raises(BadSample, match="no probability"):
        decision_curve([0, 1], [0.1, 1.9])
