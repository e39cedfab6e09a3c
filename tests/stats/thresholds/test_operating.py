import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score, roc_curve

from heldout.stats import BadSample, Undefined
from heldout.stats.thresholds import (
    operating_point,
    threshold_at_false_positive_rate,
    threshold_at_precision,
    threshold_at_recall,
    youden_threshold,
)

TWO_CLASSES = st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=40).filter(
    lambda rows: len({y for _, y in rows}) == 2
)


def rows(drawn):
    return np.array([y for _, y in drawn], float), np.array([s for s, _ in drawn], float)


@given(TWO_CLASSES, st.integers(-6, 6))
def test_the_rates_are_those_of_scikit_learn(drawn, threshold):
    label, score = rows(drawn)
    point = operating_point(label, score, threshold)
    called = score >= threshold
    assert point.sensitivity.value == pytest.approx(recall_score(label, called))
    assert point.specificity.value == pytest.approx(recall_score(1 - label, ~called))
    if called.any():
        assert point.precision.value == pytest.approx(precision_score(label, called))
    else:
        assert point.precision.value is None
    assert point.true_positives + point.false_positives + point.true_negatives + point.false_negatives == label.size


@given(TWO_CLASSES.filter(lambda drawn: len({s for s, _ in drawn}) > 1))
def test_the_youden_threshold_is_the_best_midpoint(drawn):
    label, score = rows(drawn)
    best = youden_threshold(label, score)
    distinct = np.unique(score)
    middles = (distinct[1:] + distinct[:-1]) / 2
    values = [operating_point(label, score, middle).youden for middle in middles]
    assert best.youden == pytest.approx(max(values))
    assert [best.threshold, *best.ties] == pytest.approx(middles[np.array(values) >= max(values) - 1e-9])
    again = operating_point(label, score, best.threshold)
    assert (again.true_positives, again.false_positives) == (best.true_positives, best.false_positives)


@given(TWO_CLASSES.filter(lambda drawn: len({s for s, _ in drawn}) > 1))
def test_a_score_turned_round_has_its_threshold_turned_round(drawn):
    label, score = rows(drawn)
    plain, turned = youden_threshold(label, score), youden_threshold(label, -score, higher_is_positive=False)
    assert sorted([plain.threshold, *plain.ties]) == sorted(-at for at in [turned.threshold, *turned.ties])
    assert plain.youden == pytest.approx(turned.youden)
    again = operating_point(label, -score, turned.threshold, higher_is_positive=False)
    assert again.true_positives == turned.true_positives


def test_the_best_is_that_of_the_roc_curve_and_weights_move_it():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 300)
    score = rng.normal(label)
    fpr, tpr, _ = roc_curve(label, score)
    assert youden_threshold(label, score).youden == pytest.approx((tpr - fpr).max())
    corner = youden_threshold(label, score, method="closest_topleft")
    distance = (1 - corner.sensitivity.value) ** 2 + (1 - corner.specificity.value) ** 2
    assert distance == pytest.approx(((1 - tpr) ** 2 + fpr**2).min())
    rare = youden_threshold(label, score, prevalence=0.05)
    r = 0.95 / 0.05
    assert rare.sensitivity.value + r * rare.specificity.value == pytest.approx((tpr + r * (1 - fpr)).max())
    assert rare.threshold > youden_threshold(label, score).threshold
    assert youden_threshold(label, score, cost=20).threshold < youden_threshold(label, score).threshold


@given(TWO_CLASSES, st.sampled_from([0.2, 0.5, 0.75, 1.0]))
def test_a_threshold_for_a_wish_meets_it_and_no_further_one_does(drawn, wish):
    label, score = rows(drawn)
    everywhere = [operating_point(label, score, at) for at in np.unique(score)]
    precise = [point for point in everywhere if point.precision.value >= wish]
    if precise:
        assert threshold_at_precision(label, score, wish) == precise[0]
    else:
        with pytest.raises(Undefined, match="no threshold has a precision"):
            threshold_at_precision(label, score, wish)
    assert threshold_at_recall(label, score, wish) == [p for p in everywhere if p.sensitivity.value >= wish][-1]
    quiet = [point for point in everywhere if point.false_positives <= wish * (label == 0).sum() + 1e-9]
    if quiet:
        assert threshold_at_false_positive_rate(label, score, wish) == quiet[0]
    else:
        with pytest.raises(Undefined, match="no threshold has a false positive rate"):
            threshold_at_false_positive_rate(label, score, wish)


def test_one_class_or_a_constant_score_has_no_threshold():
    for function, more in ((youden_threshold, ()), (threshold_at_recall, (0.5,)), (threshold_at_precision, (0.5,))):
        with pytest.raises(Undefined, match="one class"):
            function([1, 1], [0.1, 0.2], *more)
    with pytest.raises(Undefined, match="same in every row"):
        youden_threshold([0, 1], [0.5, 0.5])
    with pytest.raises(Undefined, match="false positive rate of 0"):
        threshold_at_false_positive_rate([0, 1], [0.5, 0.5], 0.0)
    assert operating_point([1, 1], [0.1, 0.2], 0.15).specificity.value is None


@pytest.mark.parametrize("share", [0, 1.1, float("nan")])
def test_wishes_out_of_range_are_refused(share):
    for function in (threshold_at_precision, threshold_at_recall):
        with pytest.raises(BadSample, match=r"to ask for|is nan"):
            function([0, 1], [0.1, 0.2], share)
    with pytest.raises(BadSample, match=r"false positive rate|is nan"):
        threshold_at_false_positive_rate([0, 1], [0.1, 0.2], share - 2 if share == 0 else share)


@pytest.mark.parametrize("more", [{"method": "roc01"}, {"cost": 0}, {"prevalence": 1}, {"prevalence": float("nan")}])
def test_rules_that_do_not_exist_are_refused(more):
    with pytest.raises(BadSample):
        youden_threshold([0, 1], [0.1, 0.2], **more)


def test_a_threshold_that_is_no_number_is_refused():
    with pytest.raises(BadSample, match="not finite"):
        operating_point([0, 1], [0.1, 0.2], float("nan"))
