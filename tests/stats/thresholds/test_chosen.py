import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score

from heldout.stats import BadSample, Undefined
from heldout.stats.thresholds import CRITERIA, best_threshold, threshold_optimism, value_at

ORACLES = {
    "accuracy": accuracy_score,
    "balanced_accuracy": balanced_accuracy_score,
    "f1": f1_score,
    "youden": lambda label, called: 2 * balanced_accuracy_score(label, called) - 1,
}


def world(seed, n=400, separation=1.0):
    rng = np.random.default_rng(seed)
    label = (rng.random(n) < 0.3).astype(float)
    return label, np.round(rng.normal(separation * label), 2)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_the_best_is_the_best_of_all_thresholds(criterion):
    label, score = world(0)
    best = best_threshold(label, score, criterion)
    values = {at: ORACLES[criterion](label, score >= at) for at in [*np.unique(score), 9.0]}
    assert best.value == pytest.approx(max(values.values()))
    assert values[best.threshold] == pytest.approx(best.value)
    assert best.above == max(at for at in values if at < best.threshold)
    assert value_at(label, score, best.threshold, criterion) == pytest.approx(best.value)
    assert value_at(label, score, 0.123, criterion) == pytest.approx(ORACLES[criterion](label, score >= 0.123))


def test_calling_no_row_positive_may_be_the_best():
    assert best_threshold([0, 0, 0, 1], [0.1, 0.2, 0.4, 0.3], "accuracy").value == 0.75
    best = best_threshold([0, 0, 1, 0], [0.1, 0.4, 0.2, 0.3], "accuracy")
    assert best.threshold is None
    assert best.above == 0.4


def test_the_optimism_is_what_new_rows_take_back():
    lost = []
    for seed in range(300):
        label, score = world(seed, 200)
        best = best_threshold(label, score, "youden")
        lost.append(best.value - value_at(*world(seed + 10_000, 2000), best.threshold, "youden"))
    told = np.mean([threshold_optimism(*world(seed, 200), "youden", repeats=2).value for seed in range(60)])
    assert told == pytest.approx(np.mean(lost), rel=0.3)
    assert told > 0.03


def test_many_rows_leave_little_optimism_and_fine_scores_are_put_together():
    rng = np.random.default_rng(0)
    label = (rng.random(100_000) < 0.3).astype(float)
    score = rng.normal(label)
    fine = threshold_optimism(label, score, "f1")
    assert abs(fine.value) < 0.003
    assert fine.n == 100_000
    assert fine == threshold_optimism(label, score, "f1")
    assert fine != threshold_optimism(label, score, "f1", seed=1)


def test_too_few_rows_of_a_class_have_no_optimism():
    assert "20 are needed" in threshold_optimism([0, 1, 1], [0.1, 0.2, 0.3]).undefined_because


def test_what_is_no_criterion_sample_or_number_of_folds_is_refused():
    with pytest.raises(BadSample, match="no criterion 'mcc'"):
        best_threshold([0, 1], [0, 1], "mcc")
    for more in ({"folds": 1}, {"repeats": 0}):
        with pytest.raises(BadSample, match=f"{next(iter(more))} is"):
            threshold_optimism([0, 1], [0, 1], **more)
    with pytest.raises(Undefined, match="one class"):
        best_threshold([1, 1], [0, 1])
